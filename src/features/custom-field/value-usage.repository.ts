import type { Scope } from '../../access/scope.js'
import type { CustomFieldEntityType } from '../../concepts/custom-fields.js'
import type { Statement } from '../../database/statement.js'
import { OWNERS } from './custom-field.columns.js'

// How many groups of doubles are told at most.
const MAX_DOUBLES = 100

/** How many values a definition has, those of deleted records too, as `total`. */
export function countValues(scope: Scope, definitionId: string): Statement {
  return {
    label: 'countCustomFieldValues',
    prepared: true,
    text: 'select count(*)::int as total from custom_field_values where tenant_id = $1 and definition_id = $2',
    values: [scope.tenantId, definitionId],
  }
}

/** How many values a definition has with each option, those of deleted records too, as `option` and `total`. */
export function countOptions(scope: Scope, definitionId: string): Statement {
  return {
    label: 'countCustomFieldOptions',
    prepared: true,
    text: `select chosen.option, count(*)::int as total from custom_field_values as v
        cross join lateral unnest(coalesce(v.option_values, array[v.text_value])) as chosen (option)
      where v.tenant_id = $1 and v.definition_id = $2 group by 1`,
    values: [scope.tenantId, definitionId],
  }
}

/** How many live records lack a value of a definition, as `total`. */
export function countMissing(scope: Scope, entityType: CustomFieldEntityType, definitionId: string): Statement {
  return {
    label: 'countMissingCustomFieldValues',
    prepared: true,
    text: `select count(*)::int as total from ${OWNERS[entityType].table} as c
      where c.tenant_id = $1 and c.deleted_at is null and not exists (
        select 1 from custom_field_values as v where v.tenant_id = $1 and v.definition_id = $2 and v.entity_id = c.id)`,
    values: [scope.tenantId, definitionId],
  }
}

// The values of live records, each with the form in which a unique field compares it. $1 is the tenant, $2 the definition.
const liveKeys = (owners: string): string => `select v.id, v.entity_id,
    kith_custom_field_key($3, v.text_value, v.number_value, v.date_value, v.datetime_value) as key
  from custom_field_values as v join ${owners} as c on c.tenant_id = $1 and c.id = v.entity_id and c.deleted_at is null
  where v.tenant_id = $1 and v.definition_id = $2`

/** A value that more than one live record has. */
export interface DoubleValue {
  readonly key: string
  readonly total: number
  /** one of the records */
  readonly entityId: string
}

/** The values of a definition that more than one live record has, 100 at most, and as `groups` how many there are. */
export function findDoubles(
  scope: Scope,
  entityType: CustomFieldEntityType,
  definitionId: string,
  type: string,
): Statement {
  return {
    label: 'findCustomFieldDoubles',
    prepared: true,
    text: `select keyed.key, count(*)::int as total, min(keyed.entity_id::text) as "entityId", count(*) over ()::int as groups
      from (${liveKeys(OWNERS[entityType].table)}) as keyed group by keyed.key having count(*) > 1
      order by total desc, keyed.key collate "C" limit ${MAX_DOUBLES}`,
    values: [scope.tenantId, definitionId, type],
  }
}

/** Gives the values of live records the keys that a unique field needs. */
export function setKeysOfDefinition(
  scope: Scope,
  entityType: CustomFieldEntityType,
  definitionId: string,
  type: string,
): Statement {
  return {
    label: 'setKeysOfDefinition',
    prepared: true,
    text: `update custom_field_values as t set unique_key = keyed.key
      from (${liveKeys(OWNERS[entityType].table)}) as keyed where t.tenant_id = $1 and t.id = keyed.id`,
    values: [scope.tenantId, definitionId, type],
  }
}

/** Takes the keys of a field away that is unique no more. */
export function clearKeysOfDefinition(scope: Scope, definitionId: string): Statement {
  return {
    label: 'clearKeysOfDefinition',
    prepared: true,
    text: `update custom_field_values set unique_key = null
      where tenant_id = $1 and definition_id = $2 and unique_key is not null`,
    values: [scope.tenantId, definitionId],
  }
}

/** Removes all values of a definition. */
export function deleteValuesOfDefinition(scope: Scope, definitionId: string): Statement {
  return {
    label: 'deleteValuesOfDefinition',
    prepared: true,
    text: 'delete from custom_field_values where tenant_id = $1 and definition_id = $2',
    values: [scope.tenantId, definitionId],
  }
}

const HAS_OPTION =
  'v.tenant_id = $1 and v.definition_id = $2 and (v.text_value = $3 or v.option_values @> array[$3::text])'

/** Counts the versions of the records up that have an option, in the order of their ids, against deadlocks. */
export function touchOwnersOfOption(
  scope: Scope,
  entityType: CustomFieldEntityType,
  definitionId: string,
  option: string,
): Statement {
  const owners = OWNERS[entityType].table
  return {
    label: `touchOwnersOfOption.${owners}`,
    prepared: true,
    text: `with owned as (
        select c.id from ${owners} as c where c.tenant_id = $1
          and c.id in (select v.entity_id from custom_field_values as v where ${HAS_OPTION}) order by c.id for update
      )
      update ${owners} as t set version = t.version + 1, updated_at = greatest(t.updated_at, $4::timestamptz)
      from owned where t.tenant_id = $1 and t.id = owned.id`,
    values: [scope.tenantId, definitionId, option, scope.now],
  }
}

/** Puts an option in place of another; several of a value stay in the order of the field (`order`), each once. */
export function mergeOption(
  scope: Scope,
  definitionId: string,
  option: string,
  into: string,
  order: readonly string[],
): Statement {
  return {
    label: 'mergeCustomFieldOption',
    prepared: true,
    text: `update custom_field_values as v set
        text_value = case when v.text_value is not null then $4::text end,
        option_values = case when v.option_values is not null then (
          select array_agg(o.value order by o.place) from unnest($5::text[]) with ordinality as o (value, place)
          where o.value = any(array_replace(v.option_values, $3::text, $4::text))) end,
        updated_at = greatest(v.updated_at, $6::timestamptz)
      where ${HAS_OPTION}`,
    values: [scope.tenantId, definitionId, option, into, order, scope.now],
  }
}
