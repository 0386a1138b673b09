/**
 * What a desk has beside conversations, for a new installation to show: canned replies, a problem that two tickets are
 * about, tags, somebody from outside, a quote, access to a server, a claim. Made through the API by the sample people; what
 * is there already stays as it is.
 */

/** Asks the API as somebody; the path is without the tree. */
export type Ask = (path: string, body?: object, key?: string, method?: string) => Promise<Record<string, unknown>>;

export interface Desk {
  readonly oleg: Ask;
  readonly maria: Ask;
  readonly anna: Ask;
  readonly boris: Ask;
  /** Numbers of the sample tickets by what they show. */
  readonly numbers: Readonly<Record<'brokenPanel' | 'emptyPanel' | 'move' | 'backups' | 'down', string>>;
}

const quoteStandsDays = 14;

export async function addDeskThings(desk: Desk, now: Date): Promise<void> {
  await addCannedReplies(desk);
  await addProblem(desk);
  await addMarks(desk);
  await addQuote(desk, now);
  await addServerAccess(desk);
  await claimCritical(desk);
}

const cannedReplies = [
  {
    shortcut: 'log',
    title: { en: 'Ask for the panel’s log', ru: 'Запросить журнал панели' },
    body: {
      en: 'Hello {{customer.name}},\n\nplease send us the log of the panel:\n\n```\njournalctl -u panel --since today > panel.log\n```\n\n{{agent.name}}',
      ru: 'Здравствуйте, {{customer.name}}!\n\nПришлите, пожалуйста, журнал панели:\n\n```\njournalctl -u panel --since today > panel.log\n```\n\n{{agent.name}}',
    },
  },
  {
    shortcut: 'access',
    title: { en: 'Ask for access to the server', ru: 'Запросить доступ к серверу' },
    body: {
      en: 'Hello {{customer.name}},\n\nto look into it we need access to the server. Please grant it in {{ticket.number}}: it ends by itself after 72 hours, and you are told of each look.\n\n{{agent.name}}',
      ru: 'Здравствуйте, {{customer.name}}!\n\nЧтобы разобраться, нам нужен доступ к серверу. Откройте его, пожалуйста, в запросе {{ticket.number}}: через 72 часа он закончится сам, о каждом просмотре вы узнаете.\n\n{{agent.name}}',
    },
  },
  {
    shortcut: 'looking',
    title: { en: 'We are looking into it', ru: 'Мы разбираемся' },
    body: {
      en: 'Hello {{customer.name}},\n\nthank you, we see it and are looking into it. We will write today.\n\n{{agent.name}}',
      ru: 'Здравствуйте, {{customer.name}}!\n\nСпасибо, мы видим проблему и разбираемся. Напишем сегодня.\n\n{{agent.name}}',
    },
  },
] as const;

async function addCannedReplies({ oleg }: Desk): Promise<void> {
  const known = new Set((await itemsOf(oleg, '/canned-replies?withdrawn=true')).map(({ shortcut }) => shortcut));
  for (const reply of cannedReplies)
    if (!known.has(reply.shortcut)) await oleg('/canned-replies', reply, `sample-canned-${reply.shortcut}`);
}

async function addProblem({ oleg, numbers }: Desk): Promise<void> {
  const internalTitle = 'Blank page after 6.12: rights of /run/panel';
  const known = (await itemsOf(oleg, '/problems?kind=problem')).find((problem) => problem['internalTitle'] === internalTitle);
  const { id } =
    known ??
    (await oleg(
      '/problems',
      {
        kind: 'problem',
        internalTitle,
        title: {
          en: 'The panel shows a blank page after the update to 6.12',
          ru: 'После обновления до 6.12 панель показывает пустую страницу',
        },
        text: {
          en: 'Version 6.12 sets wrong rights on a folder. Until 6.12.1 is out: `chmod 755 /run/panel`, then restart the panel.',
          ru: 'Версия 6.12 ставит неверные права на папку. До выхода 6.12.1: `chmod 755 /run/panel`, затем перезапустите панель.',
        },
      },
      'sample-problem',
    ));
  for (const number of [numbers.brokenPanel, numbers.emptyPanel])
    if ((await itemsOf(oleg, `/tickets/${number}/problems`)).length === 0)
      await oleg(`/problems/${String(id)}/tickets`, { number }, `sample-problem-${number}`);
}

/** Tags, and somebody of the hosting company who reads along. */
async function addMarks({ oleg, numbers }: Desk): Promise<void> {
  const broken = await oleg(`/tickets/${numbers.brokenPanel}`, undefined, undefined, 'GET');
  if ((broken['tags'] as string[]).length === 0)
    await oleg(`/tickets/${numbers.brokenPanel}`, { tags: ['6.12', 'обновление'] }, undefined, 'PATCH');
  const backups = await oleg(`/tickets/${numbers.backups}`, undefined, undefined, 'GET');
  if ((backups['tags'] as string[]).length === 0) await oleg(`/tickets/${numbers.backups}`, { tags: ['backup'] }, undefined, 'PATCH');
  if ((backups['outsideAddresses'] as unknown[]).length === 0)
    await oleg(
      `/tickets/${numbers.backups}/participants`,
      { address: 'noc@datacentre.example', name: 'Night shift of the data centre' },
      'sample-outside',
    );
}

async function addQuote({ maria, numbers }: Desk, now: Date): Promise<void> {
  if ((await itemsOf(maria, `/tickets/${numbers.move}/quotes`)).length > 0) return;
  const validUntil = new Date(now.getTime() + quoteStandsDays * 86_400_000);
  await maria(
    `/tickets/${numbers.move}/quotes`,
    {
      description: 'Перенос панели и сорока сайтов на новый сервер: **5 часов**, ночью, с проверкой после переноса.',
      amount: { amountMinor: 1_250_000, currency: 'RUB' },
      validUntil: validUntil.toISOString(),
    },
    `sample-quote-${validUntil.toISOString()}`,
  );
}

/** A secret that opens nothing: the address is one of those kept for examples. */
async function addServerAccess({ anna, numbers }: Desk): Promise<void> {
  if ((await itemsOf(anna, `/tickets/${numbers.brokenPanel}/server-accesses`)).length > 0) return;
  await anna(
    `/tickets/${numbers.brokenPanel}/server-accesses`,
    { address: '203.0.113.7', sshPort: 22, way: 'secret', login: 'support', secret: 'sample only: opens nothing' },
    'sample-access',
  );
}

async function claimCritical({ boris, numbers }: Desk): Promise<void> {
  const ticket = await boris(`/tickets/${numbers.down}`, undefined, undefined, 'GET');
  if (ticket['severity'] === null)
    await boris(`/tickets/${numbers.down}/severity`, { sentence: 'All forty customers of ours see an error since 09:00.' }, 'sample-claim');
}

/** What a list answers. */
export async function itemsOf(ask: Ask, path: string): Promise<Record<string, unknown>[]> {
  return (await ask(path, undefined, undefined, 'GET'))['items'] as Record<string, unknown>[];
}
