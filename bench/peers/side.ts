import { readServerWork, type Target } from '../load/http.js'
import { CREATED_LAST_NAME } from './database.js'
import {
  MIX,
  READS,
  type Asked,
  type Data,
  type Dialect,
  type NewContact,
  type OwnContact,
  type ReadName,
  type Samples,
} from './works.js'

/** One of the servers that are compared. */
export interface Side {
  readonly name: string
  readonly target: Target
  /** of its server */
  readonly pid: number
  /** of the PostgreSQL that it asks */
  readonly postgresPid: number
  readonly statements: () => Promise<number>
  readonly dialect: Dialect
  readonly samples: Samples
  /** contacts that it alone changes */
  readonly own: readonly OwnContact[]
}

/** What a side's server has sent to PostgreSQL since its start, where it is Kith. */
export const kithStatements = (target: Target) => async (): Promise<number> => (await readServerWork(target)).statements

export type WorkName = ReadName | 'update' | 'create' | 'mix'

/** The works in their order, by name, as they are called in reports. */
export const TITLES: Readonly<Record<WorkName, string>> = {
  ...(Object.fromEntries(Object.entries(READS).map(([name, { title }]) => [name, title])) as Record<ReadName, string>),
  update: 'update one field',
  create: 'create with an e-mail and a phone',
  mix: 'mix of reads and writes',
}

/** One connection's part of a work. */
export interface Sender {
  /** The next request's body. */
  readonly next: () => string
  /** @throws Error where the answer isn't what it should be */
  readonly accept: (answer: string) => void
}

/** A side's work: the part of each of so many connections; null where the side can't do it. */
export function openWork(side: Side, work: WorkName, connections: number): readonly Sender[] | null {
  if (work === 'mix') return openMix(side, connections)
  const { reads, create } = side.dialect
  const each = (open: (connection: number) => Sender): Sender[] =>
    Array.from({ length: connections }, (_, connection) => open(connection))
  if (work === 'update') return each((connection) => updates(side, connection, connections))
  if (work === 'create') return create && each(() => creations(side, create))
  const bodies = reads[work]?.(side.samples).map((asked) => JSON.stringify(asked))
  if (!bodies) return null
  let sent = 0
  return each(() => ({ next: () => bodies[sent++ % bodies.length] as string, accept: acceptData }))
}

const DATA = /^\{"data" ?: ?\{/

function acceptData(answer: string): void {
  if (!DATA.test(answer) || answer.includes('"errors":['))
    throw new Error(`The server answered: ${answer.slice(0, 500)}`)
}

interface Written {
  readonly id: string
  readonly firstName: string | null
  readonly jobTitle: string | null
  readonly version: number
}

/** The contact that a side's answer to a mutation holds. @throws Error where it holds none */
export function writtenContact({ dialect }: Side, work: 'update' | 'create', answer: string): Written {
  acceptData(answer)
  const { data } = JSON.parse(answer) as { data: Data }
  const shaped = (work === 'update' ? dialect.shape?.update?.(data) : undefined) ?? data
  const payload = shaped[`${work}Contact`] as { contact: Written | null } | null
  if (!payload?.contact) throw new Error(`The server answered: ${answer.slice(0, 500)}`)
  return payload.contact
}

/** Each connection changes contacts of its own in turn, so that none loses a race. */
function updates(side: Side, connection: number, connections: number): Sender {
  const { dialect, samples, own } = side
  const contacts = own.filter((_, index) => index % connections === connection)
  let sent = 0
  let contact = contacts[0] as OwnContact
  let jobTitle = ''
  return {
    next() {
      contact = contacts[sent++ % contacts.length] as OwnContact
      jobTitle = `Engineer ${contact.version}`
      return JSON.stringify(dialect.update(samples, contact, jobTitle))
    },
    accept(answer) {
      const changed = writtenContact(side, 'update', answer)
      const isRight =
        changed.id === contact.id && changed.jobTitle === jobTitle && changed.version === contact.version + 1
      if (!isRight) throw new Error(`${jobTitle} of ${contact.id} was answered with ${answer}`)
      contact.version = changed.version
    },
  }
}

// Keeps e-mail addresses of one run apart from those of others.
const RUN = Date.now().toString(36)
let created = 0

/** A contact as no other that was created. */
export function newContact(): NewContact {
  const number = ++created
  return {
    firstName: `Contact ${number}`,
    lastName: CREATED_LAST_NAME,
    jobTitle: 'Engineer',
    email: `contact.${RUN}.${number}@example.com`,
    phone: `+1 212 555 ${String(number % 10_000).padStart(4, '0')}`,
  }
}

function creations(side: Side, create: NonNullable<Dialect['create']>): Sender {
  let firstName = ''
  return {
    next() {
      const contact = newContact()
      firstName = contact.firstName
      return JSON.stringify(create(side.samples, contact))
    },
    accept(answer) {
      const contact = writtenContact(side, 'create', answer)
      if (contact.firstName !== firstName || contact.version !== 1)
        throw new Error(`${firstName} was answered with ${answer}`)
    },
  }
}

/** Each connection sends the same mix, begun at another place. */
function openMix(side: Side, connections: number): Sender[] | null {
  const names = Object.entries(MIX) as [Exclude<WorkName, 'mix'>, number][]
  const works = new Map(names.map(([name]) => [name, openWork(side, name, connections)]))
  if ([...works.values()].includes(null)) return null
  // Spread evenly: of 20 requests the one with 2 comes as the 5th and the 15th.
  const order = names
    .flatMap(([name, count]) => Array.from({ length: count }, (_, index) => ({ name, at: (index + 0.5) / count })))
    .toSorted((one, other) => one.at - other.at)
  return Array.from({ length: connections }, (_, connection) => {
    const senders = order.map(({ name }) => works.get(name)?.[connection] as Sender)
    let sent = connection * 7
    const sender = (): Sender => senders[sent % senders.length] as Sender
    return {
      next: () => sender().next(),
      accept(answer) {
        sender().accept(answer)
        sent++
      },
    }
  })
}

/** All requests that a read of a side consists of. */
export function requestsOf({ dialect, samples }: Side, work: ReadName): readonly Asked[] | null {
  return dialect.reads[work]?.(samples) ?? null
}
