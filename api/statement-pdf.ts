/**
 * A monthly statement as a document (SPEC B6): made by pdfmake with Roboto embedded, which has Cyrillic and the rouble's sign, and
 * whose licence (SIL Open Font License 1.1) lets documents carry it. It reads nothing but its own fonts.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import pdfmake from 'pdfmake';
import type { Content, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces.js';
import type { Locale } from '../domain/locale.ts';
import { spellMoney } from '../domain/money.ts';
import { spellMonth, statementZone } from '../domain/statement.ts';
import type { OperationView } from '../db/repositories/operations.ts';
import type { StatementView } from '../db/repositories/statements.ts';
import { describeOperation, operationNames } from './present/operation.ts';

const fonts = path.join(path.dirname(createRequire(import.meta.url).resolve('pdfmake/package.json')), 'fonts', 'Roboto');
const roboto = { normal: path.join(fonts, 'Roboto-Regular.ttf'), bold: path.join(fonts, 'Roboto-Medium.ttf') };
pdfmake.setFonts({ Roboto: roboto });
pdfmake.setUrlAccessPolicy(() => false);
pdfmake.setLocalAccessPolicy((file) => Object.values(roboto).includes(file));

const words = {
  en: {
    title: (month: string) => `Statement for ${month}`,
    untilNow: (at: string) => `The month is not over: this tells what there was until ${at}.`,
    madeOf: 'Account',
    opening: 'Balance at the beginning',
    closing: 'Balance at the end',
    closingNow: 'Balance now',
    totals: 'What it comes to',
    operations: 'Operations',
    none: 'Nothing happened in this month.',
    at: 'Date',
    what: 'Operation',
    amount: 'Amount',
    after: 'Balance',
    count: 'Number',
    more: (count: number) => `And ${count} more operations, which the list of operations has.`,
    proof: 'Proof: the last entries of the books, paid money and bonus',
    entry: (version: number) => `entry ${version}`,
    zone: `Times of ${statementZone}.`,
    page: (page: number, pages: number) => `Page ${page} of ${pages}`,
  },
  ru: {
    title: (month: string) => `Выписка за ${month}`,
    untilNow: (at: string) => `Месяц не закончился: здесь то, что было до ${at}.`,
    madeOf: 'Аккаунт',
    opening: 'Баланс на начало',
    closing: 'Баланс на конец',
    closingNow: 'Баланс сейчас',
    totals: 'Итоги',
    operations: 'Операции',
    none: 'В этом месяце операций не было.',
    at: 'Дата',
    what: 'Операция',
    amount: 'Сумма',
    after: 'Баланс',
    count: 'Количество',
    more: (count: number) => `И ещё операций: ${count}. Все они есть в списке операций.`,
    proof: 'Подтверждение: последние записи книг, оплаченные деньги и бонус',
    entry: (version: number) => `запись ${version}`,
    zone: `Время — ${statementZone}.`,
    page: (page: number, pages: number) => `Страница ${page} из ${pages}`,
  },
} as const;

const grey = '#5f6368';
const lines = {
  hLineWidth: (row: number, { table }: { table: { body: unknown[] } }) => (row === 0 || row === table.body.length ? 0 : 0.5),
  vLineWidth: () => 0,
  hLineColor: () => '#dadce0',
  paddingTop: () => 4,
  paddingBottom: () => 4,
};

/** The document's bytes. About a millisecond for each operation. */
export async function statementPdf(view: StatementView, locale: Locale): Promise<Buffer> {
  const spoken = words[locale];
  const { account, month, operations } = view;
  const money = (amountMinor: number) => spellMoney({ amountMinor, currency: account.currency });
  const instantIn = new Intl.DateTimeFormat(locale === 'ru' ? 'ru-RU' : 'en-GB', {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: statementZone,
  });
  const title = spoken.title(spellMonth(month.month, locale));
  const content: Content[] = [
    { text: title, style: 'title' },
    { text: `${spoken.madeOf}: ${account.name} (${account.id})` },
    { text: month.isRunning ? spoken.untilNow(instantIn.format(view.toldUntil)) : '', color: grey },
    {
      margin: [0, 14, 0, 14],
      columns: [
        balance(spoken.opening, money(view.openingMinor)),
        balance(month.isRunning ? spoken.closingNow : spoken.closing, money(view.closingMinor)),
      ],
    },
    ...(view.totals.length === 0 ? [{ text: spoken.none }] : [totals(view, locale, money), operationsTable(operations, locale, money)]),
    ...(view.operationsLeftOff > 0
      ? [{ text: spoken.more(view.operationsLeftOff), margin: [0, 6, 0, 0] as [number, number, number, number] }]
      : []),
    { text: spoken.proof, style: 'small', margin: [0, 16, 0, 2] },
    ...view.books.map(({ after }) => ({
      text: `${after.ledgerAccountId} · ${spoken.entry(after.version)} · ${after.hash || '—'}`,
      style: 'small',
    })),
  ];
  const document: TDocumentDefinitions = {
    info: { title: `${title} · ${account.name}`, creator: 'Kontor', producer: 'Kontor' },
    language: locale,
    pageSize: 'A4',
    pageMargins: [40, 40, 40, 48],
    defaultStyle: { font: 'Roboto', fontSize: 9, lineHeight: 1.15 },
    styles: {
      title: { fontSize: 18, bold: true, margin: [0, 0, 0, 6] },
      heading: { fontSize: 11, bold: true, margin: [0, 8, 0, 4] },
      head: { color: grey, fontSize: 8 },
      small: { color: grey, fontSize: 7 },
    },
    footer: (page, pages) => ({
      margin: [40, 12],
      style: 'small',
      columns: [{ text: spoken.zone }, { text: spoken.page(page, pages), alignment: 'right' }],
    }),
    content,
  };
  return pdfmake.createPdf(document).getBuffer();
}

function balance(label: string, sum: string): Content {
  return {
    stack: [
      { text: label, style: 'head' },
      { text: sum, fontSize: 14, bold: true },
    ],
  };
}

function totals({ totals: rows }: StatementView, locale: Locale, money: (amountMinor: number) => string): Content {
  const spoken = words[locale];
  const head = [spoken.what, spoken.count, spoken.amount].map((text, column) => headCell(text, column > 0));
  const body = rows.map(({ kind, count, amountMinor }) => [
    operationNames[locale][kind],
    sumCell(String(count)),
    sumCell(money(amountMinor)),
  ]);
  return {
    stack: [
      { text: spoken.totals, style: 'heading' },
      { table: { headerRows: 1, widths: ['*', 70, 110], body: [head, ...body] }, layout: lines },
    ],
  };
}

function operationsTable(operations: readonly OperationView[], locale: Locale, money: (amountMinor: number) => string): Content {
  const spoken = words[locale];
  const form = new Intl.DateTimeFormat(locale === 'ru' ? 'ru-RU' : 'en-GB', {
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: statementZone,
  });
  const head = [spoken.at, spoken.what, spoken.amount, spoken.after].map((text, column) => headCell(text, column > 1));
  const body = operations.map((operation): TableCell[] => [
    form.format(operation.at),
    whatCell(operationNames[locale][operation.kind], describeOperation(operation, locale)),
    sumCell(money(operation.amountMinor)),
    sumCell(money(operation.balanceAfterMinor)),
  ]);
  return {
    stack: [
      { text: spoken.operations, style: 'heading' },
      { table: { headerRows: 1, dontBreakRows: true, widths: [88, '*', 90, 90], body: [head, ...body] }, layout: lines },
    ],
  };
}

function whatCell(name: string, description: string): TableCell {
  return description === '' ? name : { stack: [name, { text: description, color: grey, fontSize: 8 }] };
}

function headCell(text: string, isSum: boolean): TableCell {
  return { text, style: 'head', alignment: isSum ? 'right' : 'left' };
}

function sumCell(text: string): TableCell {
  return { text, alignment: 'right', noWrap: true };
}
