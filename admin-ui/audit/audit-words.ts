import { useTranslate } from 'react-admin';
import type { AuditLine } from '../server/answers.ts';
import { useNow } from '../time/now.ts';
import { useReaderTime } from '../time/reader.ts';
import { spellMoment } from '../time/spell-time.ts';
import { partsOfObject, type AuditChange } from './audit-filter.ts';

/** Ids among what changed: exact, and of no use to somebody who reads; they are told on hover and in the export. */
const quietFields: ReadonlySet<string> = new Set(['messageId']);

/** The audit's names in words; what has no word yet keeps its own name, as an auditor must miss nothing. */
export function useAuditWords() {
  const translate = useTranslate();
  const now = useNow();
  const reader = useReaderTime();
  const word = (key: string, own: string) => translate(`kontor.audit.${key}`, { _: own });
  const value = (field: string, text: string | null | undefined): string => {
    if (text === null || text === undefined || text === '') return translate('kontor.audit.none');
    if (field === 'role') return translate(`kontor.person.roles.${text}`, { _: translate(`kontor.roles.customer.${text}`, { _: text }) });
    if (field === 'status') return translate(`kontor.status.${text}`, { _: text });
    if (field === 'state') return translate(`kontor.changes.states.${text}`, { _: text });
    if (field === 'kind') return translate(`kontor.changes.kind.${text}`, { _: text });
    if (field === 'secondFactor' || field === 'method') return word(`factor.${text}`, text);
    return /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(text) ? spellMoment(new Date(text), now, reader) : text;
  };
  const fieldName = (field: string) => word(`field.${field}`, field);
  return {
    action: (action: string) => word(`action.${action}`, action),
    subject: (subject: string) => translate(`kontor.subject.${subject}`, { _: subject }),
    /** `ticket:CS-000123` as people say it: the ticket's number, or what kind of thing it is. */
    object: (object: string): string => {
      const { kind, name } = partsOfObject(object);
      if (kind === 'ticket') return name;
      const thing = word(`thing.${kind}`, kind);
      if (kind === 'factor') return `${thing}: ${word(`factor.${name}`, name)}`;
      if (kind === 'consent' || kind === 'consent_text')
        return `${thing}: ${translate(`kontor.consentTexts.purpose.${name}`, { _: name })}`;
      return thing;
    },
    who: ({ actorKind, actor }: AuditLine): string => {
      if (actorKind === 'time') return translate('kontor.audit.byTime');
      return actor ? actor.name || actor.id : translate('kontor.audit.nobody');
    },
    /** "role: Support → Billing"; what was only there before is told as what it was. */
    change: ({ field, before, after }: AuditChange): string => {
      const spelled =
        before === undefined
          ? value(field, after)
          : after === undefined
            ? translate('kontor.audit.was', { value: value(field, before) })
            : `${value(field, before)} → ${value(field, after)}`;
      return `${fieldName(field)}: ${spelled}`;
    },
    isQuiet: ({ field }: AuditChange) => quietFields.has(field),
  };
}
