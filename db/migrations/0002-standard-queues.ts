import { raw } from '@mikro-orm/core';
import { Migration } from '@mikro-orm/migrations';
import { spellId } from '../../domain/ids.ts';
import { timingPresets } from '../../domain/timing-policy.ts';

/** The two timing presets (SPEC T8) and the six standard queues (SPEC T1), all on the default preset `7+7`. */
export class StandardQueues extends Migration {
  override up(): void {
    for (const [position, preset] of presets.entries())
      this.addSql(
        raw(
          'insert into timing_policy (id, name, auto_close_after_seconds, archive_after_seconds, warn_before_seconds) values (?, ?::jsonb, ?, ?, ?)',
          [
            fixedId('timingPolicy', position),
            JSON.stringify(preset.name),
            preset.autoCloseAfterSeconds,
            preset.archiveAfterSeconds,
            preset.warnBeforeSeconds,
          ],
        ),
      );
    for (const [position, queue] of queues.entries())
      this.addSql(
        raw(
          'insert into queue (id, category, name, timing_policy_id, reopen_after_manual_close, position) values (?, ?, ?::jsonb, ?, true, ?)',
          [fixedId('queue', position), queue.category, JSON.stringify(queue.name), fixedId('timingPolicy', 0), position],
        ),
      );
  }

  /** Queues that tickets lie in cannot be taken away. */
  override down(): void {
    throw new Error('the standard queues cannot be taken away; restore a backup instead');
  }
}

const presets = [
  { name: { en: 'Closes after 7 days, archived 7 days later', ru: 'Закрытие через 7 дней, архив ещё через 7' }, ...timingPresets['7+7'] },
  { name: { en: 'Closes after 3 days, archived a day later', ru: 'Закрытие через 3 дня, архив ещё через день' }, ...timingPresets['3+1'] },
];

const queues = [
  { category: 'technical', name: { en: 'Technical', ru: 'Техническая' } },
  { category: 'billing', name: { en: 'Billing', ru: 'Биллинг' } },
  { category: 'licence', name: { en: 'Licence', ru: 'Лицензия' } },
  { category: 'sales', name: { en: 'Sales', ru: 'Продажи' } },
  { category: 'general', name: { en: 'General', ru: 'Общая' } },
  { category: 'other', name: { en: 'Other', ru: 'Другое' } },
];

/** The same id on every installation, so that settings can be carried from one to another. */
function fixedId(kind: 'queue' | 'timingPolicy', position: number): string {
  return spellId(kind, new Date(0), new Uint8Array(10).fill(position, 9));
}
