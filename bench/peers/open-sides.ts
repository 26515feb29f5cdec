import { fileURLToPath } from 'node:url'
import { DEMO_COUNT, demoFolder, haveSameMigrations, openDemo } from '../load/demo.js'
import { startServer, THIS_CHECKOUT } from '../load/server.js'
import { openBenchDatabase } from './database.js'
import { ceilingDialect } from './ceiling-dialect.js'
import { kithDialect } from './kith-dialect.js'
import { plainDialect } from './plain-dialect.js'
import { buildKeystone, installPackages, KEYSTONE_CLI } from './install.js'
import { keystoneDialect } from './keystone-dialect.js'
import { postgraphileDialect } from './postgraphile-dialect.js'
import { startPeer, type PeerProgram } from './process-peer.js'
import { kithStatements, type Side } from './side.js'
import { OWN_CONTACTS } from './slots.js'
import type { Dialect } from './works.js'

interface Peer {
  readonly name: string
  readonly program: PeerProgram
  readonly dialect: Dialect
  /** Installs and builds what it needs and isn't there yet. */
  readonly prepare?: () => void
}

const KEYSTONE = fileURLToPath(new URL('keystone/', import.meta.url))

const PEERS: readonly Peer[] = [
  { name: 'PostGraphile', program: { file: 'postgraphile.mjs' }, dialect: postgraphileDialect },
  { name: 'plain', program: { file: 'plain.mjs' }, dialect: plainDialect },
  {
    name: 'Keystone',
    program: { file: `keystone/${KEYSTONE_CLI}`, args: ['start', '--no-ui'], folder: 'keystone' },
    dialect: keystoneDialect,
    prepare() {
      installPackages(KEYSTONE)
      buildKeystone(KEYSTONE)
    },
  },
  { name: 'ceiling', program: { file: 'ceiling.mjs' }, dialect: ceilingDialect },
]

/** The peers by their names. */
export const PEER_NAMES = PEERS.map(({ name }) => name)

/** The servers that are compared, this checkout's Kith first. */
export interface OpenSides {
  readonly sides: readonly Side[]
  readonly postgresVersion: string
  /** Brings the rows back that were changed, and ends all servers. */
  readonly close: () => Promise<void>
}

/**
 * Starts Kith over the demo data of the bench and every peer over the same database. Another checkout of Kith uses it
 * too, where it has the same migrations; else it has a database of its own, and its answers are compared with nothing.
 * `peers` are the names of those that are wanted.
 * @throws Error where one doesn't start; then none runs on
 */
export async function openSides(peers: readonly string[], against: string | undefined): Promise<OpenSides> {
  const closing: (() => Promise<void>)[] = []
  const close = async (): Promise<void> => {
    for (const end of closing.reverse()) await end()
  }
  const openKith = async (name: string, checkout: string): Promise<OpenKith> => {
    const demo = await openDemo(checkout, 'peers', DEMO_COUNT)
    closing.push(demo.stop)
    const database = await openBenchDatabase(demo.urls.migration, 'demo')
    closing.push(async () => {
      await database.restore()
      await database.close()
    })
    const take = (): Promise<Side['own']> => database.takeContacts(OWN_CONTACTS)
    const { target, pid, postgresPid } = demo
    const kith = { name, target, pid, postgresPid, statements: kithStatements(target), dialect: kithDialect }
    const { samples, postgresVersion } = database
    return { side: { ...kith, samples, own: await take() }, take, databaseUrl: demo.urls.migration, postgresVersion }
  }
  const openOther = async (checkout: string, { side, take }: OpenKith): Promise<Side> => {
    if (!haveSameMigrations(THIS_CHECKOUT, checkout)) {
      console.error(`${checkout} has other migrations: its database is its own, and its answers aren't compared.`)
      return (await openKith('against', checkout)).side
    }
    console.error(`Starting ${checkout} over the same database …`)
    const { pid, target: targetOf, stop } = await startServer(checkout, demoFolder(THIS_CHECKOUT, 'peers', DEMO_COUNT))
    closing.push(stop)
    const target = await targetOf('demo')
    return { ...side, name: 'against', target, pid, statements: kithStatements(target), own: await take() }
  }
  try {
    const kith = await openKith('Kith', THIS_CHECKOUT)
    const sides = [kith.side]
    if (against !== undefined) sides.push(await openOther(against, kith))
    for (const { name, program, dialect, prepare } of PEERS.filter(({ name }) => peers.includes(name))) {
      prepare?.()
      console.error(`Starting ${name} …`)
      const { pid, address, statements, stop } = await startPeer(program, kith.databaseUrl, kith.side.samples.tenantId)
      closing.push(stop)
      const target = { ...kith.side.target, address }
      sides.push({ ...kith.side, name, target, pid, statements, dialect, own: await kith.take() })
    }
    return { sides, postgresVersion: kith.postgresVersion, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Kith over a database, whose owner can take contacts for further sides. */
interface OpenKith {
  readonly side: Side
  readonly take: () => Promise<Side['own']>
  readonly databaseUrl: string
  readonly postgresVersion: string
}
