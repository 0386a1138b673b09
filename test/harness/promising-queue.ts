/** Makes a queue promise something behind the product's back: what the API refuses as too short for people is right for tests. */

type Query = (sql: string, values?: unknown[]) => Promise<unknown>;

/** From now on the queue promises an answer within so many minutes, day and night, and a fix within three times as many. */
export async function letQueuePromise(query: Query, category: string, minutes: number): Promise<void> {
  await query(
    `with always as (
        insert into calendar (id, name, version, created_at, updated_at) values ('cal_always', '{"en": "Always"}', 1, to_timestamp(0), to_timestamp(0))),
      version as (
        insert into calendar_version (calendar_id, version, definition, made_at)
          values ('cal_always', 1, '{"zone": "UTC", "weekdays": [1,2,3,4,5,6,7], "opens": 0, "closes": 1440, "honourShortDays": false, "years": {}}', to_timestamp(0))),
      terms as (
        insert into service_terms (id, plan_id, version, response, critical_fix, calendar_id, made_at)
          values ('trm_quick', 'sla_quick', 1, jsonb_build_object('amount', $1::numeric, 'unit', 'minutes'),
            jsonb_build_object('amount', 3 * $1::numeric, 'unit', 'minutes'), 'cal_always', to_timestamp(0)))
      insert into sla_plan (id, name, rank, terms_id, revision, created_at, updated_at)
        values ('sla_quick', '{"en": "Quick"}', 1, 'trm_quick', 1, to_timestamp(0), to_timestamp(0))`,
    [minutes],
  );
  await query(`update queue set sla_plan_id = 'sla_quick' where category = $1`, [category]);
}
