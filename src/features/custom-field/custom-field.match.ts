import { CUSTOM_VALUE_NAMES } from '../../concepts/custom-fields.js'
import { UserErrors } from '../../lib/errors.js'
import { createInputCheck } from '../../lib/input.js'
import { quote } from '../../lib/value/checked.js'
import type { AskMatcher, StoredRecord } from '../../records/record-kind.js'
import { lockRecordsOf } from '../../records/record-statements.js'
import { FIELD_KEY, type CustomFieldDefinitionRow } from './custom-field.columns.js'
import { checkCustomValue } from './custom-value.checks.js'
import type { CustomFieldInput, CustomValueColumns } from './custom-value.input.js'
import { findDefinitionsForWrite } from './custom-value.repository.js'
import { createPatternPace } from './pattern.js'
import { findOwnersOfValues, ownersOfValuesSql } from './custom-value-match.repository.js'

/** Matches records by the value that a row gives a unique custom field, the one of `customFieldKey`. */
export const matchByCustomField: AskMatcher = async (scope, change, kind, customFieldKey) => {
  const key = customFieldKey ?? ''
  const found = FIELD_KEY.test(key)
    ? await change.ask<CustomFieldDefinitionRow>(findDefinitionsForWrite(scope, kind.type, [key], false))
    : []
  const definition = found.find((one) => one.key === key && one.archivedAt === null && !one.isHidden)
  const refuse = (message: string, code: 'NOT_FOUND' | 'BAD_USER_INPUT'): never => {
    throw new UserErrors([{ code, message, field: ['customFieldKey'] }])
  }
  if (customFieldKey === null)
    return refuse('The key of a unique custom field is needed to match by it.', 'BAD_USER_INPUT')
  if (!definition) return refuse(`There is no custom field ${quote(key)} of a ${kind.noun}.`, 'NOT_FOUND')
  if (!definition.isUnique) return refuse(`The field ${quote(key)} is not unique.`, 'BAD_USER_INPUT')
  const values = new Map<string, CustomValueColumns>()
  const pace = createPatternPace(change.pause)
  const context = { tenant: scope.principal.tenant, now: scope.now, stored: null, noteSteps: pace.note }
  const known = new WeakMap<readonly CustomFieldInput[], readonly string[]>()
  const keysOf = (inputs: readonly CustomFieldInput[]): readonly string[] => {
    const input = inputs.find((one) => one.key === key && CUSTOM_VALUE_NAMES[definition.type] in one)
    const columns = input && checkCustomValue(definition, input, createInputCheck(), context)
    if (!columns) return []
    const compared = JSON.stringify(columns)
    values.set(compared, columns)
    return [compared]
  }
  return {
    place: ['customFields'],
    noun: `value of ${quote(definition.label)}`,
    next: pace.next,
    keysOf({ customFields }) {
      const inputs = (customFields ?? []) as readonly CustomFieldInput[]
      // A row is asked for again once its record is found.
      const keys = known.get(inputs) ?? keysOf(inputs)
      known.set(inputs, keys)
      return keys
    },
    async find(asked, keys) {
      const columns = keys.map((one) => values.get(one) as CustomValueColumns)
      const [rows, owners] = await Promise.all([
        asked.ask<StoredRecord>(lockRecordsOf(scope, kind, ownersOfValuesSql(scope, definition, columns))),
        asked.ask<{ id: string; index: number }>(findOwnersOfValues(scope, definition, columns)),
      ])
      return { rows, matches: owners.map(({ id, index }) => ({ id, key: keys[index - 1] as string })) }
    },
  }
}
