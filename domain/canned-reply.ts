/**
 * Canned replies (SPEC T13): texts that staff write once and insert often, with variables in double braces. The list of
 * variables is closed, so that a mistyped one is found when the text is saved and not by a customer.
 */
export const cannedReplyVariables = [
  'customer.name',
  'account.name',
  'ticket.number',
  'ticket.subject',
  'ticket.queue',
  'agent.name',
] as const;
export type CannedReplyVariable = (typeof cannedReplyVariables)[number];

export const maxCannedReplyCharacters = 20_000;
export const maxShortcutCharacters = 30;

const braces = /\{\{([^{}]*)\}\}/g;

/** The first variable of the text that there is not, as it was written; undefined when all are known. */
export function unknownVariable(body: string): string | undefined {
  for (const [, written = ''] of body.matchAll(braces)) if (!isVariable(written.trim())) return written.trim();
  return undefined;
}

/** The text with what the variables stand for, each value escaped so that Markdown shows it as it is. */
export function renderCannedReply(body: string, values: Readonly<Record<CannedReplyVariable, string>>): string {
  return body.replaceAll(braces, (whole, written: string) => {
    const name = written.trim();
    return isVariable(name) ? escapeMarkdown(values[name]) : whole;
  });
}

function isVariable(name: string): name is CannedReplyVariable {
  return (cannedReplyVariables as readonly string[]).includes(name);
}

/**
 * Escapes what Markdown would take for more than letters: emphasis, code, links, HTML, a list or a heading where the value
 * begins a line, and the dots and colons of what would become a link by itself. Names as most people have them stay as they
 * are.
 */
export function escapeMarkdown(value: string): string {
  return value
    .replaceAll(/[\r\n]+/g, ' ')
    .replaceAll(/[\\`*_[\]<>~|&]/g, String.raw`\$&`)
    .replaceAll(/[.:@](?=\S)/g, String.raw`\$&`)
    .replace(/^(\s*)([#+=-])/, String.raw`$1\$2`)
    .replace(/^(\s*\d+)([.)])/, String.raw`$1\$2`);
}
