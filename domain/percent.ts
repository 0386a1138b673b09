/** Percentages as hundredths of a percent, integers: 2000 is 20 %. */

/**
 * Reads a percentage as somebody types it: `20`, `7,5`, `12.25 %`.
 * @returns hundredths of a percent, from 0 to 10 000; undefined when it is no such percentage
 */
export function readPercentBp(text: string): number | undefined {
  const found = /^(\d{1,3})(?:[.,](\d{1,2}))?$/.exec(text.replaceAll(/[\s%]/g, ''));
  if (!found) return undefined;
  const bp = Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0'));
  return bp <= 10_000 ? bp : undefined;
}

/** Spells it as people here write it, with a comma and without idle noughts: `7,5 %`. The space does not break. */
export function spellPercentBp(bp: number): string {
  const [whole, part] = [
    Math.trunc(bp / 100),
    String(bp % 100)
      .padStart(2, '0')
      .replace(/0+$/, ''),
  ];
  return `${whole}${part === '' ? '' : `,${part}`}\u00a0%`;
}
