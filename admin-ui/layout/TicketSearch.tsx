import SearchIcon from '@mui/icons-material/Search';
import { Box, InputBase, Popper } from '@mui/material';
import { useRef, useState, type FormEvent } from 'react';
import { useTranslate } from 'react-admin';
import { useLocation, useNavigate } from 'react-router';
import { readTicketNumber, spellTicketNumber } from '../../domain/ids.ts';
import { useFailureWords } from '../failures/FailureText.tsx';
import { Key } from '../keys/KeysHelp.tsx';
import { useKeys } from '../keys/keys.ts';
import { useKontor } from '../server/use-kontor.ts';
import { searchAddress, searchTextOf } from '../tickets/desk-views.ts';

/** Finds tickets by their words, and takes a number as people say it straight to its ticket (SPEC T2, T10). */
export function TicketSearch() {
  const translate = useTranslate();
  const find = useFind();
  const field = useRef<HTMLInputElement>(null);
  const [box, setBox] = useState<HTMLFormElement | null>(null);
  const asked = useSearchText();
  const [text, setText] = useState(asked);
  // The field says what the page below it shows: the words of a search, nothing elsewhere.
  const [shown, setShown] = useState(asked);
  if (shown !== asked) {
    setShown(asked);
    setText(asked);
  }
  const [problem, setProblem] = useState<string>();
  useKeys([{ keys: '/', does: 'search', run: () => field.current?.select() }]);
  const search = async (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() === '') return;
    const problem = await find(text.trim());
    setProblem(problem);
    if (problem === undefined) field.current?.blur();
  };
  return (
    <Box component="search" sx={{ flex: 1, maxWidth: 420, minWidth: 0 }}>
      <Box component="form" ref={setBox} onSubmit={(event) => void search(event)} sx={boxStyle(problem !== undefined)}>
        <SearchIcon fontSize="small" sx={{ color: 'text.secondary' }} />
        <InputBase
          inputRef={field}
          value={text}
          fullWidth
          placeholder={translate('kontor.search.placeholder')}
          inputProps={{
            'aria-label': translate('kontor.search.label'),
            'aria-invalid': problem !== undefined,
            'aria-describedby': 'search-problem',
            maxLength: 200,
            autoComplete: 'off',
            enterKeyHint: 'search',
          }}
          sx={{ fontSize: 14, '& input::placeholder': { color: 'text.secondary', opacity: 1 } }}
          onChange={(event) => {
            setText(event.target.value);
            setProblem(undefined);
          }}
          onKeyDown={(event) => event.key === 'Escape' && field.current?.blur()}
          onBlur={() => setProblem(undefined)}
        />
        <Box sx={{ display: { xs: 'none', md: 'block' } }} aria-hidden="true">
          <Key>/</Key>
        </Box>
      </Box>
      <Popper open={problem !== undefined} anchorEl={box} placement="bottom-start" sx={{ zIndex: 'tooltip' }}>
        <Box id="search-problem" role="alert" sx={problemStyle}>
          {problem}
        </Box>
      </Popper>
    </Box>
  );
}

/** Goes to the ticket with this number, or to what is found by these words; says so where there is no such ticket. */
function useFind(): (text: string) => Promise<string | undefined> {
  const translate = useTranslate();
  const dataProvider = useKontor();
  const failureWords = useFailureWords();
  const navigate = useNavigate();
  return async (text) => {
    const number = readTicketNumber(text);
    try {
      const named = number === undefined ? undefined : await dataProvider.findTicketByNumber(String(number));
      // Digits may stand in a message as well, as the number of an error or an order.
      if (number !== undefined && !named && !/^\d+$/.test(text))
        return translate('kontor.search.none', { number: spellTicketNumber(number) });
      void navigate(named ? `/tickets/${named.number}/show` : searchAddress(text));
      return undefined;
    } catch (error) {
      return failureWords(error);
    }
  };
}

/** The words of the search that the page shows. */
function useSearchText(): string {
  const { pathname, search } = useLocation();
  if (pathname !== '/tickets') return '';
  try {
    return searchTextOf(JSON.parse(new URLSearchParams(search).get('filter') ?? '{}') as Record<string, unknown>) ?? '';
  } catch {
    return '';
  }
}

const boxStyle = (wrong: boolean) => ({
  display: 'flex',
  alignItems: 'center',
  gap: 0.75,
  height: 34,
  px: 1,
  border: 1,
  borderColor: wrong ? 'error.main' : 'divider',
  borderRadius: 1,
  bgcolor: 'surface.page',
  '&:focus-within': { borderColor: 'primary.main', outline: '1px solid', outlineColor: 'primary.main' },
});

const problemStyle = {
  mt: 0.5,
  px: 1.5,
  py: 1,
  maxWidth: 420,
  fontSize: 13,
  bgcolor: 'background.paper',
  color: 'text.primary',
  border: 1,
  borderColor: 'error.main',
  borderRadius: 1,
  overflowWrap: 'anywhere',
} as const;
