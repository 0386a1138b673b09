import MenuIcon from '@mui/icons-material/Menu';
import { Box, Drawer, IconButton, useMediaQuery } from '@mui/material';
import { useTheme } from '@mui/material/styles';
import { useQueryClient } from '@tanstack/react-query';
import { Suspense, useEffect, useState, type ReactNode } from 'react';
import { useGetIdentity, useLocaleState, useStore, useTranslate } from 'react-admin';
import { Link, useLocation } from 'react-router';
import type { Reader } from '../auth-provider.ts';
import { MissingYearNotice } from '../calendars/index.ts';
import { BrokenPageBoundary } from '../failures/BrokenPageBoundary.tsx';
import { ReachabilityBanner } from '../failures/ReachabilityBanner.tsx';
import { CommandMenu } from '../keys/CommandMenu.tsx';
import { KeysHelp } from '../keys/KeysHelp.tsx';
import { useKeys } from '../keys/keys.ts';
import { usePlaceKeys } from '../keys/places.ts';
import { useLivePages } from '../live/use-live.ts';
import { NotificationBell } from '../notifications/NotificationBell.tsx';
import { StepUpDialog } from '../security/StepUpDialog.tsx';
import { ThemeSwitch } from '../theme/ThemeSwitch.tsx';
import { ReaderContext, useMay } from '../time/reader.ts';
import { DeskMenu } from './DeskMenu.tsx';
import { KontorMark } from './KontorMark.tsx';
import { LanguageSwitch } from './LanguageSwitch.tsx';
import { PersonMenu } from './PersonMenu.tsx';
import { SlowWait } from './SlowWait.tsx';
import { TicketSearch } from './TicketSearch.tsx';
import { useKontor } from '../server/use-kontor.ts';

const menuWidth = 216;

/** The frame around every page: top bar, menu, and the page itself, which scrolls by its own. */
export function Layout({ children }: { children: ReactNode }) {
  const { data: reader } = useGetIdentity();
  if (!reader) return null;
  return (
    <ReaderContext.Provider value={reader as Reader}>
      <Frame>{children}</Frame>
    </ReaderContext.Provider>
  );
}

function Frame({ children }: { children: ReactNode }) {
  const translate = useTranslate();
  const theme = useTheme();
  const wide = useMediaQuery(theme.breakpoints.up('md'), { noSsr: true });
  const [drawer, setDrawer] = useState(false);
  const [help, setHelp] = useState(false);
  const { pathname } = useLocation();
  const may = useMay();
  useOwnLanguage();
  useLivePages();
  usePlaceKeys();
  useKeys([{ keys: '?', does: 'help', run: () => setHelp(true) }]);
  const menu = <DeskMenu onChosen={() => setDrawer(false)} onKeys={() => setHelp(true)} />;
  return (
    <Box
      sx={{
        height: '100dvh',
        display: 'grid',
        gridTemplateRows: 'auto auto minmax(0, 1fr)',
        gridTemplateColumns: wide ? `${menuWidth}px minmax(0, 1fr)` : 'minmax(0, 1fr)',
        bgcolor: 'background.default',
        color: 'text.primary',
      }}
    >
      <Box component="a" href="#content" sx={skipStyle}>
        {translate('kontor.skip')}
      </Box>
      <TopBar wide={wide} onMenu={() => setDrawer(true)} />
      <Box sx={{ gridColumn: '1 / -1' }}>
        <ReachabilityBanner />
        {/* Where the day and the desk begin, for those who can do something about it. */}
        {(pathname === '/' || pathname === '/tickets') && may('calendar.manage') && <MissingYearNotice />}
      </Box>
      {wide ? (
        <Box sx={{ borderRight: 1, borderColor: 'divider', bgcolor: 'surface.page', minHeight: 0 }}>{menu}</Box>
      ) : (
        <Drawer open={drawer} onClose={() => setDrawer(false)} slotProps={{ paper: { sx: { width: 264, bgcolor: 'surface.page' } } }}>
          {menu}
        </Drawer>
      )}
      <Box
        component="main"
        id="content"
        tabIndex={-1}
        sx={{ minHeight: 0, minWidth: 0, overflow: 'auto', outline: 'none !important', position: 'relative' }}
      >
        <BrokenPageBoundary key={pathname}>
          <Suspense fallback={<SlowWait />}>{children}</Suspense>
        </BrokenPageBoundary>
      </Box>
      <CommandMenu />
      <KeysHelp open={help} onClose={() => setHelp(false)} />
      <StepUpDialog />
    </Box>
  );
}

/** Search, language, theme and who is signed in; on a narrow screen the menu's button as well. */
function TopBar({ wide, onMenu }: { wide: boolean; onMenu: () => void }) {
  const translate = useTranslate();
  return (
    <Box
      component="header"
      sx={{
        gridColumn: '1 / -1',
        display: 'flex',
        alignItems: 'center',
        gap: { xs: 0.75, md: 1.5 },
        height: 52,
        px: { xs: 1, md: 2 },
        borderBottom: 1,
        borderColor: 'divider',
        color: 'text.secondary',
      }}
    >
      {wide ? (
        <Box
          component={Link}
          to="/"
          aria-label={translate('kontor.name')}
          sx={{
            display: 'flex',
            alignItems: 'center',
            gap: 1,
            width: menuWidth - 32,
            color: 'text.primary',
            fontWeight: 650,
            fontSize: 15,
            textDecoration: 'none',
          }}
        >
          <KontorMark /> {translate('kontor.name')}
        </Box>
      ) : (
        <IconButton color="inherit" aria-label={translate('kontor.menu.open')} onClick={onMenu}>
          <MenuIcon />
        </IconButton>
      )}
      <TicketSearch />
      <Box sx={{ flex: { xs: 0, md: 1 } }} />
      <OwnLanguageSwitch />
      <ThemeSwitch />
      <NotificationBell />
      <PersonMenu />
    </Box>
  );
}

/** The account's language, until the reader chooses another one in this browser. */
function useOwnLanguage(): void {
  const { data: reader } = useGetIdentity();
  const [stored] = useStore<string | undefined>('locale');
  const [, setLocale] = useLocaleState();
  const own = (reader as Reader | undefined)?.locale;
  useEffect(() => {
    if (stored === undefined && own !== undefined) setLocale(own);
  }, [stored, own, setLocale]);
}

/** Changes the account's language too; answers in the former language are asked for anew. */
function OwnLanguageSwitch() {
  const dataProvider = useKontor();
  const queries = useQueryClient();
  return (
    <LanguageSwitch
      onChosen={(locale) => {
        void queries.invalidateQueries();
        // The page speaks the language already; the account follows when it can.
        void dataProvider.changeMe({ locale }).catch(() => {});
      }}
    />
  );
}

const skipStyle = {
  position: 'absolute',
  left: 8,
  top: -60,
  zIndex: 'tooltip',
  px: 2,
  py: 1,
  bgcolor: 'background.paper',
  color: 'text.primary',
  border: 1,
  borderRadius: 1,
  '&:focus': { top: 8 },
} as const;
