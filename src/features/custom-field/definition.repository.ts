import type { Scope } from '../../access/scope.js'
import type { CustomFieldEntityType } from '../../concepts/custom-fields.js'
import type { Statement } from '../../database/statement.js'
import { DEFINITION_COLUMNS, type CustomFieldDefinitionRow } from './custom-field.columns.js'

/** Whose rows are written, and at what time: a scope, or what runs for nobody's request. */
export type Writer = Pick<Scope, 'tenantId' | 'now'>

const IN_ORDER = 'order by d.entity_type, d.archived_at is not null, d.position, d.id'
// What is being filled or removed isn't there for anybody, nor what has expired but wasn't removed yet. `now` is a parameter.
const isThere = (now: string): string =>
  `not d.is_hidden and (d.expires_at is null or d.expires_at > ${now}::timestamptz)`

/** The tenant's definitions that are in use, of contacts and of companies, in their order. */
export function findDefinitionsInUse(tenantId: string): Statement {
  return {
    label: 'findDefinitionsInUse',
    prepared: true,
    text: `select ${DEFINITION_COLUMNS} from custom_field_definitions as d
      where d.tenant_id = $1 and d.archived_at is null ${IN_ORDER}`,
    values: [tenantId],
  }
}

/** All definitions of some entity types, archived ones behind the others. */
export function findDefinitionsOfTypes(scope: Scope, entityTypes: readonly CustomFieldEntityType[]): Statement {
  return {
    label: 'findDefinitionsOfTypes',
    prepared: true,
    text: `select ${DEFINITION_COLUMNS} from custom_field_definitions as d
      where d.tenant_id = $1 and d.entity_type = any($2::text[]) and ${isThere('$3')} ${IN_ORDER}`,
    values: [scope.tenantId, entityTypes, scope.now],
  }
}

/** Definitions by their ids, archived ones too. */
export function findDefinitionsByIds(scope: Scope, ids: readonly string[]): Statement {
  return {
    label: 'findDefinitionsByIds',
    prepared: true,
    text: `select ${DEFINITION_COLUMNS} from custom_field_definitions as d where d.tenant_id = $1 and d.id = any($2::uuid[])
      and ${isThere('$3')}`,
    values: [scope.tenantId, ids, scope.now],
  }
}

/**
 * Lets changes of the tenant's definitions take turns. Nobody else waits for it: rows that refer to the tenant hold it
 * `for key share`.
 */
export function lockDefinitions(scope: Writer): Statement {
  return {
    label: 'lockDefinitions',
    prepared: true,
    text: 'select 1 from tenants as t where t.id = $1 for no key update of t',
    values: [scope.tenantId],
  }
}

/**
 * Locks a definition against everything, and gives it: who writes values of it holds it `for key share`, so those are
 * waited for, and later ones see what became of it.
 */
export function lockDefinition(scope: Writer, id: string): Statement {
  return {
    label: 'lockDefinition',
    prepared: true,
    text: `select ${DEFINITION_COLUMNS} from custom_field_definitions as d where d.tenant_id = $1 and d.id = $2
      and ${isThere('$3')} for update of d`,
    values: [scope.tenantId, id, scope.now],
  }
}

/** Of an entity type: how many definitions are in use, the last position, and who has a key (null for nobody). */
export interface DefinitionUsage {
  readonly total: number
  readonly last: number
  readonly holderId: string | null
  /** how many of them are searched */
  readonly searchable: number
}

/** The usage of an entity type that a definition of `key` is to join. */
export function findDefinitionUsage(scope: Scope, entityType: CustomFieldEntityType, key: string): Statement {
  return {
    label: 'findDefinitionUsage',
    prepared: true,
    text: `select count(*)::int as total, coalesce(max(position), 0) as last,
        (array_agg(id) filter (where key = $3))[1] as "holderId", (count(*) filter (where is_searchable))::int as searchable
      from custom_field_definitions where tenant_id = $1 and entity_type = $2 and archived_at is null`,
    values: [scope.tenantId, entityType, key],
  }
}

/** The same beside a definition that is there already. */
export function findUsageBeside(scope: Scope, id: string): Statement {
  return {
    label: 'findUsageBeside',
    prepared: true,
    text: `select count(d.id)::int as total, coalesce(max(d.position), 0) as last,
        (array_agg(d.id) filter (where d.key = own.key))[1] as "holderId",
        (count(*) filter (where d.is_searchable))::int as searchable
      from custom_field_definitions as own join custom_field_definitions as d
        on d.tenant_id = $1 and d.entity_type = own.entity_type and d.archived_at is null and d.id <> own.id
      where own.tenant_id = $1 and own.id = $2`,
    values: [scope.tenantId, id],
  }
}

/** A definition that is to be written for the first time; a hidden one is archived. */
export type NewDefinition = Omit<
  CustomFieldDefinitionRow,
  'version' | 'createdAt' | 'updatedAt' | 'archivedAt' | 'changeState' | 'change' | 'expiresAt' | 'searchCursor'
>

/** Writes a new definition and gives it. */
export function insertDefinition(scope: Scope, row: NewDefinition): Statement {
  return {
    label: 'insertDefinition',
    prepared: true,
    text: `insert into custom_field_definitions as d (tenant_id, id, created_at, updated_at, entity_type, key, label, description, type,
        field_group, position, is_required, is_unique, is_hidden, archived_at, is_searchable, constraints, options, default_value)
      values ($1, $2, $3, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) returning ${DEFINITION_COLUMNS}`,
    values: [
      ...[scope.tenantId, row.id, scope.now, row.entityType, row.key, row.label, row.description, row.type],
      ...[
        row.group,
        row.position,
        row.isRequired,
        row.isUnique,
        row.isHidden,
        row.isHidden ? scope.now : null,
        row.isSearchable,
      ],
      ...[row.constraints, row.options, row.defaultValue].map(toJson),
    ],
  }
}

/** Writes what inputs and archiving change of a definition, counts its version up and gives it. */
export function updateDefinition(scope: Writer, row: CustomFieldDefinitionRow): Statement {
  return {
    label: 'updateDefinition',
    prepared: true,
    text: `update custom_field_definitions as d set label = $3, description = $4, field_group = $5, position = $6,
        is_required = $7, is_unique = $8, constraints = $9, options = $10, default_value = $11, archived_at = $12,
        change_state = $13, change = $14, is_hidden = $15, expires_at = $16, is_searchable = $17, search_cursor = $18,
        version = d.version + 1, updated_at = greatest(d.updated_at, $19::timestamptz)
      where d.tenant_id = $1 and d.id = $2 returning ${DEFINITION_COLUMNS}`,
    values: [
      ...[scope.tenantId, row.id, row.label, row.description, row.group, row.position, row.isRequired, row.isUnique],
      ...[row.constraints, row.options, row.defaultValue].map(toJson),
      ...[row.archivedAt, row.changeState, toJson(row.change), row.isHidden, row.expiresAt, row.isSearchable],
      ...[row.searchCursor, scope.now],
    ],
  }
}

/** Gives definitions their positions and each of them its version; all of them come back. */
export function updatePositions(scope: Scope, rows: readonly CustomFieldDefinitionRow[]): Statement {
  return {
    label: 'updatePositions',
    prepared: true,
    text: `update custom_field_definitions as d set position = r.position, version = d.version + 1,
        updated_at = greatest(d.updated_at, $4::timestamptz)
      from unnest($2::uuid[], $3::int[]) as r (id, position)
      where d.tenant_id = $1 and d.id = r.id returning ${DEFINITION_COLUMNS}`,
    values: [scope.tenantId, rows.map(({ id }) => id), rows.map(({ position }) => position), scope.now],
  }
}

/** Removes a definition, whose values are gone. */
export function deleteDefinition(scope: Pick<Scope, 'tenantId'>, id: string): Statement {
  return {
    label: 'deleteDefinition',
    prepared: true,
    text: 'delete from custom_field_definitions where tenant_id = $1 and id = $2',
    values: [scope.tenantId, id],
  }
}

function toJson(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value)
}
