import type { Database } from '../../database/database.js'

export type MarkKind = 'START' | 'MIGRATION' | 'ALERT_FIRING' | 'ALERT_RESOLVED'

/** Something that may explain a change of the figures. */
export interface MarkRow {
  readonly at: string
  readonly kind: MarkKind
  readonly text: string
}

/** The latest marks since a moment, `first` at most, the oldest first. */
export function listMarks(database: Database, since: Date, first: number): Promise<MarkRow[]> {
  return database.system<MarkRow>({
    label: 'listMarks',
    prepared: true,
    text: `select m.at, m.kind, m.text from (
        select s.at, 'START' as kind, format('process %s, version %s', s.process, s.version) as text
        from kith_history.starts as s where s.at >= $1
        union all
        select p.finished_at, 'MIGRATION', p.migration_name from _prisma_migrations as p
        where p.finished_at >= $1 and p.rolled_back_at is null
        union all
        select a.firing_since, 'ALERT_FIRING', format('%s: %s', a.rule, a.summary) from kith_alert.alerts as a
        where a.firing_since >= $1
        union all
        select a.resolved_at, 'ALERT_RESOLVED', a.rule || coalesce(' ' || (select string_agg(l.value, ' ' order by l.key) from jsonb_each_text(a.labels) as l), '')
        from kith_alert.alerts as a where a.resolved_at >= $1
        order by 1 desc, 2, 3 limit $2
      ) as m order by m.at, m.kind, m.text`,
    values: [since, first],
  })
}
