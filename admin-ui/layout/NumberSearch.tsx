import SearchIcon from '@mui/icons-material/Search';
import { Box, InputBase, Popper } from '@mui/material';
import { useRef, useState, type FormEvent } from 'react';
import { useTranslate } from 'react-admin';
import { useNavigate } from 'react-router';
import { readTicketNumber, spellTicketNumber } from '../../domain/ids.ts';
import { useFailureWords } from '../failures/FailureText.tsx';
import { Key } from '../keys/KeysHelp.tsx';
import { useKeys } from '../keys/keys.ts';
import { useKontor } from '../server/use-kontor.ts';

/** Takes a ticket's number as people say it and goes straight to the ticket (SPEC T2). */
export function NumberSearch() {
  const translate = useTranslate();
  const find = useFindByNumber();
  const field = useRef<HTMLInputElement>(null);
  const [box, setBox] = useState<HTMLFormElement | null>(null);
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  useKeys([{ keys: '/', does: 'search', run: () => field.current?.select() }]);
  const search = async (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() === '') return;
    const found = await find(text.trim());
    setProblem(found);
    if (found !== undefined) return;
    setText('');
    field.current?.blur();
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
            maxLength: 40,
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

/** Goes to the ticket with this number, or says what is wrong with it. */
function useFindByNumber(): (text: string) => Promise<string | undefined> {
  const translate = useTranslate();
  const dataProvider = useKontor();
  const failureWords = useFailureWords();
  const navigate = useNavigate();
  return async (text) => {
    const number = readTicketNumber(text);
    if (number === undefined) return translate('kontor.search.notANumber', { text });
    try {
      const found = await dataProvider.findTicketByNumber(String(number));
      if (!found) return translate('kontor.search.none', { number: spellTicketNumber(number) });
      void navigate(`/tickets/${found.number}/show`);
      return undefined;
    } catch (error) {
      return failureWords(error);
    }
  };
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
