/** Reports of money as tables for a spreadsheet: headed in the reader's language, with sums in whole units and hundredths. */
import type { z } from '@hono/zod-openapi';
import type { Locale } from '../domain/locale.ts';
import type { CsvCell, CsvColumn } from './csv-table.ts';
import type { paymentsReportSchema, refundsReportSchema, revenueSchema } from './present/finance-report.ts';
import type { ReportTable } from './service-report-tables.ts';

const headings = {
  en: {
    from: 'From',
    to: 'To',
    currency: 'Currency',
    sales: 'Purchases',
    soldMinor: 'Bought',
    takenBack: 'Purchases taken back',
    takenBackMinor: 'Taken back',
    netMinor: 'Revenue',
    made: 'Begun',
    madeMinor: 'Sum begun',
    succeeded: 'Succeeded',
    succeededMinor: 'Sum succeeded',
    failed: 'Failed',
    failedMinor: 'Sum failed',
    lapsed: 'Not paid in time',
    lapsedMinor: 'Sum not paid in time',
    waiting: 'Under way',
    waitingMinor: 'Sum under way',
    feesMinor: 'Provider’s fees',
  },
  ru: {
    from: 'С',
    to: 'По',
    currency: 'Валюта',
    sales: 'Покупок',
    soldMinor: 'Куплено',
    takenBack: 'Отменено покупок',
    takenBackMinor: 'Сумма отмен',
    netMinor: 'Выручка',
    made: 'Начато',
    madeMinor: 'Сумма начатых',
    succeeded: 'Успешно',
    succeededMinor: 'Сумма успешных',
    failed: 'Не удалось',
    failedMinor: 'Сумма неудачных',
    lapsed: 'Не оплачено в срок',
    lapsedMinor: 'Сумма не оплаченных в срок',
    waiting: 'В пути',
    waitingMinor: 'Сумма в пути',
    feesMinor: 'Комиссия провайдера',
  },
} as const satisfies Record<Locale, Record<string, string>>;
type ColumnName = keyof (typeof headings)['en'];

function table(
  locale: Locale,
  names: readonly ColumnName[],
  currency: string,
  parts: readonly Readonly<Record<string, number | string | null>>[],
): ReportTable {
  const columns: CsvColumn[] = names.map((name) => ({ key: name, header: headings[locale][name] }));
  const rows = parts.map((part) =>
    Object.fromEntries(
      names.map((name): [string, CsvCell] => {
        const value = name === 'currency' ? currency : part[name];
        return [name, typeof value === 'number' && name.endsWith('Minor') ? { amountMinor: value, currency } : (value ?? null)];
      }),
    ),
  );
  return { columns, rows };
}

export function revenueTable(report: z.infer<typeof revenueSchema>, locale: Locale): ReportTable {
  const names = ['from', 'to', 'currency', 'sales', 'soldMinor', 'takenBack', 'takenBackMinor', 'netMinor'] as const;
  return table(locale, names, report.currency, report.parts);
}

const outcomeColumns = ['from', 'to', 'currency', 'made', 'madeMinor', 'succeeded', 'succeededMinor', 'failed', 'failedMinor'] as const;

export function paymentsTable(report: z.infer<typeof paymentsReportSchema>, locale: Locale): ReportTable {
  return table(locale, [...outcomeColumns, 'lapsed', 'lapsedMinor', 'waiting', 'waitingMinor', 'feesMinor'], report.currency, report.parts);
}

export function refundsTable(report: z.infer<typeof refundsReportSchema>, locale: Locale): ReportTable {
  return table(locale, [...outcomeColumns, 'waiting', 'waitingMinor'], report.currency, report.parts);
}
