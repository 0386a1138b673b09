/**
 * A TCP proxy before PostgreSQL that understands just enough of the wire protocol to stop at a statement: before the
 * server hears of it, or after the server has done it and before the client hears of that. What happens at the stop is
 * the fault's business, so that the product needs not one line for being tested.
 *
 * One process of Kontor has one proxy, so that a statement tells whose it is.
 */
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A point in a conversation with PostgreSQL. */
export interface Boundary {
  /** The statement's text. */
  readonly statement: RegExp;
  /**
   * `before`: the server has not heard of the statement. `after`: it has done the statement (for a COMMIT: the
   * transaction is durable), and the client has not heard of it.
   */
  readonly when: 'before' | 'after';
  /** Each of these was said in the statement or earlier in its transaction, in text or in a parameter. */
  readonly within?: readonly string[];
}

/** What becomes of the connection after the stop: it goes on as if nothing were, or both ends see it break. */
export type Verdict = 'go_on' | 'cut';

/** A stop that is waited for once. */
export interface Trap {
  /** Settles when the boundary was reached and `act` is over; rejects when `act` does. */
  readonly sprung: Promise<void>;
  /** The boundary was reached, even if `act` is still under way. */
  readonly reached: boolean;
  disarm(): void;
}

interface ArmedTrap {
  readonly boundary: Boundary;
  spring(): Promise<Verdict>;
}

export class FaultProxy {
  readonly port: number;
  private readonly server: Server;
  private readonly conversations: Set<Conversation>;
  private readonly traps: Set<ArmedTrap>;

  private constructor(server: Server, conversations: Set<Conversation>, traps: Set<ArmedTrap>) {
    this.server = server;
    this.port = (server.address() as { port: number }).port;
    this.conversations = conversations;
    this.traps = traps;
  }

  /** Listens on a free port of the loopback interface and passes everything on to the server on `serverPort`. */
  static async start(serverPort: number): Promise<FaultProxy> {
    const conversations = new Set<Conversation>();
    const traps = new Set<ArmedTrap>();
    const server = createServer((client) => {
      const conversation = new Conversation(client, connect(serverPort, '127.0.0.1'), traps);
      conversations.add(conversation);
      client.once('close', () => conversations.delete(conversation));
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return new FaultProxy(server, conversations, traps);
  }

  /** The same database, reached through this proxy. */
  urlOf(databaseUrl: string): string {
    const url = new URL(databaseUrl);
    url.port = String(this.port);
    return url.href;
  }

  /** The next time a connection reaches the boundary it stops there until `act` is over. Only the first one stops. */
  arm(boundary: Boundary, act: () => Promise<Verdict>): Trap {
    const outcome = Promise.withResolvers<void>();
    // Whoever armed it may look at the outcome much later; until then a failed act is no unhandled rejection.
    outcome.promise.catch(() => undefined);
    const state = { reached: false };
    const trap: ArmedTrap = {
      boundary,
      spring: async () => {
        this.traps.delete(trap);
        state.reached = true;
        try {
          const verdict = await act();
          outcome.resolve();
          return verdict;
        } catch (error) {
          outcome.reject(error);
          return 'cut';
        }
      },
    };
    this.traps.add(trap);
    return {
      sprung: outcome.promise,
      get reached() {
        return state.reached;
      },
      disarm: () => void this.traps.delete(trap),
    };
  }

  /** Breaks every connection, as a network that goes away. New ones are taken. */
  cutAll(): void {
    for (const conversation of this.conversations) conversation.cut();
  }

  async close(): Promise<void> {
    this.cutAll();
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
    });
  }
}

/** One connection of a client, and ours to the server on its behalf. */
class Conversation {
  private readonly client: Socket;
  private readonly server: Socket;
  private readonly traps: ReadonlySet<ArmedTrap>;
  private readonly fromClient = new MessageReader(false);
  private readonly fromServer = new MessageReader(true);
  /** Statements and parameters since the transaction began. */
  private said = '';
  private inTransaction = false;
  /** Set while the answer to a trapped statement is held back: the trap, and what the server has said so far. */
  private held: { trap: ArmedTrap; answer: Buffer[] } | undefined;
  /** Work on what the client says is done one after another, as a stop takes time. */
  private turn: Promise<void> = Promise.resolve();

  constructor(client: Socket, server: Socket, traps: ReadonlySet<ArmedTrap>) {
    this.client = client;
    this.server = server;
    this.traps = traps;
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => this.cut());
    }
    client.on('data', (chunk) => {
      this.turn = this.turn.then(() => this.passToServer(chunk));
    });
    server.on('data', (chunk) => this.passToClient(chunk));
  }

  cut(): void {
    this.client.destroy();
    this.server.destroy();
  }

  private async passToServer(chunk: Buffer): Promise<void> {
    for (const message of this.fromClient.read(chunk)) {
      const statement = this.listenTo(message);
      const trap = statement === undefined ? undefined : this.trapAt(statement);
      if (trap?.boundary.when === 'before' && (await trap.spring()) === 'cut') return this.cut();
      if (trap?.boundary.when === 'after') this.held = { trap, answer: [] };
      if (!this.server.destroyed) this.server.write(message.bytes);
    }
  }

  /** Remembers what the client says; returns the statement when this message completes one. */
  private listenTo(message: Message): string | undefined {
    if (message.type === 'Q') {
      const statement = textUpToZero(message.body, 0);
      this.remember(statement);
      return statement;
    }
    if (message.type === 'P') {
      const name = textUpToZero(message.body, 0);
      this.parsed.set(name, textUpToZero(message.body, Buffer.byteLength(name) + 1));
      return undefined;
    }
    if (message.type !== 'B') return undefined;
    // Parameters travel in Bind, after the names of portal and statement: only then is known whom it is about.
    const portal = textUpToZero(message.body, 0);
    const statement = this.parsed.get(textUpToZero(message.body, Buffer.byteLength(portal) + 1)) ?? '';
    this.remember(`${statement} ${message.body.toString('utf8')}`);
    return statement;
  }

  /** Statements by their name; the unnamed one is the last that was parsed without. */
  private readonly parsed = new Map<string, string>();

  private remember(words: string): void {
    this.said = this.inTransaction ? `${this.said}\n${words}` : words;
  }

  private trapAt(statement: string): ArmedTrap | undefined {
    for (const trap of this.traps)
      if (trap.boundary.statement.test(statement) && (trap.boundary.within ?? []).every((word) => this.said.includes(word))) return trap;
    return undefined;
  }

  private passToClient(chunk: Buffer): void {
    for (const message of this.fromServer.read(chunk)) {
      // ReadyForQuery tells whether a transaction is under way.
      if (message.type === 'Z') this.inTransaction = message.body[0] !== 'I'.charCodeAt(0);
      if (!this.held) {
        this.client.write(message.bytes);
        continue;
      }
      const { held } = this;
      held.answer.push(message.bytes);
      if (message.type === 'Z') void this.release(held);
    }
  }

  private async release(held: { trap: ArmedTrap; answer: Buffer[] }): Promise<void> {
    const verdict = await held.trap.spring();
    this.held = undefined;
    if (verdict === 'cut') return this.cut();
    this.client.write(Buffer.concat(held.answer));
  }
}

interface Message {
  /** The protocol's letter; empty for the messages before a connection is established, which have none. */
  readonly type: string;
  readonly body: Buffer;
  /** All of it, as it came. */
  readonly bytes: Buffer;
}

/** Cuts a stream of the frontend/backend protocol, version 3, into messages (PostgreSQL manual, 54.7). */
class MessageReader {
  private rest: Buffer = Buffer.alloc(0);
  private typed: boolean;

  /** @param typed false for what a client says: its first message has no letter */
  constructor(typed: boolean) {
    this.typed = typed;
  }

  read(chunk: Buffer): Message[] {
    this.rest = this.rest.length ? Buffer.concat([this.rest, chunk]) : chunk;
    const messages: Message[] = [];
    for (;;) {
      const head = this.typed ? 1 : 0;
      if (this.rest.length < head + 4) return messages;
      const length = head + this.rest.readInt32BE(head);
      if (this.rest.length < length) return messages;
      const bytes = this.rest.subarray(0, length);
      this.rest = this.rest.subarray(length);
      messages.push({ type: this.typed ? String.fromCharCode(bytes[0]!) : '', body: bytes.subarray(head + 4), bytes });
      this.typed = true;
    }
  }
}

function textUpToZero(body: Buffer, from: number): string {
  return body.toString('utf8', from, body.indexOf(0, from));
}
