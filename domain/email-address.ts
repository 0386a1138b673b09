/**
 * Which addresses Kontor writes to, and when two are the same (SPEC I1; security.md, mail). One mailbox, written once:
 * no display name, no comment, no list, no quoted local part, nothing by which one field could reach a second mailbox.
 *
 * Letter case does not tell two addresses apart. The local part is ASCII: look-alikes from other alphabets (а for a)
 * would make two people look like one. A domain may be written in any alphabet; it is kept in its ASCII form, in which
 * look-alikes differ.
 */
const localPart = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const label = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;

/** RFC 5321, 4.5.3.1: 64 octets before the sign, 254 in all so that the path fits. */
export const maxEmailCharacters = 254;

/**
 * The address as it is kept and compared.
 * @returns undefined when Kontor cannot write to it
 */
export function readEmailAddress(text: string): string | undefined {
  const trimmed = text.trim();
  const sign = trimmed.lastIndexOf('@');
  if (sign < 1 || trimmed.length > maxEmailCharacters) return undefined;
  const local = trimmed.slice(0, sign).toLowerCase();
  const domain = asciiDomain(trimmed.slice(sign + 1));
  if (!domain || local.length > 64 || !localPart.test(local)) return undefined;
  const address = `${local}@${domain}`;
  return address.length <= maxEmailCharacters ? address : undefined;
}

function asciiDomain(text: string): string | undefined {
  // The address of a web page turns a host into ASCII by the same rules (UTS 46) as mail does; what would be more than a host is refused first.
  if (!/^[\p{L}\p{M}\p{N}.-]{3,255}$/u.test(text) || /^[\d.]+$/.test(text)) return undefined;
  let host: string;
  try {
    host = new URL(`http://${text}`).hostname;
  } catch {
    return undefined;
  }
  const labels = host.split('.');
  const topLevel = labels.at(-1) ?? '';
  return labels.length >= 2 && labels.every((part) => label.test(part)) && !/^\d+$/.test(topLevel) ? host : undefined;
}
