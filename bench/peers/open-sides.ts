import { DEMO_COUNT, openDemo } from '../load/demo.js'
import { THIS_CHECKOUT } from '../load/server.js'
import { openBenchDatabase } from './database.js'
import { ceilingDialect, kithDialect, plainDialect } from './kith-dialect.js'
import { postgraphileDialect } from './postgraphile-dialect.js'
import { startPeer } from './process-peer.js'
import { kithStatements, type Side } from './side.js'
import { OWN_CONTACTS } from './slots.js'
import type { Dialect } from './works.js'

const PEERS: readonly { readonly name: string; readonly file: string; readonly dialect: Dialect }[] = [
  { name: 'PostGraphile', file: 'postgraphile.mjs', dialect: postgraphileDialect },
  { name: 'plain', file: 'plain.mjs', dialect: plainDialect },
  { name: 'ceiling', file: 'ceiling.mjs', dialect: ceilingDialect },
]

/** The servers that are compared, this checkout's Kith first. */
export interface OpenSides {
  readonly sides: readonly Side[]
  /** Brings the rows back that were changed, and ends all servers. */
  readonly close: () => Promise<void>
}

/**
 * Starts Kith over the demo data of the bench and every peer over the same database; another checkout of Kith too, with
 * a database of its own.
 * @throws Error where one doesn't start; then none runs on
 */
export async function openSides(against: string | undefined): Promise<OpenSides> {
  const closing: (() => Promise<void>)[] = []
  const close = async (): Promise<void> => {
    for (const end of closing.reverse()) await end()
  }
  const openKith = async (
    name: string,
    checkout: string,
  ): Promise<{ side: Side; take: () => Promise<Side['own']>; url: string }> => {
    const demo = await openDemo(checkout, 'peers', DEMO_COUNT)
    closing.push(demo.stop)
    const database = await openBenchDatabase(demo.urls.migration, 'demo')
    closing.push(async () => {
      await database.restore()
      await database.close()
    })
    const take = (): Promise<Side['own']> => database.takeContacts(OWN_CONTACTS)
    const { target, pid, postgresPid } = demo
    const side = {
      ...{ name, target, pid, postgresPid, statements: kithStatements(target), dialect: kithDialect },
      ...{ samples: database.samples, own: await take() },
    }
    return { side, take, url: demo.urls.migration }
  }
  try {
    const { side: kith, take, url } = await openKith('Kith', THIS_CHECKOUT)
    const sides = [kith]
    if (against !== undefined) sides.push((await openKith('against', against)).side)
    for (const { name, file, dialect } of PEERS) {
      console.error(`Starting ${name} …`)
      const { pid, address, statements, stop } = await startPeer(file, url, kith.samples.tenantId)
      closing.push(stop)
      sides.push({
        ...kith,
        ...{ name, target: { ...kith.target, address }, pid, statements, dialect, own: await take() },
      })
    }
    return { sides, close }
  } catch (error) {
    await close()
    throw error
  }
}
