import { setImmediate } from 'node:timers/promises'
import type { Scope } from '../../access/scope.js'
import { createInputCheck } from '../../lib/input.js'
import { refuse, refusedResult } from '../../records/mutation.js'
import { UserErrors, type UserError } from '../../lib/errors.js'
import { OWNERS, type CustomFieldDefinitionRow } from './custom-field.columns.js'
import { findDefinitionsByIds } from './definition.repository.js'
import { refuseChanging, type CustomFieldServices } from './definition.service.js'
import {
  planHash,
  readWantedChange,
  type ValuesDigest,
  type FieldChangeInput,
  type WantedChange,
} from './field-change.input.js'
import { digestValues, findValuesBehind, type PlannedValue } from './field-change.repository.js'
import { longestText } from './custom-value.checks.js'
import { createPatternPace, valuesAtOnce } from './pattern.js'
import { convertValue, writtenValue, type Converted } from './value-conversion.js'

/** What would become of one value. */
export interface ConversionExample {
  readonly recordId: string
  readonly before: string
  readonly outcome: Converted['outcome']
  /** null where it doesn't convert */
  readonly after: string | null
  /** null where it converts */
  readonly problem: string | null
}

/** What a change would do to the values of a field. */
export interface FieldChangePlan {
  readonly total: number
  readonly converts: number
  /** of those that convert */
  readonly lossy: number
  readonly needsMapping: number
  readonly fails: number
  readonly examples: readonly ConversionExample[]
  readonly losesUnique: boolean
  readonly losesDefault: boolean
  readonly planHash: string
}

/** A plan, or why there is none. */
export interface FieldChangePlanResult {
  readonly plan: FieldChangePlan | null
  readonly userErrors: readonly UserError[]
}

// 1,000 values convert in some 10 ms, phone numbers in 100: others have their turn between.
const PAGE = 1000
const MAX_EXAMPLES = 20
// So that what goes wrong is shown also where most is well.
const MAX_OF_ONE_OUTCOME = 8

/**
 * What a change of a field's type or constraints would do to its values, those of deleted records too: nothing is written. All
 * values are read and converted, 1,000 at a time.
 * @throws TIMEOUT
 */
export async function planFieldChange(
  scope: Scope,
  { database }: CustomFieldServices,
  input: FieldChangeInput,
): Promise<FieldChangePlanResult> {
  const reader = database.reader(scope.tenantId)
  const [definitions, [values]] = await Promise.all([
    reader.read<CustomFieldDefinitionRow>(findDefinitionsByIds(scope, [input.id])),
    reader.read<ValuesDigest>(digestValues(scope, input.id)),
  ])
  try {
    const [stored, wanted] = checkedChange(scope, definitions[0], input)
    const counted = await countOutcomes(scope, stored, wanted, (after, size) =>
      reader.read<PlannedValue>(findValuesBehind(scope, stored, after, size)),
    )
    const lost = {
      losesUnique: stored.isUnique,
      losesDefault: stored.defaultValue !== null && wanted.values.defaultValue === null,
    }
    const plan = { ...counted, ...lost, planHash: planHash(stored, wanted, values ?? { total: 0, digest: '0' }) }
    return { plan, userErrors: [] }
  } catch (error) {
    if (error instanceof UserErrors) return { plan: null, userErrors: refusedResult(error.userErrors).userErrors }
    throw error
  }
}

/** The field and the change of an input. @throws UserErrors NOT_FOUND, CONFLICT, BAD_USER_INPUT */
export function checkedChange(
  scope: Scope,
  stored: CustomFieldDefinitionRow | undefined,
  input: FieldChangeInput,
): [CustomFieldDefinitionRow, WantedChange] {
  const check = createInputCheck()
  if (!stored) check.refuse('id', 'There is no such custom field.', 'NOT_FOUND')
  else if (stored.archivedAt) check.refuse('id', 'The custom field is archived: restore it first.')
  else refuseChanging(check, stored)
  refuse(check.errors)
  const definition = stored as CustomFieldDefinitionRow
  const wanted = readWantedChange(check, definition, input, scope.principal.tenant, scope.now)
  refuse(check.errors)
  return [definition, wanted]
}

async function countOutcomes(
  scope: Scope,
  stored: CustomFieldDefinitionRow,
  { conversion }: WantedChange,
  read: (after: string | null, size: number) => Promise<PlannedValue[]>,
): Promise<Pick<FieldChangePlan, 'total' | 'converts' | 'lossy' | 'needsMapping' | 'fails' | 'examples'>> {
  const counts = { CONVERTS: 0, NEEDS_MAPPING: 0, FAILS: 0 }
  const shown = scope.access.maySee(OWNERS[stored.entityType].concept, 'customFields')
  const examples: Record<Converted['outcome'], ConversionExample[]> = { CONVERTS: [], NEEDS_MAPPING: [], FAILS: [] }
  let lossy = 0
  const { to, context } = conversion
  const size = valuesAtOnce(to.constraints, longestText(to.type, to.constraints), PAGE)
  const pace = createPatternPace(setImmediate)
  const paced = { ...conversion, context: { ...context, noteSteps: pace.note } }
  for (let after: string | null = null, isMore = true; isMore;) {
    const rows = await read(after, size)
    for (const row of rows) {
      const turn = pace.next()
      if (turn) await turn
      const converted = convertValue(paced, row)
      const { outcome } = converted
      counts[outcome]++
      if (converted.outcome === 'CONVERTS' && converted.isLossy) lossy++
      if (shown && row.isVisible && examples[outcome].length < MAX_EXAMPLES)
        examples[outcome].push(exampleOf(conversion.from, conversion.to.type, row, converted))
    }
    after = rows.at(-1)?.entityId ?? null
    isMore = rows.length === size
  }
  const problems = [examples.FAILS, examples.NEEDS_MAPPING].flatMap((some) => some.slice(0, MAX_OF_ONE_OUTCOME))
  const good = examples.CONVERTS.slice(0, MAX_EXAMPLES - problems.length)
  return {
    total: counts.CONVERTS + counts.NEEDS_MAPPING + counts.FAILS,
    ...{ converts: counts.CONVERTS, lossy, needsMapping: counts.NEEDS_MAPPING, fails: counts.FAILS },
    examples: [...problems, ...good],
  }
}

function exampleOf(
  from: CustomFieldDefinitionRow['type'],
  to: CustomFieldDefinitionRow['type'],
  row: PlannedValue,
  converted: Converted,
): ConversionExample {
  const isConverted = converted.outcome === 'CONVERTS'
  return {
    recordId: row.entityId,
    before: writtenValue(from, row).slice(0, 200),
    outcome: converted.outcome,
    after: isConverted ? writtenValue(to, converted.columns).slice(0, 200) : null,
    problem: isConverted ? null : converted.problem,
  }
}
