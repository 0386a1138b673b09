/** What the database does for one request, by its own word: the plans of its statements, and the pages they touched. */
import { readFileSync, statSync } from 'node:fs';
import { Client as PostgresClient } from 'pg';

export class ServerLog {
  private readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  /** What the server wrote while the work was done. */
  async during(work: () => Promise<unknown>): Promise<string> {
    const from = statSync(this.file).size;
    await work();
    return readFileSync(this.file).subarray(from).toString('utf8');
  }
}

/**
 * From now on the server writes down the plan of each statement that the product's role begins on a new connection.
 * @param nested statements inside functions too; their pages are then told twice, as their caller's count has them as well
 */
export async function explainStatements(superuserUrl: string, database: string, nested: boolean): Promise<void> {
  const admin = new PostgresClient({ connectionString: superuserUrl });
  await admin.connect();
  const settings: Readonly<Record<string, string>> = {
    session_preload_libraries: 'auto_explain',
    'auto_explain.log_min_duration': '0',
    'auto_explain.log_analyze': 'on',
    'auto_explain.log_buffers': 'on',
    'auto_explain.log_timing': 'off',
    'auto_explain.log_nested_statements': nested ? 'on' : 'off',
  };
  for (const [name, value] of Object.entries(settings))
    await admin.query(`alter role kontor_app in database ${database} set ${name} = '${value}'`);
  await admin.end();
}

/** Pages that the statements hit or read, those of planning included. */
export function buffersIn(log: string): number {
  let buffers = 0;
  for (const plan of plansIn(log)) {
    // A plan's first line of buffers is that of all its nodes together.
    const counts = /Buffers: shared([^\n]*)/.exec(plan)?.[1] ?? '';
    for (const [, pages] of counts.matchAll(/(?:hit|read)=(\d+)/g)) buffers += Number(pages);
  }
  return buffers;
}

/** The plans alone, long statements cut short. */
export function plansIn(log: string): string[] {
  return log
    .split(/^\S+ \S+ \S+ \[\d+\] LOG: {2}duration: /m)
    .slice(1)
    .map((entry) => entry.split(/\n\S+ \S+ \S+ \[\d+\] /)[0]!)
    .map((entry) =>
      entry.replace(
        /Query Text: ([\s\S]*?)\n\t(?=\S.*\(cost=)/,
        (_all, text: string) => `${text.replaceAll(/\s+/g, ' ').slice(0, 200)}\n\t`,
      ),
    );
}
