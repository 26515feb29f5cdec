import { isDeepStrictEqual } from 'node:util'
import { connect, type Connection } from './connection.js'
import { kithDialect } from './kith-dialect.js'
import { newContact, requestsOf, TITLES, writtenContact, type Side, type WorkName } from './side.js'
import { FOUND_ROWS, READS, type Asked, type Data, type OwnContact, type ReadName } from './works.js'

// PostgreSQL's and JavaScript's ways to write a moment.
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/

/**
 * Asks every side everything that will be timed and compares what they answer: the same rows in the same order, the
 * same fields, moments in whichever writing. Sides with a database of their own are compared with nothing.
 * @throws Error with the first difference
 */
export async function compareAnswers(sides: readonly Side[], works: readonly WorkName[]): Promise<void> {
  const alike = sides.filter(({ samples }) => samples === sides[0]?.samples)
  for (const work of works) {
    if (work === 'mix') continue
    const answered: { side: Side; answers: unknown }[] = []
    for (const side of alike) {
      const answers = await answersOf(side, work)
      if (answers !== null) answered.push({ side, answers: normalized(answers) })
    }
    for (const [index, { side, answers }] of answered.entries()) {
      const previous = answered[index - 1]
      if (!previous) continue
      // Kith ranks what holds the letters anywhere; the others have the newest contacts with the letters in a name.
      const areSearches = work === 'search' && previous.side.dialect === kithDialect && side.dialect !== kithDialect
      const [one, other] = areSearches ? [rowsOf(previous.answers), rowsOf(answers)] : [previous.answers, answers]
      const difference = firstDifference(one, other, '')
      if (difference) throw new Error(`${TITLES[work]}: ${previous.side.name} and ${side.name} differ ${difference}`)
    }
  }
}

const rowsOf = (answers: unknown): number[] => (answers as unknown[][]).map(({ length }) => length)

/** What of a side's answers is compared; null where it can't do the work. */
async function answersOf(side: Side, work: Exclude<WorkName, 'mix'>): Promise<unknown> {
  const connection = await connect(side.target)
  try {
    if (work === 'update') return await updated(side, connection)
    if (work === 'create') return await created(side, connection)
    const answers: unknown[] = []
    for (const asked of requestsOf(side, work) ?? []) {
      const data = await ask(connection, asked)
      answers.push(compared(work, side.dialect.shape?.[work]?.(data) ?? data))
    }
    return answers.length > 0 ? answers : null
  } catch (error) {
    throw new Error(`${TITLES[work]}: ${side.name}: ${error instanceof Error ? error.message : String(error)}`)
  } finally {
    connection.close()
  }
}

async function ask(connection: Connection, asked: Asked): Promise<Data> {
  const { text } = await connection.ask(JSON.stringify(asked))
  const { data, errors } = JSON.parse(text) as { data?: Data; errors?: unknown }
  if (!data || errors) throw new Error(`The server answered: ${text.slice(0, 1000)}`)
  return data
}

function compared(work: ReadName, data: Data): unknown {
  // Every server has a schema of its own.
  if (READS[work].compared === 'introspection') return typeof (data['__schema'] as { types?: unknown }).types
  return READS[work].compared === 'search' ? hitsOf(data['search']) : data
}

interface Hit {
  readonly id: string
  readonly fullName?: string
}

/** Hits, a page of them whole. @throws Error where the page isn't full */
function hitsOf(search: unknown): readonly Hit[] {
  const isList = Array.isArray(search)
  const hits = isList ? (search as Hit[]) : (search as { nodes: { record: Hit }[] }).nodes.map(({ record }) => record)
  if (hits.length !== FOUND_ROWS) throw new Error(`only ${hits.length} hits`)
  return hits
}

/** The answer to an update of one contact, the same one for every side, but for what each update makes anew. */
async function updated(side: Side, connection: Connection): Promise<unknown> {
  const contact = side.own[0] as OwnContact
  const { text } = await connection.ask(JSON.stringify(side.dialect.update(side.samples, contact, 'Engineer')))
  const { id, version, ...others } = writtenContact(side, 'update', text)
  if (id !== contact.id || version !== contact.version + 1) throw new Error(`The server answered: ${text}`)
  contact.version = version
  return keysAnd(others, ['jobTitle', 'deletedAt'])
}

async function created(side: Side, connection: Connection): Promise<unknown> {
  if (!side.dialect.create) return null
  const contact = newContact()
  const { text } = await connection.ask(JSON.stringify(side.dialect.create(side.samples, contact)))
  const { firstName, ...others } = writtenContact(side, 'create', text)
  if (firstName !== contact.firstName) throw new Error(`The server answered: ${text}`)
  return keysAnd(others, ['lastName', 'jobTitle', 'version', 'emailOptIn', 'companyId'])
}

/** Which fields there are, and the values of those that are alike for every contact. */
function keysAnd(contact: object, alike: readonly string[]): unknown {
  const entries = Object.entries(contact)
  return {
    keys: entries.map(([key]) => key).sort(),
    alike: Object.fromEntries(entries.filter(([key]) => alike.includes(key))),
  }
}

/** Where two answers differ first, with both values; undefined where they don't. */
function firstDifference(one: unknown, other: unknown, path: string): string | undefined {
  if (isDeepStrictEqual(one, other)) return undefined
  const areObjects = typeof one === 'object' && typeof other === 'object' && one && other
  for (const key of areObjects ? new Set([...Object.keys(one), ...Object.keys(other)]) : []) {
    const [left, right] = [one, other].map((value) => (value as Record<string, unknown>)[key])
    const difference = firstDifference(left, right, `${path}.${key}`)
    if (difference) return difference
  }
  return `at ${path.slice(1)}: ${JSON.stringify(one)} and ${JSON.stringify(other)}`
}

/** An answer with every moment in one writing. */
function normalized(value: unknown): unknown {
  if (typeof value === 'string') return MOMENT.test(value) ? new Date(value).toISOString() : value
  if (Array.isArray(value)) return value.map(normalized)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, normalized(item)]))
}
