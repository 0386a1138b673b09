import { useTheme } from '@mui/material/styles';

/** The mark: a K in a square of the accent colour. */
export function KontorMark({ size = 22 }: { size?: number }) {
  const { palette } = useTheme();
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill={palette.primary.main} />
      <path
        d="M10 8v16M22 8l-9.5 8L22 24"
        fill="none"
        stroke={palette.primary.contrastText}
        strokeWidth="3.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
