import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { tokenKeys } from '../../../src/features/identity/principal.service.js'
import { signOperatorToken } from '../../../src/features/identity/token.js'
import { runAsAdmin } from '../../setup/test-run.js'
import { TEST_SECRET } from '../../support/api.js'
import { startHttpServer, type GraphQLBody, type HttpServer } from '../support/http-server.js'

const ALERT_ID = '0190b0c0-0000-7000-8000-00000000000a'

let server: HttpServer

beforeAll(async () => {
  server = await startHttpServer({ isLocal: false, hasSandbox: false })
})

afterAll(() => server.close())

const operatorToken = (): Promise<string> => signOperatorToken(tokenKeys(TEST_SECRET).operators, new Date(), 600)

async function send(token: string, query: string) {
  const response = await fetch(`${server.base}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  })
  return { status: response.status, body: (await response.json()) as GraphQLBody }
}

const refusals = ({ errors = [] }: GraphQLBody): unknown[] =>
  errors.map(({ message, extensions: { code } }) => ({ code, message }))

test('an operator looks after alerts, which no role of a tenant may', async () => {
  await runAsAdmin(
    server.clone.adminUrl,
    `insert into kith_alert.alerts (id, fingerprint, rule, labels, severity, state, summary, value, threshold, unit, pending_since, firing_since)
     values ('${ALERT_ID}', 'f', 'DEAD_ROWS', '{"table":"contacts"}', 'WARNING', 'FIRING', 'Dead.', 0.3, 0.2, 'part', now(), now())`,
  )
  const state = (): Promise<unknown> =>
    runAsAdmin(server.clone.adminUrl, 'select silenced_by, acknowledged_by from kith_alert.alerts').then(
      ({ rows }) => rows,
    )
  const mutations = [
    `silenceAlert(input: { id: "${ALERT_ID.toUpperCase()}", minutes: 5, by: "Ada" }) { alert { id silencedBy } userErrors { code } }`,
    `acknowledgeAlert(input: { id: "${ALERT_ID}", by: "Ada" }) { alert { acknowledgedBy labels { name value } } userErrors { code } }`,
  ]
  for (const mutation of mutations) {
    for (const role of ['ADMIN', 'MANAGER', 'MEMBER', 'VIEWER'] as const) {
      const { body } = await send(await server.token(role), `mutation { ${mutation} }`)
      expect(refusals(body)).toEqual([
        { code: 'FORBIDDEN', message: "This is of the whole server: it needs an operator's token." },
      ])
    }
    expect((await send('nonsense', `mutation { ${mutation} }`)).status).toBe(401)
  }
  expect(await state()).toEqual([{ silenced_by: null, acknowledged_by: null }])
  const { body } = await send(await operatorToken(), `mutation { ${mutations.join(' ')} }`)
  expect([body.errors, body.data]).toEqual([
    undefined,
    {
      silenceAlert: { alert: { id: ALERT_ID, silencedBy: 'Ada' }, userErrors: [] },
      acknowledgeAlert: {
        alert: { acknowledgedBy: 'Ada', labels: [{ name: 'table', value: 'contacts' }] },
        userErrors: [],
      },
    },
  ])
  expect(await state()).toEqual([{ silenced_by: 'Ada', acknowledged_by: 'Ada' }])
  const read =
    '{ performance { alerts(states: [FIRING], first: 1) { id state } alertRules { name missing } marks { kind text } } }'
  const { data } = (await send(await operatorToken(), read)).body
  expect(data['performance'].alerts).toEqual([{ id: ALERT_ID, state: 'FIRING' }])
  expect(data['performance'].alertRules).toHaveLength(9)
  expect(data['performance'].alertRules[0]).toEqual({
    name: 'DATABASE_DOWN',
    missing: 'KITH_ALERT_SECONDS is 0: no rule is evaluated.',
  })
  expect(data['performance'].marks).toContainEqual({ kind: 'ALERT_FIRING', text: 'DEAD_ROWS: Dead.' })
})
