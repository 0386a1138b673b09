/**
 * Fills a new installation with a small company's desk: people and the demo queue behind the API, as nobody is at a
 * mailbox to follow links and settings pages are not there yet; everything else through the API as those people would do
 * it. Running it again adds only what is missing.
 *
 *   node dev/sample-data.ts http://127.0.0.1:8080
 */
import { hashPassword } from '../api/auth/passwords.ts';
import { configOrExit, secretsKeyOrExit } from '../config.ts';
import { openDatabase, type Database } from '../db/database.ts';
import { Account } from '../db/entities/account.entity.ts';
import { newId } from '../db/new-id.ts';
import { activateFactor, beginTotp } from '../db/repositories/factors.ts';
import { addCustomer, addMember, addStaff, findByEmail } from '../db/repositories/people.ts';
import { Vault } from '../db/vault.ts';
import type { Locale } from '../domain/locale.ts';
import type { StaffRole } from '../domain/permissions.ts';
import { systemClock } from '../system-clock.ts';
import { sampleApps, sampleCode } from './sample-authenticator.ts';
import { addDeskThings, type Ask } from './sample-desk.ts';
import { addFinance } from './sample-finance.ts';
import { addServiceLevels, rehearsalCategory } from './sample-service-levels.ts';

const password = 'kontor sample password';

/** Who can sign in to a sample installation, and where. */
export const sampleSignIns = [
  { who: 'Oleg, support', email: 'oleg@kontor.example', password, where: 'console', then: 'a code of the authenticator' },
  { who: 'Maria, administrator', email: 'maria@kontor.example', password, where: 'console', then: 'a code of the authenticator' },
  { who: 'Vera, billing', email: 'vera@kontor.example', password, where: 'console', then: 'sets up an app' },
  { who: 'Anna, customer of Vega (Russian)', email: 'anna@vega.example', password, where: 'API', then: '' },
  { who: 'Boris, customer of Altair (English)', email: 'boris@altair.example', password, where: 'API', then: 'has two accounts' },
] as const;

const staff: { email: string; name: string; role: StaffRole; locale: Locale }[] = [
  { email: 'oleg@kontor.example', name: 'Oleg Sidorov', role: 'support', locale: 'en' },
  { email: 'maria@kontor.example', name: 'Maria Ivanova', role: 'administrator', locale: 'ru' },
  { email: 'vera@kontor.example', name: 'Vera Belova', role: 'billing', locale: 'ru' },
];
const customers: { email: string; name: string; account: string; secondAccount?: string; locale: Locale }[] = [
  { email: 'anna@vega.example', name: 'Анна Петрова', account: 'Vega Ltd', locale: 'ru' },
  { email: 'boris@altair.example', name: 'Boris Kuznetsov', account: 'Altair Hosting', secondAccount: 'Altair Labs', locale: 'en' },
];

/** A conversation to begin with: what each side writes, in turn, and what becomes of it. */
interface SampleTicket {
  readonly from: string;
  readonly category: string;
  readonly priority: 'low' | 'medium' | 'high';
  readonly subject: string;
  readonly body: string;
  /** A file that goes with it, and what is told of the surroundings. */
  readonly file?: { readonly name: string; readonly text: string };
  readonly diagnostics?: Readonly<Record<string, string>>;
  readonly then?: readonly (readonly [by: 'customer' | 'oleg' | 'maria', what: string, text?: string])[];
}

const tickets: readonly SampleTicket[] = [
  {
    from: 'anna@vega.example',
    category: 'technical',
    priority: 'high',
    subject: 'Панель не запускается после обновления',
    body: 'После обновления до 6.12 панель показывает пустую страницу.\n\n```\npanel[812]: cannot open /run/panel.sock\n```',
    file: {
      name: 'panel.log',
      text: 'panel[812]: starting 6.12.0\npanel[812]: cannot open /run/panel.sock: permission denied\npanel[812]: exit 1\n',
    },
    diagnostics: {
      productVersion: '6.12.0',
      imageTag: 'registry.example/panel:6.12.0',
      steps: '1. Обновить панель.\n2. Открыть её в браузере.',
    },
    then: [
      ['oleg', 'take'],
      ['oleg', 'note', 'Похоже на известную ошибку с правами на `/run`.'],
      ['oleg', 'owe', 'Видим ошибку, разбираемся. Напишем сегодня.'],
    ],
  },
  {
    from: 'boris@altair.example',
    category: 'billing',
    priority: 'medium',
    subject: 'Invoice for November has the wrong company name',
    body: 'The invoice says **Altair Hosting LLC**, but we are *Altair Hosting Ltd* since June.',
    then: [['maria', 'answer', 'Thank you for telling us. We have corrected the name; a new invoice is on its way.']],
  },
  {
    from: 'anna@vega.example',
    category: 'licence',
    priority: 'medium',
    subject: 'Сколько серверов можно добавить на тарифе Pro?',
    body: 'На странице тарифа указано «без ограничений», а панель просит расширить лицензию.',
  },
  {
    from: 'boris@altair.example',
    category: 'technical',
    priority: 'low',
    subject: 'Backups take longer than before',
    body: 'Since last week our nightly backup takes *three hours* instead of one. Nothing else changed on our side.',
  },
  {
    from: 'boris@altair.example',
    category: 'general',
    priority: 'low',
    subject: 'Where do I change my time zone?',
    body: 'I cannot find the setting.',
    then: [
      ['oleg', 'answer', 'It is under **Profile → Time zone**.'],
      ['customer', 'reply', 'Found it, thank you!'],
      ['oleg', 'dismiss'],
    ],
  },
  {
    from: 'anna@vega.example',
    category: 'sales',
    priority: 'medium',
    subject: 'Скидка при оплате за год',
    body: 'Мы хотим оплатить сразу за год. Есть ли скидка?',
    then: [
      ['maria', 'answer', 'Да, при оплате за год скидка 10 %.'],
      ['customer', 'resolve'],
    ],
  },
  {
    from: 'anna@vega.example',
    category: 'demo-minutes',
    priority: 'medium',
    subject: 'Демонстрация: этот запрос закроется сам за минуты',
    body: 'Очередь «Демо: минуты» нужна, чтобы увидеть всю жизнь запроса за пять минут.',
    then: [['oleg', 'answer', 'Через минуту придёт предупреждение, через две запрос закроется, ещё через две уйдёт в архив.']],
  },
  {
    from: 'boris@altair.example',
    category: 'technical',
    priority: 'medium',
    subject: 'Blank page since the update',
    body: 'Since we updated to 6.12 this morning the panel shows a blank page on two of our servers.',
    then: [['oleg', 'note', 'Same as the ticket of Vega: rights of `/run/panel`.']],
  },
  {
    from: 'anna@vega.example',
    category: 'technical',
    priority: 'medium',
    subject: 'Перенести панель на новый сервер',
    body: 'Купили сервер побольше. Можете перенести панель и сайты вы, чтобы ничего не потерялось?',
    then: [
      ['maria', 'take'],
      ['maria', 'answer', 'Да, это платная работа. Предложение — в запросе: примите его, и мы договоримся о ночи.'],
    ],
  },
  {
    from: 'boris@altair.example',
    category: 'technical',
    priority: 'high',
    subject: 'Nobody can sign in',
    body: 'Since 09:00 every sign-in ends with “502”. Nothing was changed on our side.',
  },
  {
    from: 'anna@vega.example',
    category: rehearsalCategory,
    priority: 'low',
    subject: 'Репетиция: на этот запрос никто не отвечает',
    body: 'Ответ обещан за четыре минуты. Через три минуты придёт предупреждение, через четыре обещание будет нарушено.',
  },
];

async function makeSampleData(origin: string): Promise<void> {
  const config = configOrExit();
  const database = await openDatabase(config.KONTOR_DATABASE_URL, 2);
  try {
    await addPeople(database, new Vault(secretsKeyOrExit(config)));
    await addDemoQueue(database);
  } finally {
    await database.close();
  }
  const emails = ['oleg@kontor.example', 'maria@kontor.example', ...customers.map(({ email }) => email)];
  const signedIn = new Map<string, Someone>();
  for (const email of emails) signedIn.set(email, await signIn(origin, email.endsWith('@kontor.example') ? 'staff' : 'customer', email));
  // Before the first ticket: what is promised to a ticket is fixed when it is opened.
  await addServiceLevels(signedIn.get('maria@kontor.example')!.send, systemClock.now());
  const numbers: string[] = [];
  for (const [index, ticket] of tickets.entries()) numbers.push(await playTicket(signedIn, ticket, `sample-${index}`));
  const numberOf = (subject: string) => numbers[tickets.findIndex((ticket) => ticket.subject.startsWith(subject))]!;
  const as = (email: string) => signedIn.get(email)!.send;
  const people = {
    oleg: as('oleg@kontor.example'),
    maria: as('maria@kontor.example'),
    anna: as('anna@vega.example'),
    boris: as('boris@altair.example'),
  };
  const numbersOf = {
    brokenPanel: numberOf('Панель не запускается'),
    emptyPanel: numberOf('Blank page'),
    move: numberOf('Перенести панель'),
    backups: numberOf('Backups'),
    down: numberOf('Nobody can sign in'),
  };
  await addDeskThings({ ...people, numbers: numbersOf }, systemClock.now());
  // A shop of one's own is not paid into by a program.
  if (new URL(config.KONTOR_YOOKASSA_URL).hostname === '127.0.0.1') await addFinance({ ...people, numbers: numbersOf }, systemClock.now());
}

async function addPeople(database: Database, vault: Vault): Promise<void> {
  const passwordHash = await hashPassword(password);
  const at = systemClock.now();
  const isThere = async (email: string) => (await findByEmail(database.fork(), email)) !== undefined;
  const person = ({ email, name, locale }: { email: string; name: string; locale: Locale }) => ({
    email,
    name,
    locale,
    timeZone: 'Europe/Moscow',
    passwordHash,
    isSample: true,
  });
  for (const member of staff) {
    if (await isThere(member.email)) continue;
    await database.fork().transactional(async (em) => {
      const userId = await addStaff(em, at, person(member), member.role);
      const app = sampleApps.find(({ email }) => email === member.email);
      if (!app) return;
      await beginTotp(em, vault, at, userId, app.secret);
      await activateFactor(em, at, userId, 'totp');
    });
  }
  for (const customer of customers) {
    if (await isThere(customer.email)) continue;
    await database.fork().transactional(async (em) => {
      const { userId } = await addCustomer(em, at, person(customer), customer.account);
      if (customer.secondAccount === undefined) return;
      // A moment later: whoever signs in begins in the account he was a member of first.
      const later = new Date(at.getTime() + 1_000);
      const id = newId('account', later);
      await em.insert(Account, { id, name: customer.secondAccount, currency: 'RUB', createdAt: later });
      await addMember(em, later, id, userId, 'owner');
    });
  }
  // Dmitry shows that an account has members, and that the others of an account see its tickets.
  const anna = await findByEmail(database.fork(), 'anna@vega.example');
  if (anna && !(await isThere('dmitry@vega.example')))
    await database.fork().transactional(async (em) => {
      const [membership] = await em.execute<{ account_id: string }[]>('select account_id from membership where user_id = ?', [anna.id]);
      const { userId } = await addCustomer(
        em,
        at,
        person({ email: 'dmitry@vega.example', name: 'Дмитрий Орлов', locale: 'ru' }),
        'Dmitry (private)',
      );
      if (membership) await addMember(em, at, membership.account_id, userId, 'technical');
    });
}

/** "Demo: minutes": a ticket's whole life within five minutes, for newcomers. */
async function addDemoQueue(database: Database): Promise<void> {
  const em = database.fork();
  await em.execute(
    `insert into timing_policy (id, name, auto_close_after_seconds, archive_after_seconds, warn_before_seconds)
      values ('tpl_demo', ?::jsonb, 120, 120, 60) on conflict (id) do nothing`,
    [
      JSON.stringify({
        en: 'Demo: closes after 2 minutes, archived 2 minutes later',
        ru: 'Демо: закрытие через 2 минуты, архив ещё через 2',
      }),
    ],
  );
  await em.execute(
    `insert into queue (id, category, name, timing_policy_id, reopen_after_manual_close, position)
      values ('que_demo', 'demo-minutes', ?::jsonb, 'tpl_demo', true, 90) on conflict (category) do nothing`,
    [JSON.stringify({ en: 'Demo: minutes', ru: 'Демо: минуты' })],
  );
}

/** Somebody who is signed in. */
interface Someone {
  readonly send: Ask;
  /** @returns the file's id */
  readonly upload: (name: string, text: string, key: string) => Promise<string>;
}

/** Opens the ticket and lets each side do its part. The keys make a second run answer what the first did. */
async function playTicket(signedIn: ReadonlyMap<string, Someone>, ticket: SampleTicket, key: string): Promise<string> {
  const customer = signedIn.get(ticket.from)!;
  const { subject, body, category, priority, file, diagnostics } = ticket;
  const files = file ? [await customer.upload(file.name, file.text, `${key}-file`)] : undefined;
  const { number } = await customer.send('/tickets', { subject, body, category, priority, files, diagnostics }, key);
  for (const [index, [by, what, text]] of (ticket.then ?? []).entries()) {
    const { send } = by === 'customer' ? customer : signedIn.get(`${by}@kontor.example`)!;
    const paths: Record<string, [path: string, body?: object]> = {
      take: ['assignment'],
      note: ['notes', { body: text }],
      owe: ['messages', { body: text, nextStepBy: 'staff' }],
      answer: ['messages', { body: text }],
      reply: ['messages', { body: text }],
      dismiss: ['dismissal'],
      resolve: ['resolution'],
    };
    const [path, sent] = paths[what]!;
    await send(`/tickets/${String(number)}/${path}`, sent, `${key}-${index}`);
  }
  return String(number);
}

async function signIn(origin: string, tree: 'customer' | 'staff', email: string): Promise<Someone> {
  const base = `${origin}${tree === 'staff' ? '/api/staff/v1' : '/api/v1'}`;
  const cookies = new Map<string, string>();
  const ask = async (path: string, body?: object | string, key?: string, method = 'POST') => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: {
        'user-agent': 'kontor-sample-data/1.0',
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(body ? { 'content-type': typeof body === 'string' ? 'text/plain' : 'application/json' } : {}),
        ...(key ? { 'idempotency-key': key } : {}),
      },
      ...(body ? { body: typeof body === 'string' ? body : JSON.stringify(body) } : {}),
    });
    for (const set of response.headers.getSetCookie()) {
      const [name = '', value = ''] = set.split(';')[0]!.split('=', 2);
      cookies.set(name, value);
    }
    return response;
  };
  const answered = async (path: string, body?: object | string, key?: string, method?: string) => {
    const response = await ask(path, body, key, method);
    if (!response.ok)
      throw new Error(`the sample data stopped: ${path} of ${email} answered ${response.status} ${(await response.text()).slice(0, 300)}`);
    return JSON.parse((await response.text()) || '{}') as Record<string, unknown>;
  };
  const send: Ask = answered;
  const { next } = (await send('/auth/sign-in', { email, password })) as { next?: { attempt: string } };
  if (next) await proveApp(next.attempt, email, ask);
  return {
    send,
    upload: async (name, text, key) => String((await answered(`/files?name=${encodeURIComponent(name)}`, text, key))['id']),
  };
}

/** Takes the earliest code that is still good, so that the one the authenticator shows now stays good for whoever is watching. */
async function proveApp(attempt: string, email: string, ask: (path: string, body: object) => Promise<Response>): Promise<void> {
  const app = sampleApps.find((known) => known.email === email);
  if (!app) throw new Error(`the sample data stopped: ${email} has no app here`);
  for (const stepsLater of [-1, 0, 1]) {
    const code = await sampleCode(app, systemClock.now(), stepsLater);
    if ((await ask('/auth/second-factor', { attempt, method: 'totp', code })).ok) return;
  }
  throw new Error(`the sample data stopped: no code of ${email} is taken now; try again in a minute`);
}

if (import.meta.main) {
  const [origin] = process.argv.slice(2);
  if (!origin) throw new Error('say where the API is, such as http://127.0.0.1:8080');
  await makeSampleData(origin);
}
