/**
 * A server that speaks YooKassa's API for development, demonstration and tests. No money moves, and it proves no more than our
 * reading of the provider's documents (README.md beside it).
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Books, type SimulatedPayment, type SimulatedRefund } from './books.ts';
import { Cashier } from './cashier.ts';
import { calm, Chance, turned, type Dial } from './dial.ts';
import { Notifier } from './notifier.ts';
import { paymentObject, refundObject, type Surroundings } from './objects.ts';
import { ProviderApi } from './provider-api.ts';
import { testShop } from './test-shop.ts';
import { answerWeb, type Handles } from './web.ts';
import type { CabinetState } from './cabinet-page.ts';

export interface SimulatorOptions {
  /** 0 chooses a free one. */
  readonly port: number;
  /** Where it remembers; without one nothing outlives it. */
  readonly folder?: string;
  /** Where the shop hears of what happened. */
  readonly notificationUrl?: string;
  readonly dial?: Partial<Dial>;
  /** After which an answer is a 500; the provider's 30 seconds when left out. */
  readonly patienceMs?: number;
  /** Time before it is moved; the machine's when left out. */
  readonly now?: () => Date;
}

export interface PaymentSimulator {
  readonly origin: string;
  /** What the client is told: `${origin}/v3`. */
  readonly url: string;
  readonly shopId: string;
  readonly secret: string;
  now(): Date;
  /** Moves the clock on (or back); what falls due is done before this returns. */
  moveClock(seconds: number): Promise<void>;
  /** Turns these, leaves the rest; the chance begins anew when the seed is given. */
  dial(changes: Partial<Dial>): void;
  /** Where notifications go from now on. */
  notifyAt(url: string | undefined): void;
  /** Pays as the payer would, by a card that is taken unless another method is named. */
  pay(id: string, method?: { readonly type: string; readonly last4?: string }): Promise<void>;
  payByCard(id: string, number: string): Promise<void>;
  decline(id: string, reason?: string, party?: string): Promise<void>;
  expire(id: string): Promise<void>;
  /** A refund that the shop makes in the provider's cabinet: with an id that Kontor never saw. */
  refundInCabinet(paymentId: string, amountMinor: number): Promise<SimulatedRefund>;
  settleRefund(id: string, status: 'succeeded' | 'canceled'): Promise<void>;
  /** Sends one more notification of the object as it is now. @returns the shop's status, undefined without an answer */
  notify(id: string, event?: string): Promise<number | undefined>;
  payments(): readonly SimulatedPayment[];
  refunds(): readonly SimulatedRefund[];
  /** What was asked, told and repeated, such as `POST /payments`, `GET /payments/{id}`, `notifications acknowledged`. */
  counts(): Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

const largestBodyBytes = 256 * 1024;
const standardPatienceMs = 30_000;

export async function startPaymentSimulator(options: SimulatorOptions): Promise<PaymentSimulator> {
  const simulator = new Simulator(options);
  await simulator.listen(options.port);
  return simulator;
}

class Simulator implements PaymentSimulator, Handles {
  readonly shopId = testShop.shopId;
  readonly secret = testShop.secret;
  private readonly books: Books;
  private readonly notifier: Notifier;
  private readonly cashier: Cashier;
  private readonly api: ProviderApi;
  private readonly clock: () => Date;
  private readonly server = createServer((request, response) => void this.handle(request, response));
  private readonly counted: Record<string, number> = {};
  private readonly stopped = new AbortController();
  private chance: Chance;
  private notificationUrl: string | undefined;
  private alarm: NodeJS.Timeout | undefined;
  private address = '';

  constructor({ folder, notificationUrl, dial, now, patienceMs = standardPatienceMs }: SimulatorOptions) {
    this.clock = now ?? (() => new Date());
    this.books = new Books(folder);
    if (dial) this.books.turnDial(turned(calm, dial));
    this.chance = new Chance(this.books.dial.seed);
    this.notificationUrl = notificationUrl;
    const parts = {
      books: this.books,
      now: () => this.now(),
      dial: () => this.books.dial,
      chance: () => this.chance,
      count: (what: string) => {
        this.counted[what] = (this.counted[what] ?? 0) + 1;
      },
    };
    this.notifier = new Notifier({ ...parts, shopAddress: () => this.notificationUrl });
    this.cashier = new Cashier({ ...parts, happened: (event, about) => this.happened(event, about) });
    this.api = new ProviderApi({
      ...parts,
      cashier: this.cashier,
      surroundings: () => this.surroundings(),
      secret: this.secret,
      patienceMs,
      tellAtOnce: () => this.workOff(),
      wait: (ms) => this.wait(ms),
    });
  }

  get origin(): string {
    return this.address;
  }

  get url(): string {
    return `${this.address}/v3`;
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, '127.0.0.1', resolve);
    });
    this.address = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    this.setAlarm();
  }

  now(): Date {
    return new Date(this.clock().getTime() + this.books.movedMs);
  }

  async moveClock(seconds: number): Promise<void> {
    this.books.moveClock(Math.round(seconds * 1000));
    await this.workOff();
  }

  dial(changes: Partial<Dial>): void {
    this.books.turnDial(turned(this.books.dial, changes));
    if (changes.seed !== undefined) this.chance = new Chance(changes.seed);
  }

  notifyAt(url: string | undefined): void {
    this.notificationUrl = url;
  }

  async pay(id: string, method?: { readonly type: string; readonly last4?: string }): Promise<void> {
    this.cashier.pay(id, method);
    await this.workOff();
  }

  async payByCard(id: string, number: string): Promise<void> {
    if (this.cashier.payByCard(id, number) === null) throw new RangeError('this is no card number');
    await this.workOff();
  }

  async decline(id: string, reason = 'insufficient_funds', party?: string): Promise<void> {
    this.cashier.decline(id, reason, party);
    await this.workOff();
  }

  async expire(id: string): Promise<void> {
    this.cashier.expire(id);
    await this.workOff();
  }

  async capture(id: string): Promise<void> {
    this.cashier.capture(id);
    await this.workOff();
  }

  state(): CabinetState {
    return {
      now: this.now().toISOString(),
      movedSeconds: this.books.movedMs / 1000,
      dial: this.books.dial,
      payments: this.payments(),
      refunds: this.refunds(),
      notifications: [...this.books.notifications.values()],
      counts: this.counts(),
    };
  }

  async refundInCabinet(paymentId: string, amountMinor: number): Promise<SimulatedRefund> {
    const payment = this.books.payments.get(paymentId);
    const refund = this.cashier.refund(paymentId, amountMinor, payment?.currency ?? 'RUB');
    await this.workOff();
    return refund;
  }

  async settleRefund(id: string, status: 'succeeded' | 'canceled'): Promise<void> {
    this.cashier.settleRefund(id, status);
    await this.workOff();
  }

  async notify(id: string, event?: string): Promise<number | undefined> {
    const about = this.books.payments.get(id) ?? this.books.refunds.get(id);
    if (!about) throw new RangeError(`there is no payment or refund ${id}`);
    return this.notifier.post(event ?? `${about.kind}.${about.status}`, this.written(about));
  }

  payments(): readonly SimulatedPayment[] {
    return [...this.books.payments.values()];
  }

  refunds(): readonly SimulatedRefund[] {
    return [...this.books.refunds.values()];
  }

  counts(): Readonly<Record<string, number>> {
    return { ...this.counted };
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    clearTimeout(this.alarm);
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.books.close();
  }

  /** Does what is due by the simulator's clock, tells of it, and sets the alarm for the rest. */
  private async workOff(): Promise<void> {
    this.cashier.expireWhatIsDue();
    await this.notifier.sendDue();
    this.setAlarm();
  }

  /** Once a second at the latest while anything is due some time: the clock may jump, moved by somebody else. */
  private setAlarm(): void {
    clearTimeout(this.alarm);
    if (this.stopped.signal.aborted) return;
    const dues = [this.notifier.nextDue(), this.cashier.nextExpiry()].filter((due) => due !== undefined);
    if (dues.length === 0) return;
    const ms = Math.min(...dues.map((due) => due.getTime())) - this.now().getTime();
    this.alarm = setTimeout(() => void this.workOff(), Math.min(Math.max(ms, 20), 1000)).unref();
  }

  private happened(event: string, about: SimulatedPayment | SimulatedRefund): void {
    this.notifier.tell(event, this.written(about));
    this.setAlarm();
  }

  private written(about: SimulatedPayment | SimulatedRefund): Record<string, unknown> {
    return about.kind === 'payment' ? paymentObject(about, this.surroundings()) : refundObject(about, this.surroundings());
  }

  private surroundings(): Surroundings {
    return { shopId: this.shopId, origin: this.origin, unknownFields: this.chance.hits(this.books.dial.unknownFields) };
  }

  /** Real time: the one who asks waits in it too. */
  private async wait(ms: number): Promise<void> {
    const { signal } = this.stopped;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
    });
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = await readBody(request);
      if (body === undefined) return void response.writeHead(413).end();
      this.cashier.expireWhatIsDue();
      const url = new URL(request.url ?? '/', this.origin);
      if (url.pathname.startsWith('/v3/')) await this.answerProvider(request, response, url, body);
      else await this.answerBrowser(request, response, url, body);
      void this.workOff();
    } catch (error) {
      process.stderr.write(`The payment simulator failed: ${error instanceof Error ? error.stack : String(error)}\n`);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    }
  }

  private async answerBrowser(request: IncomingMessage, response: ServerResponse, url: URL, body: string): Promise<void> {
    const { method = 'GET' } = request;
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, [value].flat()[0]]));
    // Another site whose name resolves to 127.0.0.1 must not come in through the browser of who visits it.
    const local = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(headers['host'] ?? '');
    const answer = local ? await answerWeb(this, { method: method === 'HEAD' ? 'GET' : method, url, headers, body }) : undefined;
    if (answer === undefined) return void response.writeHead(local ? 404 : 421).end();
    response.writeHead(answer.status, {
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      ...answer.headers,
    });
    response.end(method === 'HEAD' ? undefined : answer.body);
  }

  private async answerProvider(request: IncomingMessage, response: ServerResponse, url: URL, body: string): Promise<void> {
    const { headers, method = 'GET' } = request;
    const answer = await this.api.answer({
      method,
      url,
      authorization: headers.authorization,
      key: [headers['idempotence-key']].flat()[0],
      contentType: headers['content-type'],
      body,
    });
    if (answer === 'cut') return void request.socket.destroy();
    if ('html' in answer) return void response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(answer.html);
    response.writeHead(answer.status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(answer.body));
  }
}

/** The text of a body; undefined when it is too large. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > largestBodyBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
