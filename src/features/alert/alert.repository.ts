import type { Database } from '../../database/database.js'
import type { Alert, AlertState } from '../../metrics/alert-state.js'
import type { AlertGroup } from '../../metrics/alert-groups.js'

/** What stands in the database of alerts and of what was told of them. */
export interface KeptAlerts {
  /** raised by each evaluation and each change by hand */
  readonly version: number
  /** milliseconds since 1970 */
  readonly evaluatedAtMs: number
  readonly open: readonly Alert[]
  /** the last resolved one of each fingerprint that was told, that is silenced, or that was resolved in the last hour */
  readonly last: readonly Alert[]
  readonly groups: readonly AlertGroup[]
}

/** A notification that is to be sent. */
export interface NewNotification {
  readonly id: string
  readonly group: string
  readonly payload: object
}

/** What an evaluation came to. */
export interface AlertChanges {
  readonly alerts: readonly Alert[]
  readonly droppedIds: readonly string[]
  readonly groups: readonly AlertGroup[]
  readonly notifications: readonly NewNotification[]
}

const ms = (column: string, name: string): string => `round(extract(epoch from ${column}) * 1000)::float8 as "${name}"`
const COLUMNS = `a.id, a.fingerprint, a.rule, a.labels, a.severity, a.state, a.summary, a.value, a.threshold, a.unit,
  ${ms('a.pending_since', 'pendingSinceMs')}, ${ms('a.firing_since', 'firingSinceMs')}, ${ms('a.exceeded_at', 'exceededAtMs')},
  ${ms('a.resolved_at', 'resolvedAtMs')}, ${ms('a.silenced_until', 'silencedUntilMs')}, a.silenced_by as "silencedBy",
  ${ms('a.acknowledged_at', 'acknowledgedAtMs')}, a.acknowledged_by as "acknowledgedBy", a.inhibited_by as "inhibitedBy"`
const at = (name: string): string => `to_timestamp(n."${name}" / 1000)`

/** All that an evaluation starts from. */
export async function readKept(database: Database, now: Date): Promise<KeptAlerts> {
  const [[turn], open, last, groups] = await Promise.all([
    database.system<{ version: number; evaluatedAtMs: number }>({
      label: 'readAlertTurn',
      prepared: true,
      text: `select version::float8, ${ms('evaluated_at', 'evaluatedAtMs')} from kith_alert.turns`,
      values: [],
    }),
    database.system<Alert>({
      label: 'listOpenAlerts',
      prepared: true,
      text: `select ${COLUMNS} from kith_alert.alerts as a where a.resolved_at is null order by a.pending_since, a.id`,
      values: [],
    }),
    database.system<Alert>({
      label: 'listLastAlerts',
      prepared: true,
      text: `select distinct on (a.fingerprint) ${COLUMNS} from kith_alert.alerts as a
        where a.resolved_at is not null and (a.resolved_at > $1::timestamptz - interval '1 hour' or a.silenced_until > $1
          or exists (select from kith_alert.groups as g where a.fingerprint = any (g.told)))
        order by a.fingerprint, a.resolved_at desc`,
      values: [now],
    }),
    database.system<AlertGroup>({
      label: 'listAlertGroups',
      prepared: true,
      text: `select name, ${ms('changed_at', 'changedAtMs')}, ${ms('told_at', 'toldAtMs')}, told
        from kith_alert.groups order by name`,
      values: [],
    }),
  ])
  return { version: turn?.version ?? 0, evaluatedAtMs: turn?.evaluatedAtMs ?? 0, open, last, groups }
}

const ADVANCE = `
  with turn as (
    update kith_alert.turns set version = version + 1, evaluated_at = $2 where version = $1 returning version
  ), dropped as (
    delete from kith_alert.alerts as a using turn
    where a.id = any ($4::uuid[]) or a.resolved_at < $2::timestamptz - interval '400 days'
  ), saved as (
    insert into kith_alert.alerts (id, fingerprint, rule, labels, severity, state, summary, value, threshold, unit, pending_since,
      firing_since, exceeded_at, resolved_at, silenced_until, silenced_by, acknowledged_at, acknowledged_by, inhibited_by)
    select n.id, n.fingerprint, n.rule, n.labels, n.severity, n.state, n.summary, n.value, n.threshold, n.unit,
      ${at('pendingSinceMs')}, ${at('firingSinceMs')}, ${at('exceededAtMs')}, ${at('resolvedAtMs')}, ${at('silencedUntilMs')},
      n."silencedBy", ${at('acknowledgedAtMs')}, n."acknowledgedBy", n."inhibitedBy"
    from turn, jsonb_to_recordset($3) as n (id uuid, fingerprint text, rule text, labels jsonb, severity text, state text,
      summary text, value float8, threshold float8, unit text, "pendingSinceMs" float8, "firingSinceMs" float8,
      "exceededAtMs" float8, "resolvedAtMs" float8, "silencedUntilMs" float8, "silencedBy" text, "acknowledgedAtMs" float8,
      "acknowledgedBy" text, "inhibitedBy" text)
    on conflict (id) do update set state = excluded.state, summary = excluded.summary, value = excluded.value,
      threshold = excluded.threshold, pending_since = excluded.pending_since, firing_since = excluded.firing_since,
      exceeded_at = excluded.exceeded_at, resolved_at = excluded.resolved_at, inhibited_by = excluded.inhibited_by
  ), told as (
    insert into kith_alert.groups (name, changed_at, told_at, told)
    select n.name, ${at('changedAtMs')}, ${at('toldAtMs')}, array(select jsonb_array_elements_text(n.told))
    from turn, jsonb_to_recordset($5) as n (name text, "changedAtMs" float8, "toldAtMs" float8, told jsonb)
    on conflict (name) do update set changed_at = excluded.changed_at, told_at = excluded.told_at, told = excluded.told
  ), made as (
    insert into kith_alert.notifications (id, group_name, payload, created_at, next_attempt_at)
    select n.id, n."group", n.payload, $2, $2 from turn, jsonb_to_recordset($6) as n (id uuid, "group" text, payload jsonb)
  )
  select exists (select from turn) as "isDone"`

/**
 * Keeps what an evaluation came to that started from `version`; false where somebody else kept something since: then
 * nothing is changed.
 */
export async function advanceAlerts(
  database: Database,
  version: number,
  now: Date,
  { alerts, droppedIds, groups, notifications }: AlertChanges,
): Promise<boolean> {
  const values = [version, now, ...[alerts, droppedIds, groups, notifications].map((value) => JSON.stringify(value))]
  values[3] = droppedIds as never
  const [row] = await database.systemChange<{ isDone: boolean }>({
    label: 'advanceAlerts',
    prepared: true,
    text: ADVANCE,
    values,
  })
  return row?.isDone === true
}

// CRITICAL before WARNING, what is open before what is over.
const ORDER = `a.resolved_at is not null, a.severity, coalesce(a.resolved_at, a.firing_since, a.pending_since) desc, a.rule, a.labels::text`

/** Alerts in some states: open ones, and those resolved since a moment. */
export function listAlerts(
  database: Database,
  states: readonly AlertState[],
  since: Date,
  first: number,
): Promise<Alert[]> {
  return database.system<Alert>({
    label: 'listAlerts',
    prepared: true,
    text: `select ${COLUMNS} from kith_alert.alerts as a
      where a.state = any ($1) and (a.resolved_at is null or a.resolved_at >= $2) order by ${ORDER} limit $3`,
    values: [states, since, first],
  })
}

// Whoever evaluates at the moment must start again, or its answer would undo the change.
const TURN = `turn as (update kith_alert.turns set version = version + 1 where exists (select from changed))`

/** Sets until when nobody is told of an alert; undefined where there is no such alert. */
export async function silenceAlert(
  database: Database,
  id: string,
  until: Date | null,
  by: string,
): Promise<Alert | undefined> {
  const [alert] = await database.systemChange<Alert>({
    label: 'silenceAlert',
    prepared: true,
    text: `with changed as (
        update kith_alert.alerts as a set silenced_until = $2, silenced_by = $3 where a.id = $1 returning a.*
      ), ${TURN} select ${COLUMNS} from changed as a`,
    values: [id, until, until === null ? null : by],
  })
  return alert
}

/** Notes who looks after an open alert, first come first served; undefined where there is no such open alert. */
export async function acknowledgeAlert(
  database: Database,
  id: string,
  now: Date,
  by: string,
): Promise<Alert | undefined> {
  const [alert] = await database.systemChange<Alert>({
    label: 'acknowledgeAlert',
    prepared: true,
    text: `with changed as (
        update kith_alert.alerts as a set acknowledged_at = coalesce(a.acknowledged_at, $2),
          acknowledged_by = coalesce(a.acknowledged_by, $3)
        where a.id = $1 and a.resolved_at is null returning a.*
      ), ${TURN} select ${COLUMNS} from changed as a`,
    values: [id, now, by],
  })
  return alert
}
