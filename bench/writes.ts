import { openCheckouts, readOptions } from './load/checkouts.js'
import { DEMO_COUNT } from './load/demo.js'
import { saveReport } from './load/report.js'
import { compareWorks, MOST_CONNECTIONS } from './load/turns.js'
import { removeCreated, writeWorks } from './load/write-works.js'

// At one connection some fifty requests.
const TURN_MS = 1000

/**
 * Writes over HTTP beside 20,000 contacts, at one and at 16 connections: of this checkout alone, or side by side with
 * another one.
 */
export async function run(): Promise<void> {
  const { against, contacts = DEMO_COUNT, rounds } = readOptions(process.argv.slice(3))
  const { targets, names, stop } = await openCheckouts('writes', against, contacts)
  const removeAll = () => Promise.all(targets.map((target) => removeCreated(target, MOST_CONNECTIONS)))
  try {
    await removeAll()
    const sides = await Promise.all(
      targets.map(async (target) => ({ target, works: await writeWorks(target, MOST_CONNECTIONS) })),
    )
    const results = await compareWorks(sides, rounds, TURN_MS)
    await removeAll()
    const title = `Writes over HTTP beside ${contacts.toLocaleString('en-US')} contacts.`
    saveReport('writes', { title, sides: names, rounds, results })
  } finally {
    await stop()
  }
}
