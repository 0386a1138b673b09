import BecameIcon from '@mui/icons-material/ArrowForwardOutlined';
import CopyIcon from '@mui/icons-material/ContentCopyOutlined';
import DoneIcon from '@mui/icons-material/Check';
import { Box, IconButton, Tooltip } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router';
import type { AuditLine } from '../server/answers.ts';
import { auditAddress, changesOf, pageOfObject } from './audit-filter.ts';
import { useAuditWords } from './audit-words.ts';

const linkStyle = {
  color: 'text.primary',
  textDecorationColor: 'transparent',
  '&:hover, &:focus-visible': { textDecorationColor: 'inherit' },
} as const;

/** Who did it; a person's name leads to all that the audit knows of him. */
export function Who({ line }: { line: AuditLine }) {
  const translate = useTranslate();
  const { who } = useAuditWords();
  if (!line.actor)
    return (
      <Box component="span" sx={{ color: 'text.secondary' }}>
        {who(line)}
      </Box>
    );
  return (
    <>
      <PersonLink id={line.actor.id} name={who(line)} />
      <Box component="span" sx={{ color: 'text.secondary', fontSize: 12 }}>
        {' '}
        · {translate(`kontor.audit.side.${line.actorKind}`)}
      </Box>
    </>
  );
}

/** To whom it was done: nobody, oneself, or somebody else. */
export function Whom({ line: { actor, whom } }: { line: AuditLine }) {
  const translate = useTranslate();
  if (!whom) return null;
  if (whom.id === actor?.id)
    return (
      <Box component="span" sx={{ color: 'text.secondary' }}>
        {translate('kontor.audit.self')}
      </Box>
    );
  return <PersonLink id={whom.id} name={whom.name || whom.id} />;
}

function PersonLink({ id, name }: { id: string; name: string }) {
  const translate = useTranslate();
  return (
    <Box
      component={Link}
      to={auditAddress({ person: id })}
      title={`${translate('kontor.audit.allOfPerson')}: ${name} (${id})`}
      sx={linkStyle}
    >
      {name}
    </Box>
  );
}

/** What was done; the action's own name on hover. */
export function What({ line }: { line: AuditLine }) {
  const { action } = useAuditWords();
  return <span title={line.action}>{action(line.action)}</span>;
}

/** What it was done to: a ticket or an account leads to its page, anything else to all about it. */
export function Thing({ line }: { line: AuditLine }) {
  const translate = useTranslate();
  const { object } = useAuditWords();
  // That a person was the thing is told by the columns of people.
  if (isPersonOf(line)) return null;
  const page = pageOfObject(line.object);
  return (
    <Box
      component={Link}
      to={page ?? auditAddress({ object: line.object })}
      title={page === undefined ? `${translate('kontor.audit.allOfObject')}: ${line.object}` : line.object}
      sx={page === undefined ? linkStyle : { color: 'primary.main' }}
    >
      {object(line.object)}
    </Box>
  );
}

function isPersonOf({ object, actor, whom }: AuditLine): boolean {
  return [actor, whom].some((person) => person && object === `user:${person.id}`);
}

/** What changed, in words; everything the line holds on hover. */
export function Changes({ line }: { line: AuditLine }) {
  const translate = useTranslate();
  const { changes } = useAuditWords();
  const whole = changesOf(line);
  return (
    <span title={whole.map(({ field, before, after }) => `${field}: ${before ?? '—'} → ${after ?? '—'}`).join('\n')}>
      {changes(whole).map(({ field, before, after }, at) => (
        <span key={field}>
          {at > 0 && ', '}
          {field}: {before !== undefined && (after === undefined ? translate('kontor.audit.gone', { value: before }) : before)}
          {before !== undefined && after !== undefined && (
            <BecameIcon
              titleAccess={translate('kontor.audit.became')}
              sx={{ fontSize: 14, mx: 0.5, verticalAlign: '-2px', color: 'text.secondary' }}
            />
          )}
          {after}
        </span>
      ))}
    </span>
  );
}

/** Copies the id by which a request is found in the server's log. */
export function CopyRequestId({ id }: { id: string }) {
  const translate = useTranslate();
  const [copied, setCopied] = useState(false);
  const copy = () =>
    void navigator.clipboard.writeText(id).then(
      () => setCopied(true),
      () => {},
    );
  const label = translate('kontor.audit.copyRequest', { id });
  return (
    <Tooltip title={copied ? translate('kontor.copied') : label}>
      <IconButton size="small" aria-label={label} onClick={copy}>
        {copied ? <DoneIcon sx={{ fontSize: 16 }} /> : <CopyIcon sx={{ fontSize: 16 }} />}
      </IconButton>
    </Tooltip>
  );
}
