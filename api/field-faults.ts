import type { z } from '@hono/zod-openapi';
import type { Locale } from '../domain/locale.ts';
import type { FieldFault } from './errors.ts';

type Issue = z.core.$ZodIssue;

/**
 * Says what is wrong with each field, in the caller's language, without repeating what he sent.
 * @param sent what was checked: an issue does not tell a field that is missing from one of the wrong type
 */
export function fieldFaults(issues: readonly Issue[], sent: unknown, locale: Locale): FieldFault[] {
  return issues.slice(0, 20).flatMap((issue) => {
    const place = issue.path.map(String).join('.');
    if (issue.code === 'unrecognized_keys')
      return issue.keys.slice(0, 20).map((key) => fault(place ? `${place}.${key}` : key, 'unknown_field', locale));
    if (issue.code === 'custom')
      return [fault(place, String(issue.params?.['fault'] ?? 'invalid'), locale, issue.params?.['maxCharacters'])];
    if (issue.path.length && valueAt(sent, issue.path) === undefined) return [fault(place, 'missing', locale)];
    return [fault(place, codeOf(issue), locale, boundOf(issue))];
  });
}

function valueAt(sent: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | null | undefined)?.[key], sent);
}

function codeOf(issue: Issue): string {
  if (issue.code === 'too_big') return 'too_long';
  if (issue.code === 'too_small') return 'too_short';
  if (issue.code === 'invalid_type') return 'wrong_type';
  return 'invalid';
}

/** The bound that a value passed, so that the caller need not look it up. */
function boundOf(issue: Issue): unknown {
  if (issue.code === 'too_big') return issue.maximum;
  return issue.code === 'too_small' ? issue.minimum : undefined;
}

/** One fault of one field, for rules that a schema cannot say. */
export function faultOf(field: string, code: string, locale: Locale, bound?: number): FieldFault {
  return fault(field, code, locale, bound);
}

function fault(field: string, code: string, locale: Locale, bound?: unknown): FieldFault {
  const message = (words[code] ?? words['invalid']!)[locale];
  const limit = (code === 'too_long' || code === 'too_short') && typeof bound === 'number' ? ` ${limits[code][locale]} ${bound}.` : '';
  return { field: field.slice(0, 100), code, message: `${message}${limit}` };
}

const limits = {
  too_long: { en: 'At most', ru: 'Не больше' },
  too_short: { en: 'At least', ru: 'Не меньше' },
} as const;

const words: Readonly<Record<string, Readonly<Record<Locale, string>>>> = {
  missing: { en: 'This field is required.', ru: 'Это поле обязательно.' },
  unknown_field: { en: 'There is no such field.', ru: 'Такого поля нет.' },
  wrong_type: { en: 'This value has the wrong type.', ru: 'Значение неверного типа.' },
  invalid: { en: 'This value is not one of those allowed here.', ru: 'Такое значение здесь недопустимо.' },
  empty: { en: 'Please write something.', ru: 'Напишите что-нибудь.' },
  too_long: { en: 'This is too long or too large.', ru: 'Значение слишком длинное или большое.' },
  too_short: { en: 'This is too short or too small.', ru: 'Значение слишком короткое или маленькое.' },
  control_character: { en: 'Control characters are not allowed.', ru: 'Управляющие символы недопустимы.' },
  direction_override: {
    en: 'Characters that turn the direction of text are not allowed.',
    ru: 'Символы, меняющие направление текста, недопустимы.',
  },
  not_unicode: { en: 'This is not well-formed Unicode.', ru: 'Это некорректный Юникод.' },
  comma: { en: 'A comma parts one tag from the next.', ru: 'Запятая отделяет одну метку от другой.' },
  user_or_address: { en: 'Give a user, or an address with a name.', ru: 'Укажите пользователя либо адрес с именем.' },
  not_an_address: { en: 'This is not an address that we can write to.', ru: 'На такой адрес мы не можем написать.' },
  not_a_server: {
    en: 'A server’s name or IP address, without user, password, port or path.',
    ru: 'Имя или IP-адрес сервера, без пользователя, пароля, порта и пути.',
  },
  secret_not_needed: {
    en: 'With access through the panel no secret is needed.',
    ru: 'При доступе через панель секрет не нужен.',
  },
  not_a_ticket_number: { en: 'A ticket’s number looks like CS-000123.', ru: 'Номер запроса выглядит так: CS-000123.' },
};
