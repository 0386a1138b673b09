import { Migration } from '@mikro-orm/migrations';

/**
 * A ticket keeps the instants it was promised instead of what they were counted from, so that a policy that changes
 * applies to new deadlines only (SPEC T8). What runs keeps its instants, taken from the rows of next steps.
 */
export class DeadlinesAsInstants extends Migration {
  override up(): void {
    this.addSql(
      'alter table ticket add column warns_at timestamptz(3), add column closes_at timestamptz(3), add column archives_at timestamptz(3), add column timing text',
    );
    for (const [column, kind] of [
      ['warns_at', 'warn'],
      ['closes_at', 'auto_close'],
      ['archives_at', 'archive'],
    ] as const)
      this.addSql(`update ticket t set ${column} = o.due_at, timing = (select q.timing_policy_id from queue q where q.id = t.queue_id)
        from obligation o where o.kind = '${kind}' and o.entity = 'ticket:CS-' || lpad(t.number::text, greatest(6, length(t.number::text)), '0')`);
    this.addSql('alter table ticket drop column silent_since, drop column warned_at');
  }

  /** Adds the old columns back, filled from the deadlines and the present policies; a policy changed since gives other values. */
  override down(): void {
    this.addSql('alter table ticket add column silent_since timestamptz(3), add column warned_at timestamptz(3)');
    this.addSql(`update ticket t set silent_since = t.closes_at - make_interval(secs => p.auto_close_after_seconds)
      from queue q join timing_policy p on p.id = q.timing_policy_id where q.id = t.queue_id and t.closes_at is not null`);
    this.addSql('alter table ticket drop column warns_at, drop column closes_at, drop column archives_at, drop column timing');
  }
}
