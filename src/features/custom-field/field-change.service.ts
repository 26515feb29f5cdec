import type { Scope } from '../../access/scope.js'
import { createInputCheck, type Given } from '../../lib/input.js'
import { newId } from '../../lib/new-id.js'
import { formatCount } from '../../lib/value/checked.js'
import { refuse } from '../../records/mutation.js'
import { BEFORE_ALL_IDS, type CustomFieldDefinitionRow, type FieldChange } from './custom-field.columns.js'
import {
  findDefinitionsByIds,
  insertDefinition,
  lockDefinition,
  lockDefinitions,
  updateDefinition,
} from './definition.repository.js'
import { changeDefinitions, doChores, type CustomFieldServices, type DefinitionResult } from './definition.service.js'
import { shadowExpiry } from './custom-field.days.js'
import { withoutChange } from './field-change.copies.js'
import { checkedChange } from './field-change-plan.service.js'
import { planHash, type ValuesDigest, type FieldChangeInput } from './field-change.input.js'
import { countWrittenSince, digestValues, lockOther } from './field-change.repository.js'

/**
 * Changes a field's type or constraints as it was planned: begins to copy its values into a field that takes its place when all
 * are there. The answer waits 2 seconds for that, and has the field of then: the new one, or the old one with its running change,
 * which goes on. CONFLICT where the field or a value changed since the plan.
 */
export async function applyFieldChange(
  scope: Scope,
  services: CustomFieldServices,
  input: FieldChangeInput & { readonly planHash: string },
): Promise<DefinitionResult> {
  const otherId = newId(scope.now)
  const begun = await changeDefinitions(scope, services, 'id', async (change) => {
    // The digest comes before the field's lock, for which writers would wait 0.3 s at 200,000 values.
    const [[values], , [locked]] = await Promise.all([
      change.ask<ValuesDigest>(digestValues(scope, input.id)),
      change.ask(lockDefinitions(scope)),
      change.ask<CustomFieldDefinitionRow>(lockDefinition(scope, input.id)),
    ])
    const [stored, wanted] = checkedChange(scope, locked, input)
    const { total, digest } = values ?? { total: 0, digest: '0' }
    if (planHash(stored, wanted, { total, digest }) !== input.planHash) {
      const check = createInputCheck()
      const message = 'The field or its values changed since the plan was made: plan it again.'
      check.refuse('planHash', message, 'CONFLICT', { currentVersion: stored.version })
      refuse(check.errors)
    }
    const { entityType, key, position } = stored
    const row = { ...wanted.values, id: otherId, entityType, key, position, type: input.type, isHidden: true }
    const running: FieldChange = {
      ...{ otherId, total, converted: 0, failed: 0, cursor: null, mapping: [...wanted.conversion.mapping] },
      ...{ tenant: scope.principal.tenant, startedAt: scope.now.toISOString(), finishedAt: null },
      before: stored.changeState && stored.change && { state: stored.changeState, change: stored.change },
    }
    const next = { ...stored, changeState: 'RUNNING' as const, change: running }
    await change.commit([insertDefinition(scope, row), updateDefinition(scope, next)])
    return { id: stored.id, record: next, isChanged: true, userErrors: [] }
  })
  if (!begun.record) return begun
  await doChores(scope, services, begun)
  const reader = services.database.reader(scope.tenantId)
  const rows = await reader.read<CustomFieldDefinitionRow>(findDefinitionsByIds(scope, [input.id, otherId]))
  return { ...begun, record: rows.find(({ archivedAt }) => archivedAt === null) ?? null }
}

/**
 * Takes a change back: the field is again what it was, with all its values; one whose change still runs is not changed. What was
 * written since then stays 30 days in the field that goes, and has to be confirmed.
 */
export async function undoFieldChange(
  scope: Scope,
  services: CustomFieldServices,
  { id, confirmedValues }: { readonly id: string; readonly confirmedValues?: Given<number> },
): Promise<DefinitionResult> {
  const result = await changeDefinitions(scope, services, 'id', async (change) => {
    const check = createInputCheck()
    const [[{ total: written } = { total: 0 }], , [stored], [other]] = await Promise.all([
      change.ask<{ total: number }>(countWrittenSince(scope, id)),
      change.ask(lockDefinitions(scope)),
      change.ask<CustomFieldDefinitionRow>(lockDefinition(scope, id)),
      change.ask<CustomFieldDefinitionRow>(lockOther(scope, id)),
    ])
    if (!stored) check.refuse('id', 'There is no such custom field.', 'NOT_FOUND')
    else if (stored.changeState === 'RUNNING') return cancel(scope, change, stored, other)
    else if (stored.changeState !== 'DONE' || stored.archivedAt) check.refuse('id', 'The field has no change to undo.')
    else if (!other?.archivedAt) check.refuse('id', 'What the field was before is gone, or in use.')
    else if (written !== (confirmedValues ?? 0)) {
      const goes = written === 1 ? '1 value was' : `${formatCount(written)} values were`
      check.refuse('confirmedValues', `${goes} written since the change: confirm with \`confirmedValues: ${written}\`.`)
    }
    refuse(check.errors)
    const [now, before] = [stored as CustomFieldDefinitionRow, other as CustomFieldDefinitionRow]
    // Values of either may have words that the other's haven't.
    const searchCursor = before.isSearchable || now.isSearchable ? BEFORE_ALL_IDS : null
    const gone = {
      ...now,
      ...{ archivedAt: scope.now.toISOString(), expiresAt: shadowExpiry(scope.now) },
      ...{ changeState: 'UNDONE' as const, searchCursor },
    }
    const back = { ...before, archivedAt: null, expiresAt: null, searchCursor }
    const [, rows = []] = await change.commit([updateDefinition(scope, gone), updateDefinition(scope, back)])
    return {
      id: back.id,
      record: (rows[0] ?? null) as CustomFieldDefinitionRow | null,
      isChanged: true,
      userErrors: [],
    }
  })
  if (result.record && result.id !== id) await doChores(scope, services, { record: { ...result.record, id } })
  await doChores(scope, services, result)
  return result
}

async function cancel(
  scope: Scope,
  change: { readonly commit: (statements: ReturnType<typeof updateDefinition>[]) => Promise<object[][]> },
  stored: CustomFieldDefinitionRow,
  filled: CustomFieldDefinitionRow | undefined,
): Promise<DefinitionResult> {
  const back = withoutChange(stored)
  const gone = filled ? [updateDefinition(scope, { ...filled, expiresAt: scope.now.toISOString() })] : []
  const [rows = []] = await change.commit([updateDefinition(scope, back), ...gone])
  return {
    id: stored.id,
    record: (rows[0] ?? null) as CustomFieldDefinitionRow | null,
    isChanged: true,
    userErrors: [],
  }
}
