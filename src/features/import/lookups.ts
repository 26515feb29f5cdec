import { isUuid } from '../../lib/uuid.js'
import { quote } from '../../lib/value/checked.js'
import { checkDomain } from '../../lib/value/domain.js'
import { words } from '../../lib/words.js'
import { lockValues } from '../../records/match.js'
import type { RecordKind } from '../../records/record-kind.js'
import type { JobRun } from '../job/job.js'
import { makeCompanies } from './made-companies.js'
import { findNamed, settle, storedText, type LookingRow, type Named } from './named.js'
import { namedRelations, type NamedRelation } from './record-keys.js'

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
  const relations = namedRelations(kind)
  const named = rows.flatMap((row) => relations.flatMap((relation) => namedIn(row, relation)))
  if (named.length === 0) return
  const mayMake = ({ relation }: Named): boolean => createsCompanies && relation.concept === 'Company'
  const companies = named.filter(mayMake)
  const [, found] = await Promise.all([lockCompanies(run, companies), findNamed(run, named)])
  for (const one of named) if (!mayMake(one)) settle(one, found.get(one))
  await makeCompanies(run, companies, found)
}

/** What a row names by a relation; nothing where that is empty, known by its id, or refused. */
function namedIn(row: LookingRow, relation: NamedRelation): Named[] {
  const said = row.lookups[relation.relation]
  if (said === undefined) return []
  if (said === null) {
    row.input[relation.field] = null
    return []
  }
  const by = relation.by.find((name) => said[name] !== undefined)
  if (by === undefined) return []
  const given = said[by] ?? ''
  const value = comparedValue(by, given)
  if (value === null) row.refuse(relation.relation, by, 'BAD_USER_INPUT', `${quote(given)} is no ${words(by)}.`)
  else if (by === 'id') row.input[relation.field] = value
  else return [{ row, relation, by, value, said }]
  return []
}

/** The value in the form in which it is compared; null for what is none. */
function comparedValue(by: string, value: string): string | null {
  if (by === 'id') return isUuid(value) ? value.toLowerCase() : null
  if (by !== 'domain') return storedText(value)
  const checked = checkDomain(value)
  return checked.ok ? checked.value : null
}

/** Lets imports that may make companies of the same names take turns: nothing else tells two companies of one name apart. */
async function lockCompanies({ scope, change }: Pick<JobRun, 'scope' | 'change'>, named: readonly Named[]) {
  const names = named.map(({ said, value }) => storedText(said['name'] ?? value).toLowerCase())
  if (names.length > 0) await lockValues(change, `${scope.tenantId} import companies`, names)
}
