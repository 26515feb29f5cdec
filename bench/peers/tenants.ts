import { readConnectionFile } from '../../src/database/embedded/connection-file.js'
import { startOverPlans } from '../load/tenants.js'
import { openBenchDatabase } from './database.js'
import { kithDialect } from './kith-dialect.js'
import type { OpenSides } from './open-sides.js'
import { kithStatements, type Side } from './side.js'
import { OWN_CONTACTS } from './slots.js'

/** The tenants by their slugs: of 20,000 contacts, and of as many as the database was made with. */
const TENANTS = ['middle', 'large']

/**
 * Two tenants of one server as sides, the smaller one first, beside 48 others in one database, which may have to be built: a
 * million contacts take 10 minutes.
 * @throws Error where the server doesn't start; then nothing runs on
 */
export async function openTenants(contacts: number): Promise<Pick<OpenSides, 'sides' | 'close'>> {
  const { dataDir, server } = await startOverPlans(contacts)
  const closing = [server.stop]
  const close = async (): Promise<void> => {
    for (const end of closing.reverse()) await end()
  }
  try {
    const { urls, pid: postgresPid } = readConnectionFile(dataDir) ?? {}
    if (!urls || postgresPid === undefined) throw new Error(`${dataDir} has no database.`)
    // Both are opened before contacts are taken: to open one forgets what others took.
    const opened = []
    for (const slug of TENANTS) {
      const database = await openBenchDatabase(urls.migration, slug)
      opened.push({ slug, database })
      closing.push(database.close, database.restore)
    }
    const sides: Side[] = []
    for (const { slug, database } of opened) {
      const [target, own] = [await server.target(slug), await database.takeContacts(OWN_CONTACTS)]
      const kith = { target, pid: server.pid, postgresPid, statements: kithStatements(target), dialect: kithDialect }
      sides.push({ name: slug, ...kith, samples: database.samples, own })
    }
    return { sides, close }
  } catch (error) {
    await close()
    throw error
  }
}
