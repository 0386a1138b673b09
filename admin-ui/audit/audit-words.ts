import { useTranslate } from 'react-admin';
import type { Locale } from '../../domain/locale.ts';
import { readTarget } from '../../domain/service-level.ts';
import { targetInWords } from '../../domain/service-words.ts';
import { useQueues } from '../queues/queues.ts';
import type { AuditLine } from '../server/answers.ts';
import { useCalendarNames, usePlans } from '../service-levels/service-level-reads.ts';
import { useNow } from '../time/now.ts';
import { useReaderTime } from '../time/reader.ts';
import { spellMoment } from '../time/spell-time.ts';
import { partsOfObject, type AuditChange } from './audit-filter.ts';

/** What changed, in words: `before` and `after` are left out where the line does not know them. */
export interface ChangeInWords {
  readonly field: string;
  readonly before?: string;
  readonly after?: string;
}

/** Ids among what changed: exact, and of no use to somebody who reads; they are told on hover and in the export. */
const quietFields: ReadonlySet<string> = new Set([
  'messageId',
  'job',
  'quote',
  'access',
  'view',
  'outsideAddress',
  'problem',
  'answer',
  'item',
  'terms',
  'payment',
  'about',
]);

/** The audit's names in words; what has no word yet keeps its own name, as an auditor must miss nothing. */
export function useAuditWords() {
  const translate = useTranslate();
  const value = useValueWords();
  const word = (key: string, own: string) => translate(`kontor.audit.${key}`, { _: own });
  return {
    action: (action: string) => word(`action.${action}`, action),
    subject: (subject: string) => translate(`kontor.subject.${subject}`, { _: subject }),
    /** `ticket:CS-000123` as people say it: the ticket's number, or what kind of thing it is. */
    object: (object: string): string => {
      const { kind, name } = partsOfObject(object);
      if (kind === 'ticket') return name;
      const thing = word(`thing.${kind}`, kind);
      if (kind === 'factor') return `${thing}: ${word(`value.factor.${name}`, name)}`;
      if (kind === 'consent' || kind === 'consent_text')
        return `${thing}: ${translate(`kontor.consentTexts.purpose.${name}`, { _: name })}`;
      return thing;
    },
    who: ({ actorKind, actor }: AuditLine): string => {
      if (actorKind === 'time') return translate('kontor.audit.byTime');
      return actor ? actor.name || actor.id : translate('kontor.audit.nobody');
    },
    /** The changes that a reader has use for. */
    changes: (changes: readonly AuditChange[]): ChangeInWords[] =>
      changes
        .filter(({ field, before, after }) => !quietFields.has(field) && ((before ?? null) !== null || (after ?? null) !== null))
        .map(({ field, before, after }) => ({
          field: word(`field.${field}`, field),
          ...(before === undefined ? {} : { before: value(field, before) }),
          ...(after === undefined ? {} : { after: value(field, after) }),
        })),
  };
}

/** The words for what a field held. */
function useValueWords(): (field: string, text: string | null) => string {
  const translate = useTranslate();
  const now = useNow();
  const reader = useReaderTime();
  const queues = useQueues();
  const [plans, calendars] = [usePlans().data ?? [], useCalendarNames()];
  return (field, text) => {
    const word = (key: string) => translate(`kontor.${key}.${text}`, { _: text ?? '' });
    if (text === null || text === '') return translate('kontor.audit.none');
    switch (field) {
      case 'role':
        return translate(`kontor.person.roles.${text}`, { _: word('roles.customer') });
      case 'status':
        return translate(`kontor.status.${text}`, { _: word('problems.state') });
      case 'state':
        return translate(`kontor.changes.states.${text}`, { _: word('paidWork.quotes.states') });
      case 'kind':
        return translate(`kontor.changes.kind.${text}`, {
          _: translate(`kontor.problems.kind.${text}`, {
            _: translate(`kontor.timing.jobs.kind.${text}`, { _: word('servicePlans.agreements.kind') }),
          }),
        });
      case 'severity':
        return word('severity.state');
      case 'stance':
        return word('scope.stance');
      case 'endedBy':
        return word('paidWork.access.endings');
      case 'priority':
        return word('priority');
      case 'shifts':
      case 'waits':
      case 'honourShortDays':
      case 'withdrawn':
      case 'acceptsNew':
      case 'reopenAfterManualClose':
        return word('audit.value.yesNo');
      case 'clock':
        return word('clocks.what');
      case 'target':
      case 'response':
      case 'criticalFix':
        return targetWords(text, reader.locale);
      case 'slaPlan':
        return plans.find(({ id }) => id === text)?.name ?? text;
      case 'calendar':
        return calendars.find(({ id }) => id === text)?.name ?? text;
      case 'category':
        return queues.find(({ category }) => category === text)?.name ?? text;
      case 'secondFactor':
      case 'method':
        return word('audit.value.factor');
      case 'device':
      case 'way':
      case 'purpose':
      case 'administrators':
        return word(`audit.value.${field}`);
      case 'changed':
        return text
          .split(' ')
          .map((name) => translate(`kontor.audit.field.${name}`, { _: name }))
          .join(', ');
      default:
        return /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(text) ? spellMoment(new Date(text), now, reader) : text;
    }
  };
}

function targetWords(text: string, locale: Locale): string {
  const target = readTarget(text);
  return target ? targetInWords(target, locale) : text;
}
