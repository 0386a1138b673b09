import CannedIcon from '@mui/icons-material/QuickreplyOutlined';
import { Box, IconButton, Tooltip } from '@mui/material';
import type { KeyboardEvent, ReactNode, RefObject } from 'react';
import { useTranslate } from 'react-admin';
import { maxBodyCharacters } from '../../../domain/written-text.ts';
import type { StaffTicketPage } from '../../server/answers.ts';
import { useMay } from '../../time/reader.ts';
import type { ComposerTab } from '../drafts.ts';
import { applyFormat, formatByKey } from './field-edit.ts';
import { FormatBar } from './FormatBar.tsx';
import { SlashMenu } from './SlashMenu.tsx';
import { useSlash } from './use-slash.ts';

/** Where the words are typed, with what helps to type them: formatting, canned replies, and whatever else stands in its row. */
export function Field({
  ticket,
  tab,
  field,
  body,
  hidden,
  busy,
  tools,
  onText,
  onCanned,
}: {
  ticket: StaffTicketPage;
  tab: ComposerTab;
  field: RefObject<HTMLTextAreaElement | null>;
  body: string;
  hidden: boolean;
  busy: boolean;
  tools: ReactNode;
  onText: (body: string) => void;
  /** A canned reply was put in. */
  onCanned: (id: string) => void;
}) {
  const translate = useTranslate();
  const may = useMay();
  const slash = useSlash(ticket, field, onCanned);
  const { choice } = slash;
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const done = !busy && (slash.onKeyDown(event) || formatByKey(event));
    if (!done) return;
    event.preventDefault();
    // Escape that closed the list must not leave the field as well.
    event.stopPropagation();
  };
  return (
    <>
      <Box sx={{ position: 'absolute', top: 4, right: 0, display: 'flex' }}>
        {may('canned_reply.read') && <CannedButton disabled={hidden || busy} onPressed={slash.begin} />}
        {tools}
        <FormatBar disabled={hidden || busy} onFormat={(format) => field.current && applyFormat(field.current, format)} />
      </Box>
      <Box
        component="textarea"
        ref={field}
        hidden={hidden}
        value={body}
        readOnly={busy}
        maxLength={maxBodyCharacters * 2}
        aria-label={translate(`kontor.composer.${tab}`)}
        aria-controls={choice?.id}
        aria-activedescendant={choice && choice.current >= 0 ? `${choice.id}-${choice.current}` : undefined}
        placeholder={translate(`kontor.composer.${tab}Placeholder`, { name: ticket.openedBy.name })}
        onChange={(event) => {
          onText(event.currentTarget.value);
          slash.look();
        }}
        onSelect={slash.look}
        onBlur={slash.look}
        onKeyDown={onKeyDown}
        sx={fieldStyle(tab)}
      />
      {choice && !hidden && <SlashMenu choice={choice} field={field} />}
    </>
  );
}

function CannedButton({ disabled, onPressed }: { disabled: boolean; onPressed: () => void }) {
  const translate = useTranslate();
  return (
    <Tooltip title={translate('kontor.ticketPage.canned.insert')}>
      <span>
        <IconButton
          size="small"
          aria-label={translate('kontor.ticketPage.canned.label')}
          disabled={disabled}
          onClick={onPressed}
          sx={{ width: 30, height: 30, color: 'text.secondary' }}
        >
          <CannedIcon fontSize="small" />
        </IconButton>
      </span>
    </Tooltip>
  );
}

export const fieldStyle = (tab: ComposerTab) =>
  ({
    font: 'inherit',
    lineHeight: 1.5,
    width: '100%',
    minHeight: { xs: 60, md: 84 },
    maxHeight: { xs: '30dvh', md: '38dvh' },
    fieldSizing: 'content',
    resize: 'vertical',
    boxSizing: 'border-box',
    p: 1.25,
    color: 'text.primary',
    bgcolor: 'background.paper',
    border: 1,
    borderColor: tab === 'note' ? 'note.edge' : 'divider',
    borderRadius: 1,
    '&:focus-visible': { outline: '2px solid', outlineColor: tab === 'note' ? 'note.edge' : 'primary.main', outlineOffset: -1 },
    '&::placeholder': { color: 'text.secondary', opacity: 1 },
    '&[hidden]': { display: 'none' },
  }) as const;
