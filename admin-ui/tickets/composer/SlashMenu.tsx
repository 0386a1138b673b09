import { Box, Popper } from '@mui/material';
import { useEffect, useRef, type RefObject } from 'react';
import { useLocaleState, useTranslate } from 'react-admin';
import type { CannedReply } from '../../server/answers.ts';
import { fixedLetters } from '../../theme/theme.ts';
import type { SlashChoice } from './use-slash.ts';

// A list beside a field that keeps the focus: the elements that HTML has for lists of choices take it away.
const listbox = { role: 'listbox' } as const;
const option = { role: 'option' } as const;

/** The canned replies that fit what is typed behind the stroke; arrows and Enter choose, as the field keeps the focus. */
export function SlashMenu({
  choice: { id, found, current, choose },
  field,
}: {
  choice: SlashChoice;
  field: RefObject<HTMLTextAreaElement | null>;
}) {
  const translate = useTranslate();
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    list.current?.children[current]?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  return (
    <Popper open anchorEl={() => field.current!} placement="top-start" sx={{ zIndex: 'modal' }}>
      <Box sx={paperStyle}>
        <Box component="ul" ref={list} id={id} {...listbox} aria-label={translate('kontor.ticketPage.canned.label')} sx={listStyle}>
          {found.map((reply, place) => (
            <Box
              component="li"
              key={reply.id}
              id={`${id}-${place}`}
              {...option}
              aria-selected={place === current}
              // The field keeps the focus.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => choose(reply)}
              sx={{ ...optionStyle, ...(place === current ? { bgcolor: 'action.selected' } : {}) }}
            >
              <ReplyLine reply={reply} />
            </Box>
          ))}
        </Box>
        {found.length === 0 && <Box sx={{ p: 1, fontSize: 13, color: 'text.secondary' }}>{translate('kontor.ticketPage.canned.none')}</Box>}
      </Box>
    </Popper>
  );
}

function ReplyLine({ reply: { title, body, shortcut } }: { reply: CannedReply }) {
  const [locale] = useLocaleState();
  const inLanguage = (texts: CannedReply['title']) => texts[locale === 'ru' ? 'ru' : 'en'] ?? texts.en;
  return (
    <>
      <Box sx={{ display: 'flex', gap: 1, alignItems: 'baseline' }}>
        <Box component="span" sx={{ fontWeight: 600, mr: 'auto' }}>
          {inLanguage(title)}
        </Box>
        {shortcut !== null && (
          <Box component="span" sx={{ fontFamily: fixedLetters, fontSize: 12, color: 'text.secondary' }}>
            /{shortcut}
          </Box>
        )}
      </Box>
      <Box sx={{ color: 'text.secondary', fontSize: 12, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>
        {inLanguage(body)}
      </Box>
    </>
  );
}

const paperStyle = {
  width: 'min(460px, calc(100vw - 32px))',
  mb: 0.5,
  bgcolor: 'background.paper',
  border: 1,
  borderColor: 'divider',
  borderRadius: 1,
  boxShadow: '0 6px 24px rgb(0 0 0 / 0.14)',
} as const;
const listStyle = { listStyle: 'none', m: 0, p: 0.5, maxHeight: '40dvh', overflowY: 'auto' } as const;
const optionStyle = { px: 1, py: 0.75, minHeight: { xs: 44, md: 36 }, borderRadius: 0.75, fontSize: 13, cursor: 'pointer' } as const;
