import { createHash } from 'node:crypto'
import type { Lookups } from '../../files/record-input.js'
import { groupByKey } from '../../lib/batch.js'
import { isUuid } from '../../lib/uuid.js'
import { quote } from '../../lib/value/checked.js'
import { checkDomain } from '../../lib/value/domain.js'
import { findByValues, type FoundByValue } from '../../records/find-by-values.js'
import { createRecords } from '../../records/lifecycle.js'
import type { RecordKind } from '../../records/record-kind.js'
import { lockMatchKeys } from '../../records/record-statements.js'
import { COMPANY_KIND } from '../company/company.kind.js'
import type { JobRun } from '../job/job.js'
import { namedRelations, type NamedRelation } from './record-keys.js'

/** A row whose related records are looked up: their ids go into its input. */
export interface LookingRow {
  readonly input: Record<string, unknown>
  readonly lookups: Lookups
  /** notes what is wrong with how it names a related record: `company`, `domain` */
  readonly refuse: (relation: string, by: string, code: string, message: string) => void
}

/** A related record as some rows name it. */
interface Named {
  readonly relation: NamedRelation
  readonly by: string
  readonly value: string
  /** all that the first of the rows says of it */
  readonly said: Readonly<Record<string, string>>
  readonly rows: LookingRow[]
}

/**
 * Finds the related records that rows name and puts their ids into the inputs: one statement for each relation and way to
 * name it. With `createsCompanies`, companies that aren't there are made, each once. What is found twice, or not at all, is
 * refused at its row.
 */
export async function resolveLookups(
  run: Pick<JobRun, 'scope' | 'change'>,
  kind: RecordKind,
  rows: readonly LookingRow[],
  createsCompanies: boolean,
): Promise<void> {
  const groups = groupNamed(kind, rows)
  if (groups.size === 0) return
  const { scope, change } = run
  if (createsCompanies) await waitForMakers(run, [...groups.values()].flat())
  const missing: Named[] = []
  await Promise.all(
    [...groups.values()].map(async (named) => {
      const [{ relation, by } = named[0] as Named] = named
      const values = named.map(({ value }) => value)
      const found = await change.ask<FoundByValue>(findByValues(scope, relation.concept, by, values))
      const byPlace = groupByKey(found, ({ place }) => place)
      named.forEach((one, index) => {
        const ids = (byPlace.get(index + 1) ?? []).map(({ id }) => id)
        if (ids.length === 1) give(one, ids[0] as string)
        else if (ids.length > 1)
          refuse(one, 'AMBIGUOUS', `${ids.length} of them have the ${words(by)} ${quote(one.value)}.`)
        else if (createsCompanies && relation.concept === 'Company') missing.push(one)
        else refuse(one, 'NOT_FOUND', `There is none with the ${words(by)} ${quote(one.value)}.`)
      })
    }),
  )
  if (missing.length > 0) await makeCompanies(run, missing)
}

function groupNamed(kind: RecordKind, rows: readonly LookingRow[]): Map<string, Named[]> {
  const known = new Map<string, Named>()
  for (const relation of namedRelations(kind)) {
    for (const row of rows) {
      const said = row.lookups[relation.relation]
      if (said === undefined) continue
      if (said === null) {
        row.input[relation.field] = null
        continue
      }
      const by = relation.by.find((name) => said[name] !== undefined)
      if (by === undefined) continue
      const value = comparedValue(by, said[by] ?? '')
      if (value === null) {
        row.refuse(relation.relation, by, 'BAD_USER_INPUT', `${quote(said[by] ?? '')} is no ${words(by)}.`)
      } else if (by === 'id') row.input[relation.field] = value
      else {
        const key = `${groupOf({ relation, by })} ${by === 'name' || by === 'email' ? value.toLowerCase() : value}`
        const before = known.get(key)
        if (before) {
          before.rows.push(row)
          continue
        }
        known.set(key, { relation, by, value, said, rows: [row] })
      }
    }
  }
  return groupByKey([...known.values()], groupOf)
}

function groupOf({ relation, by }: Pick<Named, 'relation' | 'by'>): string {
  return `${relation.relation} ${by}`
}

/** The value in the form in which it is compared; null for what is none. */
function comparedValue(by: string, value: string): string | null {
  if (by === 'id') return isUuid(value) ? value.toLowerCase() : null
  if (by !== 'domain') return value
  const checked = checkDomain(value)
  return checked.ok ? checked.value : null
}

const BUCKETS = 64

/** Lets imports that make companies of the same names take turns: nothing else tells two companies of one name apart. */
async function waitForMakers(
  { scope, change }: Pick<JobRun, 'scope' | 'change'>,
  named: readonly Named[],
): Promise<void> {
  const values = named.filter(({ relation }) => relation.concept === 'Company').map(({ value }) => value.toLowerCase())
  const buckets = [...new Set(values.map((value) => hashOf(value) & (BUCKETS - 1)))].sort((a, b) => a - b)
  if (buckets.length > 0) await change.ask(lockMatchKeys(hashOf(`${scope.tenantId} import companies`), buckets))
}

async function makeCompanies(
  { scope, change }: Pick<JobRun, 'scope' | 'change'>,
  missing: readonly Named[],
): Promise<void> {
  // Names that are alike in all but accents are one name to the database, and one company.
  const firsts = new Map<string, Named>()
  for (const one of missing) {
    const key = `${one.by} ${one.by === 'name' ? folded(one.value) : one.value}`
    const first = firsts.get(key)
    if (first) first.rows.push(...one.rows)
    else firsts.set(key, one)
  }
  const made = [...firsts.values()]
  const inputs = made.map(({ said, by, value }) => ({ name: said['name'] ?? value, ...withoutId(said), [by]: value }))
  const outcomes = await createRecords(scope, change, COMPANY_KIND, inputs, () => [], { mode: 'PARTIAL' })
  made.forEach((one, index) => {
    const outcome = outcomes[index]
    if (outcome?.id) give(one, outcome.id)
    else {
      const [error] = outcome?.userErrors ?? []
      const message = `The company ${quote(one.value)} can't be made: ${error?.message ?? 'it was refused.'}`
      refuse(one, error?.code ?? 'BAD_USER_INPUT', message, error?.field[0])
    }
  })
}

function withoutId({ id: _, ...said }: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return said
}

function folded(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
}

function give({ relation, rows }: Named, id: string): void {
  for (const { input } of rows) input[relation.field] = id
}

function refuse({ relation, rows, by }: Named, code: string, message: string, at = by): void {
  for (const row of rows) row.refuse(relation.relation, at, code, message)
}

function words(by: string): string {
  return by.replace(/[A-Z]/g, ' $&').toLowerCase()
}

function hashOf(text: string): number {
  return createHash('sha256').update(text).digest().readInt32BE()
}
