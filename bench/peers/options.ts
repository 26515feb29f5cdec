import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { PEER_NAMES } from './open-sides.js'
import { TITLES, type WorkName } from './side.js'
import type { Pace } from './slots.js'

/** What the bench is asked for. */
export interface Options {
  readonly works: readonly WorkName[]
  readonly pace: Pace
  /** names of peers */
  readonly peers: readonly string[]
  /** the folder of another checkout of Kith */
  readonly against: string | undefined
  /** of a large tenant of Kith, beside which one of 20,000 is asked instead of peers */
  readonly contacts: number | undefined
}

const THOROUGH: Pace = { rounds: 3, slotMs: 1000, warmUpMs: 5000, repeats: 100 }
const QUICK: Pace = { rounds: 3, slotMs: 250, warmUpMs: 1000, repeats: 10 }

// Keystone's slots end late, as each of its answers takes long, and it is the largest to install.
const QUICK_PEERS = PEER_NAMES.filter((name) => name !== 'Keystone')

/** Reads the arguments after the bench's name. @throws Error that says what is wrong */
export function readOptions(args: readonly string[]): Options {
  const text = { type: 'string' } as const
  const list = { type: 'string', multiple: true } as const
  const { values } = parseArgs({
    args: [...args],
    options: { quick: { type: 'boolean' }, only: list, peers: list, against: text, rounds: text, contacts: text },
  })
  const pace = values.quick ? QUICK : THOROUGH
  const rounds = Number(values.rounds ?? pace.rounds)
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds: 1 or more')
  const contacts = values.contacts === undefined ? undefined : Number(values.contacts)
  if (contacts !== undefined && (!Number.isInteger(contacts) || contacts < 20_000))
    throw new Error('--contacts: 20000 or more')
  if (contacts !== undefined && (values.peers ?? values.against) !== undefined)
    throw new Error('--contacts asks no peers and no other checkout: leave out --peers and --against.')
  return {
    contacts,
    works: chosen('only', values.only, Object.keys(TITLES) as WorkName[]),
    pace: { ...pace, rounds },
    peers: chosen('peers', values.peers ?? (values.quick ? QUICK_PEERS : undefined), PEER_NAMES),
    against: values.against === undefined ? undefined : resolve(values.against),
  }
}

/** Those that an option names, separated by commas; all where it names none. @throws Error where it names another */
function chosen<Name extends string>(
  option: string,
  given: string[] | undefined,
  names: readonly Name[],
): readonly Name[] {
  const wanted = given?.flatMap((list) => list.split(',')) ?? names
  const unknown = wanted.find((name) => !(names as readonly string[]).includes(name))
  if (unknown !== undefined) throw new Error(`--${option} ${unknown}: of ${names.join(', ')}`)
  return names.filter((name) => wanted.includes(name))
}
