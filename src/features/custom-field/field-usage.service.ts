import type { Scope } from '../../access/scope.js'
import type { CustomFieldEntityType } from '../../concepts/custom-fields.js'
import type { CustomFieldDefinitionRow } from './custom-field.columns.js'
import { findDefinitionsOfTypes } from './definition.repository.js'
import { MAX_SEARCHABLE, type CustomFieldServices } from './definition.service.js'
import { NOTHING, sumOf } from './field-usage.js'
import {
  findUsage,
  findValueFigures,
  type StoredUsage,
  type UsageCounts,
  type UsedField,
  type ValueFigures,
} from './field-usage.repository.js'

/** How much of a limit is used. */
export interface LimitUsage {
  readonly name: 'IN_USE' | 'SEARCHABLE'
  readonly limit: number
  readonly used: number
  /** in hundredths, rounded down */
  readonly percent: number
}

/** A field with how it is used; its values are looked at when they are asked for. */
export interface UsageOfField extends UsageCounts {
  readonly definition: CustomFieldDefinitionRow
  readonly figures: () => Promise<ValueFigures>
}

/** How the fields of a type of record are used. */
export interface UsageReport {
  readonly limits: readonly LimitUsage[]
  readonly fields: readonly UsageOfField[]
}

/** How the custom fields of a type of record are used, archived ones behind the others, with what this process has counted just now. */
export async function reportUsage(
  scope: Scope,
  { database, fieldUsage, customFieldLimit }: CustomFieldServices,
  entityType: CustomFieldEntityType,
): Promise<UsageReport> {
  const reader = database.reader(scope.tenantId)
  const [definitions, stored] = await Promise.all([
    reader.read<CustomFieldDefinitionRow>(findDefinitionsOfTypes(scope, [entityType])),
    reader.read<StoredUsage>(findUsage(scope)),
  ])
  const pending = fieldUsage.pendingOf(scope.tenantId)
  const storedById = new Map(stored.map((usage) => [usage.definitionId, usage]))
  const inUse = definitions.filter(({ archivedAt }) => archivedAt === null)
  const searchable = inUse.filter(({ isSearchable }) => isSearchable)
  return {
    limits: [
      limitUsage('IN_USE', customFieldLimit, inUse.length),
      limitUsage('SEARCHABLE', MAX_SEARCHABLE, searchable.length),
    ],
    fields: definitions.map((definition) => {
      const own = pending.filter((used) => isOf(definition, used))
      const counts = own.reduce<UsageCounts>(sumOf, countsOf(storedById.get(definition.id)))
      let read: Promise<ValueFigures> | undefined
      const figures = async (): Promise<ValueFigures> => {
        const [found] = await reader.read<ValueFigures>(findValueFigures(scope, definition))
        return found ?? { records: 0, distinctValues: 0, lastWrittenAt: null }
      }
      return { ...counts, definition, figures: () => (read ??= figures()) }
    }),
  }
}

function isOf({ id, entityType, key, archivedAt }: CustomFieldDefinitionRow, used: UsedField): boolean {
  if (used.id !== null) return used.id === id
  return archivedAt === null && used.entityType === entityType && used.key === key
}

function countsOf(stored: StoredUsage | undefined): UsageCounts {
  if (!stored) return NOTHING
  const moment = (text: string | null): Date | null => (text === null ? null : new Date(text))
  return {
    ...stored,
    filteredAt: moment(stored.filteredAt),
    orderedAt: moment(stored.orderedAt),
    readAt: moment(stored.readAt),
    writtenAt: moment(stored.writtenAt),
  }
}

function limitUsage(name: LimitUsage['name'], limit: number, used: number): LimitUsage {
  return { name, limit, used, percent: Math.floor((100 * used) / limit) }
}
