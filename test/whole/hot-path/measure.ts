import { PerformanceObserver } from 'node:perf_hooks'
import { setImmediate as turn } from 'node:timers/promises'
import type { Principal } from '../../../src/lib/principal.js'
import { createTestApi } from '../../support/api.js'
import { openCountedDatabase, type RoundTrips } from '../../support/round-trips.js'
import { QUESTIONS, type Question, type Samples } from './questions.js'

/*
 * A program: it asks each question some times, and prints what one request took, as JSON. Its process has a young
 * generation that is large enough for all that is measured, so that nothing is collected meanwhile and the heap grows by
 * what is allocated.
 */

/** What one request of a question takes. */
export interface Taken {
  readonly name: string
  readonly statements: number
  readonly roundTrips: number
  /** texts that the runs after the first one brought beside those of the first */
  readonly newTexts: number
  /** allocated in the heap */
  readonly kilobytes: number
}

const WARM_RUNS = 60
const RUNS = 20

interface Given {
  readonly databaseUrl: string
  readonly principal: Principal
  readonly samples: Samples
}

const given = JSON.parse(process.argv[2] ?? '') as Given
const trips: RoundTrips = { count: 0 }
const api = createTestApi(given.databaseUrl, (options) => openCountedDatabase(options, trips))
let collections = 0
new PerformanceObserver((list) => (collections += list.getEntries().length)).observe({ entryTypes: ['gc'] })

let run = 0
async function ask({ name, query, variables }: Question): Promise<void> {
  const answer = await api.run(given.principal, query, variables(run++, given.samples))
  const refused = Object.values(answer.data ?? {}).flatMap((value: { userErrors?: object[] } | string) =>
    typeof value === 'string' ? [] : (value.userErrors ?? []),
  )
  if (answer.errors || !answer.data || refused.length > 0) throw new Error(`${name}: ${JSON.stringify(answer)}`)
}

async function measure(question: Question): Promise<Taken> {
  const textsOf = async (runs: number): Promise<Set<string>> => {
    const texts = new Set<string>()
    for (let each = 0; each < runs; each++) {
      for (const { text } of await api.statements(() => ask(question))) texts.add(text)
    }
    return texts
  }
  const first = await textsOf(1)
  const all = await textsOf(WARM_RUNS)
  const before = trips.count
  const statements = await api.statements(() => ask(question))
  const roundTrips = trips.count - before
  globalThis.gc?.()
  // A collection is told a few turns later.
  for (let each = 0; each < 10; each++) await turn()
  const collectionsBefore = collections
  const bytesBefore = process.memoryUsage().heapUsed
  for (let each = 0; each < RUNS; each++) await ask(question)
  const bytes = process.memoryUsage().heapUsed - bytesBefore
  for (let each = 0; each < 10; each++) await turn()
  if (collections !== collectionsBefore) throw new Error(`${question.name}: the heap was collected meanwhile`)
  return {
    name: question.name,
    statements: statements.length,
    roundTrips,
    newTexts: [...all].filter((text) => !first.has(text)).length,
    kilobytes: Math.round(bytes / RUNS / 1024),
  }
}

const taken: Taken[] = []
for (const question of QUESTIONS) taken.push(await measure(question))
await api.close()
console.log(JSON.stringify(taken))
