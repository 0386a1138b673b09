import type { RaThemeOptions } from 'react-admin';

/** What the desk's own parts need beyond a palette. */
declare module '@mui/material/styles' {
  interface Palette {
    /** An internal note: a paper of its own, so that it is never taken for an answer. */
    note: { paper: string; edge: string; text: string };
    /** Quiet surfaces: the page behind panels, a row under the cursor, code. */
    surface: { page: string; hover: string; code: string; staff: string };
  }
  interface PaletteOptions {
    note?: Palette['note'];
    surface?: Palette['surface'];
  }
}

/** The system's own letters: nothing is fetched, and Cyrillic looks as it does everywhere else on the machine. */
const letters = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Open Sans", "Helvetica Neue", Arial, sans-serif';
export const fixedLetters = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace';

function theme(palette: NonNullable<RaThemeOptions['palette']> & { primary: { main: string }; divider: string }): RaThemeOptions {
  const focus = { outline: `2px solid ${palette.primary.main}`, outlineOffset: 2 };
  return {
    palette,
    shape: { borderRadius: 6 },
    typography: {
      fontFamily: letters,
      fontSize: 14,
      body1: { fontSize: 14, lineHeight: 1.5 },
      body2: { fontSize: 13, lineHeight: 1.45 },
      caption: { fontSize: 12, lineHeight: 1.4 },
      h1: { fontSize: 18, fontWeight: 650, lineHeight: 1.3, letterSpacing: '-0.005em' },
      h2: { fontSize: 13, fontWeight: 650, lineHeight: 1.4 },
      button: { textTransform: 'none', fontWeight: 550, fontSize: 13 },
    },
    components: {
      MuiCssBaseline: {
        styleOverrides: {
          'html, body, #root': { height: '100%' },
          body: { fontVariantNumeric: 'tabular-nums', WebkitFontSmoothing: 'antialiased' },
          'a:focus-visible, button:focus-visible, [tabindex="0"]:focus-visible, summary:focus-visible': focus,
          '@media (prefers-reduced-motion: reduce)': {
            '*': { animationDuration: '0.01ms !important', transitionDuration: '0.01ms !important' },
          },
        },
      },
      MuiButtonBase: { defaultProps: { disableRipple: true }, styleOverrides: { root: { '&.Mui-focusVisible': focus } } },
      MuiButton: {
        defaultProps: { disableElevation: true, size: 'small' },
        styleOverrides: { root: { minHeight: 30, paddingInline: 12, whiteSpace: 'nowrap' }, sizeSmall: { fontSize: 13 } },
      },
      MuiIconButton: { styleOverrides: { root: { borderRadius: 6 } } },
      MuiPaper: { defaultProps: { elevation: 0 }, styleOverrides: { root: { backgroundImage: 'none' } } },
      MuiPopover: { styleOverrides: { paper: { border: `1px solid ${palette.divider}`, boxShadow: '0 6px 24px rgb(0 0 0 / 0.14)' } } },
      MuiDialog: {
        styleOverrides: { paper: { border: `1px solid ${palette.divider}`, boxShadow: '0 12px 48px rgb(0 0 0 / 0.24)', borderRadius: 10 } },
      },
      MuiDialogTitle: { styleOverrides: { root: { fontSize: 16, fontWeight: 650, paddingBottom: 8 } } },
      MuiMenuItem: { styleOverrides: { root: { fontSize: 13, minHeight: 34 } } },
      MuiTooltip: { defaultProps: { enterDelay: 400, disableInteractive: true }, styleOverrides: { tooltip: { fontSize: 12 } } },
      MuiOutlinedInput: { styleOverrides: { root: { fontSize: 14 }, input: { '&:focus-visible': { outline: 'none' } } } },
    },
  };
}

export const lightTheme = theme({
  mode: 'light',
  primary: { main: '#3451b2', contrastText: '#ffffff' },
  secondary: { main: '#3451b2' },
  error: { main: '#b3261e' },
  warning: { main: '#8a5300' },
  success: { main: '#2e6b3f' },
  text: { primary: '#1b1d22', secondary: '#5a606b' },
  divider: '#e3e5e9',
  background: { default: '#ffffff', paper: '#ffffff' },
  note: { paper: '#fdf5d8', edge: '#b98d1e', text: '#6b4e00' },
  surface: { page: '#f6f7f9', hover: '#f1f3f8', code: 'rgb(27 40 90 / 0.06)', staff: '#f3f5fc' },
});

export const darkTheme = theme({
  mode: 'dark',
  primary: { main: '#9db2ff', contrastText: '#10131c' },
  secondary: { main: '#9db2ff' },
  error: { main: '#ff9d94' },
  warning: { main: '#f0bd6a' },
  success: { main: '#93d3a5' },
  text: { primary: '#e6e8ee', secondary: '#a3a9b6' },
  divider: '#2c303a',
  background: { default: '#15171c', paper: '#1a1d23' },
  note: { paper: '#332b14', edge: '#c9a54a', text: '#f0d48c' },
  surface: { page: '#111317', hover: '#20242d', code: 'rgb(220 230 255 / 0.08)', staff: '#1d2230' },
});
