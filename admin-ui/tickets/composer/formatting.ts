/** What the formatting keys do to a text in Markdown. Pure: a text with its selection in, one replacement out. */

export interface Selected {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** Replaces what lies between `from` and `to`, and selects `select` afterwards (places in the new text). */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
  readonly select: readonly [from: number, to: number];
}

export const formats = ['bold', 'italic', 'link', 'bullets', 'numbers', 'quote', 'code'] as const;
export type Format = (typeof formats)[number];

export function formatted(format: Format, selected: Selected): Edit {
  switch (format) {
    case 'bold':
      return wrapped(selected, '**');
    case 'italic':
      return wrapped(selected, '_');
    case 'link':
      return linked(selected);
    case 'bullets':
      return marked(selected, /^\s*[-*+] /, () => '- ');
    case 'numbers':
      return marked(selected, /^\s*\d+[.)] /, (at) => `${at + 1}. `);
    case 'quote':
      return marked(selected, /^> ?/, () => '> ');
    case 'code':
      return chosen(selected).includes('\n') ? fenced(selected) : wrapped(selected, '`');
  }
}

function chosen({ text, from, to }: Selected): string {
  return text.slice(from, to);
}

/** Sets a mark around what is selected, or takes it away where it stands already. */
function wrapped(selected: Selected, mark: string): Edit {
  const { text, from, to } = selected;
  const inner = chosen(selected);
  const length = mark.length;
  if (text.slice(from - length, from) === mark && text.slice(to, to + length) === mark)
    return { from: from - length, to: to + length, insert: inner, select: [from - length, to - length] };
  if (inner.length >= 2 * length && inner.startsWith(mark) && inner.endsWith(mark))
    return { from, to, insert: inner.slice(length, -length), select: [from, to - 2 * length] };
  return { from, to, insert: mark + inner + mark, select: [from + length, to + length] };
}

/** An address becomes a link without a name yet, a name one without an address: what is missing is selected. */
function linked(selected: Selected): Edit {
  const { from, to } = selected;
  const inner = chosen(selected);
  if (/^(https?:\/\/|mailto:)\S+$/i.test(inner)) return { from, to, insert: `[](${inner})`, select: [from + 1, from + 1] };
  const address = 'https://';
  const begins = from + inner.length + 3;
  return { from, to, insert: `[${inner}](${address})`, select: [begins, begins + address.length] };
}

/** Begins every line of the selection with a mark, or takes it from all when all have it. */
function marked({ text, from, to }: Selected, has: RegExp, mark: (at: number) => string): Edit {
  const begins = text.lastIndexOf('\n', from - 1) + 1;
  const found = text.indexOf('\n', Math.max(from, to - 1));
  const ends = found < 0 ? text.length : found;
  const lines = text.slice(begins, ends).split('\n');
  const all = lines.every((line) => has.test(line));
  const insert = lines.map((line, at) => (all ? line.replace(has, '') : mark(at) + line)).join('\n');
  const caret = begins + insert.length;
  return { from: begins, to: ends, insert, select: from === to ? [caret, caret] : [begins, caret] };
}

function fenced(selected: Selected): Edit {
  const { text, from, to } = selected;
  const before = from === 0 || text[from - 1] === '\n' ? '' : '\n';
  const insert = `${before}\`\`\`\n${chosen(selected)}\n\`\`\``;
  const begins = from + before.length + 4;
  return { from, to, insert, select: [begins, begins + to - from] };
}

/**
 * What the Enter key does at the end of a line of a list or a quotation: the next line begins alike; on an empty one the
 * list ends. Nothing elsewhere.
 */
export function continued({ text, from, to }: Selected): Edit | undefined {
  if (from !== to) return undefined;
  const begins = text.lastIndexOf('\n', from - 1) + 1;
  const line = text.slice(begins, from);
  const [, mark = '', number] = /^((?:\s*(?:[-*+]|(\d{1,6})[.)])|>) )/.exec(line) ?? [];
  if (mark === '') return undefined;
  if (line === mark) return { from: begins, to, insert: '', select: [begins, begins] };
  const next = `\n${number === undefined ? mark : mark.replace(number, String(Number(number) + 1))}`;
  return { from, to, insert: next, select: [from + next.length, from + next.length] };
}
