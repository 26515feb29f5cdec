import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { openDemo } from './demo.js'
import type { Target } from './http.js'
import { commitOf } from './report.js'
import { THIS_CHECKOUT } from './server.js'

/** What a bench over HTTP is asked for. */
export interface Options {
  /** the folder of another checkout to compare with */
  readonly against: string | undefined
  readonly contacts: number | undefined
  readonly rounds: number
}

const DEFAULT_ROUNDS = 5
const MIN_ROUNDS = 3
const MIN_CONTACTS = 20_000

/** Reads the arguments after a bench's name. @throws Error that says what is wrong */
export function readOptions(args: readonly string[]): Options {
  const text = { type: 'string' } as const
  const { values } = parseArgs({ args: [...args], options: { against: text, contacts: text, rounds: text } })
  const whole = (name: 'contacts' | 'rounds', least: number): number | undefined => {
    const value = values[name]
    if (value === undefined) return undefined
    const count = Number(value.replaceAll(/[_,]/g, ''))
    if (!Number.isInteger(count) || count < least)
      throw new Error(`--${name}: ${least.toLocaleString('en-US')} or more`)
    return count
  }
  return {
    against: values.against === undefined ? undefined : resolve(values.against),
    contacts: whole('contacts', MIN_CONTACTS),
    rounds: whole('rounds', MIN_ROUNDS) ?? DEFAULT_ROUNDS,
  }
}

/** The checkouts that a bench drives. */
export interface Checkouts {
  /** the other one's first, this one's last */
  readonly targets: readonly Target[]
  readonly names: readonly string[]
  readonly stop: () => Promise<void>
}

/**
 * Starts this checkout and, where it is given, another one, each as its own process over its own database with the demo
 * data of the bench.
 * @throws Error where one doesn't start; then none runs on
 */
export async function openCheckouts(bench: string, against: string | undefined, contacts: number): Promise<Checkouts> {
  const named = [...(against === undefined ? [] : [{ name: 'against', folder: against }])]
  named.push({ name: 'this', folder: THIS_CHECKOUT })
  const demos: Awaited<ReturnType<typeof openDemo>>[] = []
  const stop = async (): Promise<void> => void (await Promise.all(demos.map((demo) => demo.stop())))
  try {
    for (const { folder } of named) demos.push(await openDemo(folder, bench, contacts))
  } catch (error) {
    await stop()
    throw error
  }
  return {
    targets: demos.map(({ target }) => target),
    names: named.map(({ name, folder }) => `${name} ${commitOf(folder)}`.trim()),
    stop,
  }
}
