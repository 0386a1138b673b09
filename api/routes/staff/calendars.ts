import { OpenAPIHono, z } from '@hono/zod-openapi';
import { officialCalendars } from '../../../db/data/official-calendars.ts';
import { calendarYears } from '../../../domain/calendar-definition.ts';
import { inLocale } from '../../../domain/locale.ts';
import { officialWeek, yearAtAGlance } from '../../../domain/year-at-a-glance.ts';
import { findCalendar, findDefinition, listCalendars, usesOf, type CalendarView } from '../../../db/repositories/calendar-row.ts';
import {
  changeCalendar,
  compareVersions,
  listVersions,
  makeCalendar,
  maxCalendars,
  removeCalendarYear,
  setCalendarYear,
  withdrawCalendar,
} from '../../../db/repositories/calendars.ts';
import type { ApiEnvironment } from '../../context.ts';
import { readCursor, spellCursor } from '../../cursor.ts';
import { answerTagged, entityTag, ifMatchHeader, knownRevision } from '../../entity-tag.ts';
import { ApiError } from '../../errors.ts';
import { existingId } from '../../existing-id.ts';
import { localised, localisedLine } from '../../localised-text.ts';
import {
  calendarDefinitionSchema,
  calendarDifferenceSchema,
  calendarListedSchema,
  calendarSchema,
  calendarVersionSchema,
  calendarYearSchema,
  glancedYearSchema,
  presentCalendar,
  presentDefinition,
  presentDifference,
  presentGlance,
  presentListed,
  presentUsed,
  presentVersion,
  presentYear,
  usedCalendarSchema,
} from '../../present/calendar.ts';
import { idempotencyHeader, jsonAnswer, jsonBody, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { cursorQuery, flagQuery, idParam, limitQuery, lineText, pageOf } from '../../schemas.ts';

const dates = (description: string, example: string) =>
  z
    .array(
      z
        .string()
        .regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/)
        .openapi({ format: 'date', example }),
    )
    .max(366)
    .openapi({ description });

const yearFields = {
  decree: lineText(300, 'Government decree 24.09.2025 No. 1466')
    .nullable()
    .openapi({
      type: ['string', 'null'],
      description: 'The official document that it follows.',
    }),
  daysOff: dates('Not worked, whatever the day of the week.', '2026-11-04'),
  workingWeekends: dates('Worked although the week says otherwise.', '2026-02-21'),
  shortDays: dates('End an hour early, where the calendar honours that.', '2026-11-03'),
};
const givenYear = z.strictObject(yearFields).openapi('GivenCalendarYear');
const exampleYear = { decree: null, daysOff: ['2026-01-01', '2026-11-04'], workingWeekends: [], shortDays: ['2026-11-03'] };

const note = lineText(500, 'The decree of 17 September')
  .nullable()
  .optional()
  .openapi({ type: ['string', 'null'], description: 'What the version is for. Colleagues read it beside who made it, and when.' });

const regionPattern = '^[A-Z]{2}(?:-[A-Z0-9]{1,3})?$';

const fields = {
  names: localisedLine(100, { en: 'Russia, five-day week', ru: 'Россия, пятидневная неделя' }),
  region: z
    .string()
    .regex(new RegExp(regionPattern))
    .nullable()
    .openapi({
      type: ['string', 'null'],
      pattern: regionPattern,
      description: 'Whose official calendar it follows (ISO 3166).',
      example: 'RU',
    }),
  zone: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[A-Za-z][A-Za-z0-9_+\-/]*$/)
    .openapi({ description: 'A name of the IANA time zone database.', example: 'Europe/Moscow' }),
  weekdays: z
    .array(z.int().min(1).max(7))
    .max(7)
    .openapi({ description: 'Days of the week that are worked: 1 is Monday, 7 is Sunday.', example: [1, 2, 3, 4, 5] }),
  opens: z.int().min(0).max(1_440).openapi({ description: 'Minutes since local midnight.', example: 660 }),
  closes: z.int().min(0).max(1_440).openapi({ description: 'Minutes since local midnight; 1440 is its end.', example: 1200 }),
  honourShortDays: z.boolean().openapi({ description: 'Whether short days end an hour early.', example: false }),
  years: z
    .record(z.string().regex(/^[0-9]{4}$/), givenYear)
    .refine((years) => Object.keys(years).length <= calendarYears.most)
    .openapi({
      // Known to OpenAPI 3.1, not to the library's type.
      ...({ propertyNames: { pattern: '^[0-9]{4}$' } } as object),
      maxProperties: calendarYears.most,
      description: 'By year. Given, they replace all that it knows; `…/years/{year}` writes one.',
      example: { '2026': exampleYear },
    }),
};

const tags = ['Service levels'];
const params = z.object({ id: idParam });
const ofYear = params.extend({ year: z.string().openapi({ param: { name: 'year', in: 'path' }, example: '2026' }) });

const listRoute = staffRoute('calendar.read', {
  method: 'get',
  path: '/calendars',
  tags,
  summary: 'Working calendars, and whether they lack a year',
  request: { query: z.strictObject({ withdrawn: flagQuery.optional().openapi({ description: '`true`: those that were withdrawn.' }) }) },
  responses: {
    200: jsonAnswer(
      z.object({ items: z.array(calendarListedSchema), nextCursor: z.null() }).openapi('Calendars'),
      `All of them, no more than ${maxCalendars}`,
    ),
  },
});

const makeRoute = staffRoute('calendar.manage', {
  method: 'post',
  path: '/calendars',
  tags,
  summary: 'Make a working calendar',
  request: {
    headers: idempotencyHeader,
    ...jsonBody(z.strictObject({ ...fields, region: fields.region.default(null), note }).openapi('NewCalendar')),
  },
  responses: { 201: jsonAnswer(calendarSchema, 'The calendar') },
});

const officialRoute = staffRoute('calendar.read', {
  method: 'get',
  path: '/calendars/official',
  tags,
  summary: 'Official calendars that Kontor knows',
  description: 'A year of one is adopted by giving it to `…/years/{year}` as it stands here.',
  responses: {
    200: jsonAnswer(
      z
        .object({
          items: z.array(
            z
              .object({
                region: z.string().openapi({ example: 'RU' }),
                name: z.string(),
                names: localised,
                years: z.record(
                  z.string(),
                  calendarYearSchema
                    .extend({ workingDays: z.int().openapi({ description: 'As it is counted officially, in a five-day week.' }) })
                    .openapi('OfficialYear'),
                ),
              })
              .openapi('OfficialCalendar'),
          ),
          nextCursor: z.null(),
        })
        .openapi('OfficialCalendars'),
      'All of them',
    ),
  },
});

const readRoute = staffRoute('calendar.read', {
  method: 'get',
  path: '/calendars/{id}',
  tags,
  summary: 'One working calendar, and what is counted by it',
  request: { params },
  responses: { 200: jsonAnswer(usedCalendarSchema, 'The calendar as it is now') },
});

const changeRoute = staffRoute('calendar.manage', {
  method: 'patch',
  path: '/calendars/{id}',
  tags,
  summary: 'Change a working calendar',
  description:
    'What is left out stays as it is. What counts otherwise is a new version: new deadlines go by it, those that are set do when they are re-timed.',
  request: {
    headers: ifMatchHeader,
    params,
    ...jsonBody(
      z
        .strictObject({ ...fields, note })
        .partial()
        .openapi('CalendarChange', { example: { honourShortDays: true } }),
    ),
  },
  responses: { 200: jsonAnswer(calendarSchema, 'As it is now') },
});

const withdrawRoute = staffRoute('calendar.manage', {
  method: 'post',
  path: '/calendars/{id}/withdrawal',
  tags,
  summary: 'Offer a working calendar to nothing any more',
  description: 'For good. Its versions stay, as they explain deadlines. One that a plan, an agreement or an open ticket goes by stays.',
  request: { headers: ifMatchHeader, params },
  responses: { 200: jsonAnswer(calendarSchema, 'Withdrawn') },
});

const versionsRoute = staffRoute('calendar.read', {
  method: 'get',
  path: '/calendars/{id}/versions',
  tags,
  summary: 'What the calendar has been, the newest first',
  request: { params, query: z.strictObject({ limit: limitQuery, cursor: cursorQuery }) },
  responses: { 200: jsonAnswer(pageOf(calendarVersionSchema, 'CalendarVersions'), 'Versions, each with what it changed') },
});

/** Numbers of versions are small; whatever else stands in a path names none. */
const versionParam = z.string().openapi({ param: { name: 'version', in: 'path' }, example: '2' });

const versionRoute = staffRoute('calendar.read', {
  method: 'get',
  path: '/calendars/{id}/versions/{version}',
  tags,
  summary: 'The calendar as it stood at one version',
  request: { params: params.extend({ version: versionParam }) },
  responses: { 200: jsonAnswer(calendarDefinitionSchema, 'What was counted by') },
});

const versionQuery = (description: string) =>
  z
    .string()
    .regex(/^[1-9]\d{0,8}$/)
    .transform(Number)
    .optional()
    .openapi({ type: 'integer', minimum: 1, maximum: 999_999_999, description, example: 1 });

const differenceRoute = staffRoute('calendar.read', {
  method: 'get',
  path: '/calendars/{id}/difference',
  tags,
  summary: 'What is different between two versions',
  request: {
    params,
    query: z.strictObject({ from: versionQuery('Left out: the one before the other.'), to: versionQuery('Left out: the present one.') }),
  },
  responses: { 200: jsonAnswer(calendarDifferenceSchema, 'What is different in the second') },
});

const yearRoute = staffRoute('calendar.read', {
  method: 'get',
  path: '/calendars/{id}/years/{year}',
  tags,
  summary: 'A year at a glance',
  description: 'Also of a year that the calendar does not know: it is one of plain weeks.',
  request: { params: ofYear },
  responses: { 200: jsonAnswer(glancedYearSchema, 'Its days') },
});

const setYearRoute = staffRoute('calendar.manage', {
  method: 'put',
  path: '/calendars/{id}/years/{year}',
  tags,
  summary: 'Write one year of a calendar',
  description: 'Adds it, or replaces what the calendar says of it; the other years stay.',
  request: {
    headers: ifMatchHeader,
    params: ofYear,
    ...jsonBody(z.strictObject({ ...yearFields, note }).openapi('YearToWrite', { example: exampleYear })),
  },
  responses: { 200: jsonAnswer(calendarSchema, 'The calendar as it is now') },
});

const removeYearRoute = staffRoute('calendar.manage', {
  method: 'delete',
  path: '/calendars/{id}/years/{year}',
  tags,
  summary: 'Take one year out of a calendar',
  description: 'It is counted by plain weeks then.',
  request: { headers: ifMatchHeader, params: ofYear },
  responses: { 200: jsonAnswer(calendarSchema, 'The calendar as it is now') },
});

/** Working calendars (SPEC S2). */
export function staffCalendars(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  addOfficial(app);
  app.openapi(listRoute, async (c) => {
    const { database, clock } = c.var.parts;
    const calendars = await listCalendars(database.fork(), c.req.valid('query').withdrawn);
    return c.json({ items: calendars.map((calendar) => presentListed(calendar, c.var.locale, clock.now())), nextCursor: null }, 200);
  });
  app.openapi(makeRoute, async (c) => {
    const { names: name, note: because = null, ...wanted } = c.req.valid('json');
    return answerTagged(c, 201, presentNow(c), (wish) => makeCalendar(wish, { name, ...wanted }, because)) as never;
  });
  app.openapi(readRoute, async (c) => {
    const id = idIn(c.req.valid('param'));
    const { database, clock } = c.var.parts;
    const em = database.fork();
    const calendar = await findCalendar(em, id);
    if (!calendar) throw new ApiError('calendar.not_found');
    c.header('ETag', entityTag(calendar));
    return c.json(presentUsed(calendar, await usesOf(em, id, clock.now()), c.var.locale, clock.now()), 200);
  });
  app.openapi(changeRoute, async (c) => {
    const id = idIn(c.req.valid('param'));
    const known = knownRevision(c.req.valid('header'));
    const { names: name, note: because = null, ...change } = c.req.valid('json');
    return answerTagged(c, 200, presentNow(c), (wish) => changeCalendar(wish, id, known, { name, ...change }, because)) as never;
  });
  app.openapi(withdrawRoute, async (c) => {
    const id = idIn(c.req.valid('param'));
    const known = knownRevision(c.req.valid('header'));
    return answerTagged(c, 200, presentNow(c), (wish) => withdrawCalendar(wish, id, known)) as never;
  });
  addVersions(app);
  addYears(app);
  return app;
}

function addOfficial(app: OpenAPIHono<ApiEnvironment>): void {
  app.openapi(officialRoute, (c) => {
    const items = officialCalendars.map(({ region, name, years }) => ({
      region,
      name: inLocale(name, c.var.locale),
      names: { ...name },
      years: Object.fromEntries(
        Object.entries(years).map(([year, days]) => {
          const { workingDays } = yearAtAGlance({ ...officialWeek, years }, Number(year));
          return [year, { ...presentYear(days), workingDays }];
        }),
      ),
    }));
    return c.json({ items, nextCursor: null }, 200);
  });
}

function addVersions(app: OpenAPIHono<ApiEnvironment>): void {
  app.openapi(versionsRoute, async (c) => {
    const id = idIn(c.req.valid('param'));
    const { cursor, limit } = c.req.valid('query');
    const before = readCursor(cursor, 'calendar_versions', { value: 'integer', key: 'integer' })?.value;
    const em = c.var.parts.database.fork();
    const { items, more } = await listVersions(em, id, { before, limit });
    if (items.length === 0 && before === undefined) throw new ApiError('calendar.not_found');
    const last = items.at(-1)?.version;
    const nextCursor = more && last !== undefined ? spellCursor('calendar_versions', last, last) : null;
    return c.json({ items: items.map(presentVersion), nextCursor }, 200);
  });
  app.openapi(versionRoute, async (c) => {
    const param = c.req.valid('param');
    const id = idIn(param);
    const version = /^[1-9]\d{0,8}$/.test(param.version) ? Number(param.version) : 0;
    const definition = await findDefinition(c.var.parts.database.fork(), id, version);
    if (!definition) throw new ApiError('calendar.version_not_found');
    return c.json(presentDefinition(id, version, definition), 200);
  });
  app.openapi(differenceRoute, async (c) => {
    const id = idIn(c.req.valid('param'));
    const em = c.var.parts.database.fork();
    const calendar = await findCalendar(em, id);
    if (!calendar) throw new ApiError('calendar.not_found');
    const { to = calendar.version, from = to - 1 } = c.req.valid('query');
    const difference = await compareVersions(em, id, { from, to });
    if (!difference) throw new ApiError('calendar.version_not_found');
    return c.json(presentDifference(difference), 200);
  });
}

function addYears(app: OpenAPIHono<ApiEnvironment>): void {
  app.openapi(yearRoute, async (c) => {
    const { id, year } = yearIn(c.req.valid('param'));
    const calendar = await findCalendar(c.var.parts.database.fork(), id);
    if (!calendar) throw new ApiError('calendar.not_found');
    c.header('ETag', entityTag(calendar));
    return c.json(presentGlance(calendar, year), 200);
  });
  app.openapi(setYearRoute, async (c) => {
    const { id, year } = yearIn(c.req.valid('param'));
    const known = knownRevision(c.req.valid('header'));
    const { note: because = null, ...days } = c.req.valid('json');
    return answerTagged(c, 200, presentNow(c), (wish) => setCalendarYear(wish, id, known, year, days, because)) as never;
  });
  app.openapi(removeYearRoute, async (c) => {
    const { id, year } = yearIn(c.req.valid('param'));
    const known = knownRevision(c.req.valid('header'));
    return answerTagged(c, 200, presentNow(c), (wish) => removeCalendarYear(wish, id, known, year, null)) as never;
  });
}

function idIn({ id }: { readonly id: string }): string {
  return existingId('calendar', id, 'calendar.not_found');
}

/** A year in a path. What is none, no calendar knows. */
function yearIn(param: { readonly id: string; readonly year: string }): { id: string; year: number } {
  const id = idIn(param);
  if (!/^\d{4}$/.test(param.year)) throw new ApiError('calendar.year_not_found');
  return { id, year: Number(param.year) };
}

function presentNow(c: { readonly var: ApiEnvironment['Variables'] }) {
  return (calendar: CalendarView, locale: ApiEnvironment['Variables']['locale']) =>
    presentCalendar(calendar, locale, c.var.parts.clock.now());
}
