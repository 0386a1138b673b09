import { Box } from '@mui/material';
import { alpha, useTheme } from '@mui/material/styles';
import { useId } from 'react';
import { useNumberWords } from './number-words.ts';
import { labelledColumns, ticksUpTo } from './scale.ts';

/** What a part of a column stands for: the usual, more of the same kind, what went wrong, or what is merely there. */
export type Tone = 'calm' | 'soft' | 'grave' | 'quiet';

export interface PlotColumn {
  readonly key: string;
  /** Below it, where there is room. */
  readonly tick: string;
  /** What it says on hover. */
  readonly title: string;
  /** From below upwards. */
  readonly parts: readonly { readonly tone: Tone; readonly value: number }[];
}

interface Plot {
  /** What it shows, for who cannot see it; the same is told by a table. */
  readonly label: string;
  readonly columns: readonly PlotColumn[];
  /** How many words fit below. */
  readonly ticks: number;
  readonly height?: number;
  /** Behind so many columns a line is drawn across. */
  readonly lineAfter?: number;
  /** Where a column leads; with a mouse only, as the table has links. */
  readonly onChoose?: (key: string) => void;
}

const scaleWidth = 44;
const tickHeight = 20;

// The element that HTML has for a picture cannot hold one that is drawn here.
const picture = { role: 'img' } as const;

/** Columns that stand side by side, each of several parts: an SVG of our own, as wide as its place. */
export function Columns({ label, columns, ticks, height = 150, lineAfter, onChoose }: Plot) {
  const theme = useTheme();
  const { count } = useNumberWords();
  const stripes = useId();
  const lines = ticksUpTo(Math.max(0, ...columns.map(({ parts }) => parts.reduce((sum, { value }) => sum + value, 0))));
  const y = (value: number) => height - (value / lines.at(-1)!) * (height - 6);
  const width = 100 / Math.max(1, columns.length);
  const labelled = labelledColumns(columns.length, ticks);
  const { primary, text } = theme.palette;
  const fills = { calm: primary.main, soft: alpha(primary.main, 0.5), grave: `url(#${stripes})`, quiet: text.disabled };
  const across = `${(lineAfter ?? 0) * width}%`;
  return (
    <Box sx={{ display: 'grid', gridTemplateColumns: `${scaleWidth}px minmax(0, 1fr)`, fontSize: 11, color: 'text.secondary' }}>
      <Box aria-hidden sx={{ position: 'relative', height: height + tickHeight }}>
        {lines.map((line) => (
          <Box key={line} component="span" sx={{ position: 'absolute', right: 8, top: y(line) - 8, lineHeight: '16px' }}>
            {count(line)}
          </Box>
        ))}
      </Box>
      <svg {...picture} aria-label={label} width="100%" height={height + tickHeight} style={{ overflow: 'visible' }}>
        <defs>
          {/* What went wrong is striped: it is told apart without its colour too. */}
          <pattern id={stripes} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width="6" height="6" fill={theme.palette.error.main} />
            <rect width="2" height="6" fill={theme.palette.background.default} fillOpacity={0.35} />
          </pattern>
        </defs>
        {lines.map((line) => (
          <line key={line} x1="0" x2="100%" y1={y(line)} y2={y(line)} stroke={theme.palette.divider} />
        ))}
        {columns.map((column, at) => (
          <g key={column.key} onClick={onChoose && (() => onChoose(column.key))} style={onChoose && { cursor: 'pointer' }}>
            <title>{column.title}</title>
            <rect x={`${at * width}%`} width={`${width}%`} y="0" height={height} fill="transparent" />
            <OneColumn parts={column.parts} x={at * width} width={width} y={y} fills={fills} />
            {labelled.has(at) && (
              <text x={`${(at + 0.5) * width}%`} y={height + 14} textAnchor="middle" fill="currentColor">
                {column.tick}
              </text>
            )}
          </g>
        ))}
        {lineAfter !== undefined && (
          <line x1={across} x2={across} y1="0" y2={height} stroke={theme.palette.text.secondary} strokeDasharray="4 3" />
        )}
      </svg>
    </Box>
  );
}

interface ColumnPlace extends Pick<PlotColumn, 'parts'> {
  /** Per cent of the plot's width. */
  readonly x: number;
  readonly width: number;
  readonly y: (value: number) => number;
  readonly fills: Readonly<Record<Tone, string>>;
}

function OneColumn({ parts, x, width, y, fills }: ColumnPlace) {
  return partsOf(parts).map(({ tone, from, to }) => (
    <rect
      key={tone}
      x={`${x + 0.14 * width}%`}
      width={`${width * 0.72}%`}
      y={y(to)}
      // However few, they are seen.
      height={to > from ? Math.max(1.5, y(from) - y(to)) : 0}
      fill={fills[tone]}
    />
  ));
}

function partsOf(parts: PlotColumn['parts']): { tone: Tone; from: number; to: number }[] {
  let from = 0;
  return parts.map(({ tone, value }) => {
    const part = { tone, from, to: from + value };
    from = part.to;
    return part;
  });
}
