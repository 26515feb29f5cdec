import { optimizeDatabase } from '../commands/optimize-database.js'
import { patientOptions, type ConnectOptions } from '../commands/open-database.js'
import { withOwner } from '../database/admin/care/owner.js'
import { createDatabase, type Database } from '../database/database.js'
import { claimChore } from '../features/performance/history.repository.js'
import { repeat } from '../lib/repeat.js'
import type { MetricsLog } from '../metrics/metrics-log.js'

/** The care of the database that a server takes now and then. */
export interface ScheduledCare {
  /** Takes care where it is time and no other process is at it; never throws. */
  readonly tick: () => Promise<void>
  /** Takes no care any more; what runs may go on for some seconds. */
  readonly stop: () => Promise<void>
}

export interface CareSchedule {
  /** where the database is, as the server uses it */
  readonly connect: ConnectOptions
  /** the same as its owner, who alone may make indexes */
  readonly migrationUrl: string
  readonly everyHours: number
  readonly log: MetricsLog
  /** how often it is looked whether it is time; 0 for never by itself */
  readonly tickSeconds: number
  readonly nowMs?: () => number
}

const CHORE = 'optimize'
const HOUR_MS = 3_600_000
const STOP_MS = 3000
const CONNECTIONS = 2

/**
 * Does what `npm run db:optimize` does, every so many hours, by one of all processes: the one that notes its beginning in the
 * database first. It has connections of its own, whose statements may take longer than those of requests. What is done
 * or found is logged, a line each.
 */
export function scheduleCare(schedule: CareSchedule): ScheduledCare {
  const { connect, migrationUrl, everyHours, log, tickSeconds, nowMs = Date.now } = schedule

  const open = (): Database => {
    const { pool, timeouts } = patientOptions(connect)
    return createDatabase({ timeouts, pool: { ...pool, max: CONNECTIONS, maxIdle: 0 } })
  }
  const run = async (): Promise<void> => {
    const database = open()
    try {
      if (!(await claimChore(database, CHORE, new Date(nowMs()), everyHours * HOUR_MS))) return
      const say = (line: string): void => log.info({ care: line }, 'care of the database')
      await withOwner(migrationUrl, (client) => optimizeDatabase(client, database, { isCheck: false, say }))
    } catch (error) {
      log.warn({ err: error }, 'care of the database failed; it is taken again at its next time')
    } finally {
      await database.close()
    }
  }
  const { tick, stop } = repeat(run, tickSeconds)
  return {
    tick,
    async stop() {
      let limit: NodeJS.Timeout | undefined
      await Promise.race([stop(), new Promise((resolve) => (limit = setTimeout(resolve, STOP_MS)))])
      clearTimeout(limit)
    },
  }
}
