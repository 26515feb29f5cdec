import { expect, test } from '@jest/globals'
import { createMetrics } from '../../../src/metrics/metrics.js'
import { createMonitoring } from '../../../src/start/services.js'
import { openDesk } from '../../support/desk.js'

const SILENT = { error: () => undefined, warn: () => undefined, info: () => undefined }
const forecast = (args: string) => `forecast(kind: GAUGES, measure: VALUE, ${args}) { budget missing }`
const busiest = (args: string) => `forecast(kind: TRANSACTIONS, ${args}) { budget missing }`
const FORECASTS = `{ performance {
  disk: ${forecast('name: "database.bytes"')}
  asked: ${forecast('name: "database.bytes", budget: 7')}
  contacts: ${forecast('name: "table.contacts.rows"')}
  connections: ${busiest('measure: BUSIEST_HOUR')}
  connectionsAsked: ${busiest('measure: BUSIEST_HOUR, budget: 20')}
  changes: ${busiest('measure: BUSIEST_HOUR, name: "change.insertRows"')}
  transactions: ${busiest('measure: COUNT')} } }`

test('the forecast of the database is held against its disk, that of the transactions against the connections of the server', async () => {
  const missing = 'Not enough history: 0 of 14 days.'
  for (const [diskBytes, budget] of [[5_000_000, 5_000_000], [0, null]] as const) {
    const monitoring = createMonitoring(createMetrics(SILENT, 1000), undefined, () => undefined, diskBytes)
    const desk = await openDesk(undefined, { monitoring })
    try {
      const [server] = await desk.sql(
        `select sum(case name when 'max_connections' then setting::int else -setting::int end)::int as room from pg_settings
         where name in ('max_connections', 'superuser_reserved_connections', 'reserved_connections')`,
      )
      const room = server?.['room'] as number
      const { data, errors } = await desk.api.run('OPERATOR', FORECASTS)
      expect(errors).toBeUndefined()
      expect(data?.['performance']).toEqual({
        disk: { budget, missing },
        asked: { budget: 7, missing },
        contacts: { budget: null, missing },
        connections: { budget: room, missing },
        connectionsAsked: { budget: 20, missing },
        changes: { budget: null, missing },
        transactions: { budget: null, missing },
      })
    } finally {
      await desk.close()
    }
  }
}) // prettier-ignore
