import { Box, Dialog, InputBase } from '@mui/material';
import { useEffect, useId, useRef, useState, type KeyboardEvent as ReactKeyboardEvent } from 'react';
import { useTranslate } from 'react-admin';
import { useNavigate } from 'react-router';
import { readTicketNumber, spellTicketNumber } from '../../domain/ids.ts';
import { Key } from './KeysHelp.tsx';
import { useListedKeys, wordOf } from './keys.ts';

/** Everything that can be done here and now, found by typing: what has a key, and what has none (Ctrl+K). */
export function CommandMenu() {
  const translate = useTranslate();
  const [open, setOpen] = useState(false);
  const chosen = useRef<() => void>(undefined);
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      // In a text that is being written the same keys make a link, and whoever handles them says so.
      if (event.defaultPrevented || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.code !== 'KeyK') return;
      event.preventDefault();
      if (document.querySelector('[role="dialog"]') === null) setOpen(true);
    };
    window.addEventListener('keydown', hear);
    return () => window.removeEventListener('keydown', hear);
  }, []);
  return (
    <Dialog
      open={open}
      onClose={() => setOpen(false)}
      fullWidth
      maxWidth="sm"
      slotProps={{
        paper: { 'aria-label': translate('kontor.ticketPage.commands.label'), sx: { alignSelf: 'flex-start', mt: { xs: 2, md: 10 } } },
        transition: {
          // What was chosen may move the focus or ask something: it begins when this is gone.
          onExited: () => {
            chosen.current?.();
            chosen.current = undefined;
          },
        },
      }}
    >
      <Commands
        onChosen={(run) => {
          chosen.current = run;
          setOpen(false);
        }}
      />
    </Dialog>
  );
}

interface Command {
  readonly id: string;
  readonly words: string;
  readonly keys?: string | undefined;
  readonly run: () => void;
}

/** What is not worth a line: it is done by its key alone. */
const unlisted: ReadonlySet<string> = new Set(['down', 'up', 'downRow', 'upRow', 'undo']);

function useCommands(typed: string): Command[] {
  const translate = useTranslate();
  const navigate = useNavigate();
  const bindings = useListedKeys();
  const listed = new Map<string, Command>();
  for (const { keys, does, run } of bindings)
    if (!unlisted.has(does)) listed.set(does, { id: does, words: translate(wordOf(does)), keys, run });
  const sought = typed.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const found = [...listed.values()]
    .filter(({ words }) => sought.every((part) => words.toLowerCase().includes(part)))
    .toSorted((one, other) => Number(leadsAway(one)) - Number(leadsAway(other)));
  const number = readTicketNumber(typed.trim());
  if (number === undefined) return found;
  const spelled = spellTicketNumber(number);
  const go = { id: 'ticket', words: translate('kontor.ticketPage.commands.toTicket', { number: spelled }) };
  return [{ ...go, run: () => void navigate(`/tickets/${spelled}/show`) }, ...found];
}

/** What is of this page comes before what is everywhere. */
function leadsAway({ id }: Command): boolean {
  return id === 'search' || id === 'help' || id.startsWith('go');
}

function Commands({ onChosen }: { onChosen: (run: () => void) => void }) {
  const translate = useTranslate();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const id = useId();
  const commands = useCommands(typed);
  const current = Math.min(at, commands.length - 1);
  const onKeyDown = (event: ReactKeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && commands.length > 0) {
      event.preventDefault();
      setAt((current + step + commands.length) % commands.length);
    } else if (event.key === 'Enter' && commands[current]) {
      event.preventDefault();
      onChosen(commands[current].run);
    }
  };
  const label = translate('kontor.ticketPage.commands.label');
  return (
    <>
      <InputBase
        autoFocus
        fullWidth
        value={typed}
        placeholder={translate('kontor.ticketPage.commands.placeholder')}
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
        inputProps={{
          role: 'combobox',
          'aria-label': label,
          'aria-expanded': true,
          'aria-controls': id,
          'aria-activedescendant': commands[current] && `${id}-${current}`,
          autoComplete: 'off',
          maxLength: 60,
        }}
        sx={{ px: 2, height: 48, fontSize: 15, borderBottom: 1, borderColor: 'divider' }}
      />
      <Options id={id} label={label} commands={commands} current={current} onCurrent={setAt} onChosen={({ run }) => onChosen(run)} />
      <Box component="output" sx={{ display: 'block', px: 2, pb: commands.length === 0 ? 2 : 0, color: 'text.secondary', fontSize: 13 }}>
        {commands.length === 0 && translate('kontor.ticketPage.commands.none')}
      </Box>
    </>
  );
}

// A list beside a field that keeps the focus: the elements that HTML has for lists of choices take it away.
const listbox = { role: 'listbox' } as const;
const option = { role: 'option' } as const;

function Options({
  id,
  label,
  commands,
  current,
  onCurrent,
  onChosen,
}: {
  id: string;
  label: string;
  commands: readonly Command[];
  current: number;
  onCurrent: (place: number) => void;
  onChosen: (command: Command) => void;
}) {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    list.current?.children[current]?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  return (
    <Box component="ul" ref={list} id={id} {...listbox} aria-label={label} sx={listStyle}>
      {commands.map((command, place) => (
        <Box
          component="li"
          key={command.id}
          id={`${id}-${place}`}
          {...option}
          aria-selected={place === current}
          onMouseMove={() => onCurrent(place)}
          onClick={() => onChosen(command)}
          sx={{ ...optionStyle, ...(place === current ? { bgcolor: 'action.selected' } : {}) }}
        >
          <Box component="span" sx={{ mr: 'auto' }}>
            {command.words}
          </Box>
          {command.keys?.split(' ').map((key, part) => (
            <Key key={key + String(part)}>{key}</Key>
          ))}
        </Box>
      ))}
    </Box>
  );
}

const listStyle = { listStyle: 'none', m: 0, p: 0.75, maxHeight: '50dvh', overflowY: 'auto' } as const;

const optionStyle = {
  display: 'flex',
  alignItems: 'center',
  gap: 0.5,
  minHeight: { xs: 44, md: 36 },
  px: 1.25,
  borderRadius: 1,
  fontSize: 14,
  cursor: 'pointer',
} as const;
