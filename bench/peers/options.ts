import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { TITLES, type WorkName } from './side.js'
import type { Pace } from './slots.js'

/** What the bench is asked for. */
export interface Options {
  readonly works: readonly WorkName[]
  readonly pace: Pace
  /** the folder of another checkout of Kith */
  readonly against: string | undefined
}

const THOROUGH: Pace = { rounds: 3, slotMs: 1000, warmUpMs: 2000, repeats: 4 }
const QUICK: Pace = { rounds: 3, slotMs: 250, warmUpMs: 500, repeats: 1 }

/** Reads the arguments after the bench's name. @throws Error that says what is wrong */
export function readOptions(args: readonly string[]): Options {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args: [...args],
    options: { quick: { type: 'boolean' }, only: { type: 'string', multiple: true }, against: text, rounds: text },
  })
  const pace = values.quick ? QUICK : THOROUGH
  const rounds = Number(values.rounds ?? pace.rounds)
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds: 1 or more')
  const names = Object.keys(TITLES) as WorkName[]
  const only = (values.only ?? []).flatMap((list) => list.split(','))
  const unknown = only.find((name) => !(names as string[]).includes(name))
  if (unknown !== undefined) throw new Error(`--only ${unknown}: one of ${names.join(', ')}`)
  return {
    works: only.length > 0 ? names.filter((name) => only.includes(name)) : names,
    pace: { ...pace, rounds },
    against: values.against === undefined ? undefined : resolve(values.against),
  }
}
