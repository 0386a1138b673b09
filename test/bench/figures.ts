/** How figures are summed up and shown. */

/** The value below which this share of the samples lies (nearest rank). */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN;
}

export function median(samples: readonly number[]): number {
  return quantile(samples, 0.5);
}

/** The median of the blocks, with the least and the greatest of them: `1.62 (1.58–1.71)`. */
export function withSpread(blocks: readonly number[], digits: number): string {
  return `${median(blocks).toFixed(digits)} (${Math.min(...blocks).toFixed(digits)}–${Math.max(...blocks).toFixed(digits)})`;
}

/** One line of a result table. `met` is left out where the line only explains. */
export interface Line {
  readonly goal: string;
  readonly what: string;
  readonly floor: string;
  readonly ours: string;
  readonly ratio: string;
  readonly wanted: string;
  readonly met?: boolean;
}

export interface Result {
  readonly id: string;
  readonly title: string;
  readonly lines: readonly Line[];
  /** How it was measured, with what error. */
  readonly method: readonly string[];
  /** Tables of detail, in Markdown. */
  readonly raw: readonly string[];
}

const headings = ['goal', 'what', 'floor', 'ours', 'ratio', 'wanted', 'verdict'];

export function tableOf(lines: readonly Line[]): string {
  return markdownTable(
    headings,
    lines.map((line) => [
      line.goal,
      line.what,
      line.floor,
      line.ours,
      line.ratio,
      line.wanted,
      line.met === undefined ? '' : line.met ? '**met**' : '**missed**',
    ]),
  );
}

export function markdownTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heads.map((head, column) => Math.max(3, head.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const spell = (row: readonly string[]) => `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |`;
  return [spell(heads), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(spell)].join('\n');
}
