import { randomUUID } from 'node:crypto'
import { mutationText, type Desk } from '../support/desk.js'
import type { RoundTripCase } from './round-trip-cases.js'

/** An alert that fires, of a rule that nobody evaluates here; returns its id. */
async function insertAlert({ sql }: Pick<Desk, 'sql'>): Promise<string> {
  const id = randomUUID()
  await sql(
    `insert into kith_alert.alerts (id, fingerprint, rule, labels, severity, state, summary, value, threshold, unit, pending_since, firing_since)
     values ($1::uuid, ($1::uuid)::text, 'DEAD_ROWS', '{"table":"contacts"}', 'WARNING', 'FIRING', 'x', 0.3, 0.2, 'part', now(), now())`,
    [id],
  )
  return id
}

const byOperator = (name: string, more: object): RoundTripCase => ({
  name,
  prepare: async (desk) => ({
    principal: 'OPERATOR',
    query: mutationText(name, 'alert { id }'),
    variables: { input: { id: await insertAlert(desk), by: 'Ada', ...more } },
  }),
})

/** What an operator does with alerts. */
export const alertMutationCases: readonly RoundTripCase[] = [
  byOperator('silenceAlert', { minutes: 60 }),
  byOperator('acknowledgeAlert', {}),
]

/** What an operator reads of alerts. */
export const alertQueryCases: readonly RoundTripCase[] = [
  {
    name: 'performance: alerts and marks for an operator',
    prepare: () =>
      Promise.resolve({
        principal: 'OPERATOR',
        query: '{ performance { alerts { id } alertRules { name } marks { kind } } }',
        variables: {},
      }),
  },
]
