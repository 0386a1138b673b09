/** How problems and wishes look in answers (SPEC T20). Customers see nothing of who else has them. */
import { z } from '@hono/zod-openapi';
import { jobStates } from '../../domain/job.ts';
import { inLocale, type Locale } from '../../domain/locale.ts';
import { problemKinds, problemStatuses, type ProblemKind, type ProblemStatus } from '../../domain/problem.ts';
import type { ProblemAnswerView } from '../../db/repositories/problem-answers.ts';
import type { Problem, ProblemView } from '../../db/repositories/problems.ts';
import { localised } from '../localised-text.ts';
import { idOf, instant, personSchema } from '../schemas.ts';

const problemFields = {
  id: idOf('problem'),
  kind: z.enum(problemKinds),
  status: z.enum(problemStatuses),
  fixedIn: z.string().nullable().openapi({ description: 'The version in which it is fixed.', example: '6.13' }),
  updatedAt: instant,
};

/** In the reader's language. */
export const customerProblemSchema = z
  .object({
    ...problemFields,
    statusText: z.string().openapi({ example: 'Fixed in version 6.13' }),
    title: z.string(),
    text: z.string().openapi({ description: 'Markdown' }),
  })
  .openapi('Problem');

export function presentCustomerProblem(problem: Problem, locale: Locale): z.infer<typeof customerProblemSchema> {
  const { id, kind, status, fixedIn, updatedAt, title, text } = problem;
  const told = { title: inLocale(title, locale), text: inLocale(text, locale), statusText: statusWords(problem)[locale] };
  return { id, kind, status, fixedIn, updatedAt: updatedAt.toISOString(), ...told };
}

/** In every language, with what staff call it. */
export const staffProblemSchema = z
  .object({
    ...problemFields,
    internalTitle: z.string(),
    title: localised,
    text: localised,
    revision: z.int(),
    createdAt: instant,
  })
  .openapi('StaffProblem');

export const countedProblemSchema = staffProblemSchema
  .extend({ tickets: z.object({ total: z.int(), archived: z.int() }).openapi({ description: 'How many tickets are linked to it.' }) })
  .openapi('CountedProblem');

export function presentStaffProblem(problem: Problem): z.infer<typeof staffProblemSchema> {
  const { id, kind, status, fixedIn, internalTitle, title, text, revision, createdAt, updatedAt } = problem;
  return {
    id,
    kind,
    status,
    fixedIn,
    internalTitle,
    title,
    text,
    revision,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

export function presentCountedProblem(problem: ProblemView): z.infer<typeof countedProblemSchema> {
  return { ...presentStaffProblem(problem), tickets: problem.tickets };
}

export const problemAnswerSchema = z
  .object({
    id: idOf('problemAnswer'),
    job: z.string().openapi({ description: 'The long work that carries it out: GET /jobs/{id}.' }),
    text: localised,
    nextStepBy: z.enum(['customer', 'staff']),
    status: z.enum(problemStatuses),
    fixedIn: z.string().nullable(),
    givenBy: personSchema,
    givenAt: instant,
    state: z.enum(jobStates),
    total: z.int(),
    done: z.int().openapi({ description: 'Tickets that have it.' }),
    skipped: z.int().openapi({ description: 'Tickets that were unlinked, or merged into one that has it.' }),
  })
  .openapi('ProblemAnswer');

export function presentProblemAnswer({ jobId, givenAt, ...answer }: ProblemAnswerView): z.infer<typeof problemAnswerSchema> {
  return { ...answer, job: jobId, givenAt: givenAt.toISOString() };
}

function statusWords({ kind, status, fixedIn }: Pick<Problem, 'kind' | 'status' | 'fixedIn'>): Readonly<Record<Locale, string>> {
  const words = wording[kind][status];
  return { en: words.en.replace('{version}', () => fixedIn ?? ''), ru: words.ru.replace('{version}', () => fixedIn ?? '') };
}

const wording: Readonly<Record<ProblemKind, Readonly<Record<ProblemStatus, Readonly<Record<Locale, string>>>>>> = {
  problem: {
    confirmed: { en: 'Confirmed', ru: 'Подтверждена' },
    planned: { en: 'A fix is planned', ru: 'Исправление запланировано' },
    fixed: { en: 'Fixed in version {version}', ru: 'Исправлена в версии {version}' },
    declined: { en: 'Will not be fixed', ru: 'Исправляться не будет' },
  },
  wish: {
    confirmed: { en: 'Received', ru: 'Принято' },
    planned: { en: 'Planned', ru: 'Запланировано' },
    fixed: { en: 'Done in version {version}', ru: 'Сделано в версии {version}' },
    declined: { en: 'Declined', ru: 'Отклонено' },
  },
};
