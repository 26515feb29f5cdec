import { constants, setPriority } from 'node:os'
import { parseArgs } from 'node:util'
import { createGrowingStatistics, vacuumAnalyze } from '../database/admin/analyze.js'
import { findTenantBySlug } from '../features/tenant/tenant.service.js'
import { openDatabase } from './open-database.js'
import { createProgress, type LoadProgress, type Progress } from './progress.js'
import { runCommand, UsageError } from './run-command.js'

const USAGE = `usage: npm run db:seed -- --tenant <slug> [--contacts N] [--companies N] [--seed <text>] [--create]

Fills a tenant with demo data up to N contacts and N companies (20,000 each unless said); a tenant that is
absent is made locally, and in production with --create. Its records end with yesterday; the same seed and
day give the same rows.`
const DEFAULT_COUNT = 20_000
const MAX_COUNT = 10_000_000

function readCount(option: string, text: string | undefined): number {
  const count = text === undefined ? DEFAULT_COUNT : Number(text.replaceAll(/[_,]/g, ''))
  if (!Number.isInteger(count) || count < 0 || count > MAX_COUNT) throw new UsageError(`--${option}: 0 to 10,000,000`)
  return count
}

/**
 * Tells the process that started this one, which serves meanwhile: once the first records are there, this one gives way
 * to it. Without it, it ends: the next start goes on.
 */
function reportProgress(): Progress {
  process.once('disconnect', () => process.exit(1))
  // The channel is no reason to stay.
  process.channel?.unref()
  return {
    update(done, total) {
      process.send?.({ done, total } satisfies LoadProgress)
      if (done > 0) setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
    },
    end: () => undefined,
  }
}

await runCommand(async (args) => {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args,
    options: { tenant: text, contacts: text, companies: text, seed: text, create: { type: 'boolean' } },
  })
  if (!values.tenant) throw new UsageError(USAGE)
  const [contacts, companies] = [readCount('contacts', values.contacts), readCount('companies', values.companies)]
  // Only here: production may be without faker, which the generator needs.
  const { loadDemo } = await import('../demo/load.js')
  const { config, database, migrationUrl, close } = await openDatabase()
  try {
    const mayCreate = config.environment === 'local' || values.create === true
    if (!mayCreate && !(await findTenantBySlug(database, values.tenant))) {
      throw new Error(`There is no tenant ${values.tenant}; --create makes it.`)
    }
    const startedAtMs = performance.now()
    const progress = process.send ? reportProgress() : createProgress(process.stderr, `demo data for ${values.tenant}`)
    const seed = values.seed === undefined ? {} : { seed: values.seed }
    const statistics = migrationUrl ? createGrowingStatistics(migrationUrl) : undefined
    const result = await loadDemo(database, {
      tenantSlug: values.tenant,
      contacts,
      companies,
      ...seed,
      now: new Date(),
      onProgress(done, total) {
        progress.update(done, total)
        statistics?.update(done)
      },
    })
    progress.end()
    await statistics?.end()
    if (migrationUrl) await vacuumAnalyze(migrationUrl)
    const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1)
    console.error(
      `Added ${result.addedCompanies} companies, ${result.addedContacts} contacts and ${result.addedContactInfo} rows of contact info in ${seconds} s.`,
    )
  } finally {
    await close()
  }
}, USAGE)
