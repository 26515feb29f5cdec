import { groupByKey } from '../../lib/batch.js'
import type { Lookups } from '../../files/record-input.js'
import { quote } from '../../lib/value/checked.js'
import { checkText } from '../../lib/value/text.js'
import { words } from '../../lib/words.js'
import { findByValues, type FoundByValue } from '../../records/find-by-values.js'
import type { JobRun } from '../job/job.js'
import type { NamedRelation } from './record-keys.js'

/** A row whose related records are looked up: their ids go into its input. */
export interface LookingRow {
  readonly input: Record<string, unknown>
  readonly lookups: Lookups
  /** notes what is wrong with how it names a related record: `company`, `domain` */
  readonly refuse: (relation: string, by: string, code: string, message: string) => void
}

/** A related record as a row names it. */
export interface Named {
  readonly row: LookingRow
  readonly relation: NamedRelation
  /** by what it is looked for */
  readonly by: string
  /** its value, in the form in which it is compared */
  readonly value: string
  /** all that the row says of it */
  readonly said: Readonly<Record<string, string>>
}

/** The ids of the records that are as they are named. */
export type FoundIds = ReadonlyMap<Named, readonly string[]>

const MAX_LENGTH = 255

/** A name or an identifier as it is stored; as it is given where it can't be. */
export function storedText(value: string): string {
  const checked = checkText(value, { maxLength: MAX_LENGTH })
  return checked.ok ? (checked.value ?? value) : value
}

/** The records that are as they are named, of those that the user may see. */
export async function findNamed(
  { scope, change }: Pick<JobRun, 'scope' | 'change'>,
  named: readonly Named[],
): Promise<FoundIds> {
  const found = new Map<Named, readonly string[]>()
  const find = async (ways: readonly Named[]): Promise<void> => {
    const [{ relation, by }] = ways as [Named]
    const byValue = groupByKey(ways, ({ value }) => value)
    const statement = findByValues(scope, relation.concept, by, [...byValue.keys()])
    const ids = groupByKey(await change.ask<FoundByValue>(statement), ({ place }) => place)
    for (const [index, same] of [...byValue.values()].entries()) {
      const own = (ids.get(index + 1) ?? []).map(({ id }) => id)
      for (const one of same) found.set(one, own)
    }
  }
  await Promise.all([...groupByKey(named, ({ relation, by }) => `${relation.field} ${by}`).values()].map(find))
  return found
}

/** Gives a row the one record that it names, or refuses it. */
export function settle({ row, relation, by, value }: Named, ids: readonly string[] = []): void {
  const [id, another] = ids
  const what = `the ${words(by)} ${quote(value)}`
  if (id === undefined) row.refuse(relation.relation, by, 'NOT_FOUND', `There is none with ${what}.`)
  else if (another !== undefined) row.refuse(relation.relation, by, 'AMBIGUOUS', `${ids.length} of them have ${what}.`)
  else row.input[relation.field] = id
}
