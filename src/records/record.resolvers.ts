import type { Scope } from '../access/scope.js'
import type { Database } from '../database/database.js'
import type { MutationResult } from './mutation.js'
import {
  changeRecords,
  upsertMany,
  upsertRecord,
  type BulkInput,
  type BulkResult,
  type RowResult,
  type UpsertInput,
  type UpsertResult,
} from './bulk-mutations.js'
import type { RecordKind, StoredRecord } from './record-kind.js'
import { capitalized } from '../lib/capitalized.js'
import type { UserError } from '../lib/errors.js'
import type { Given } from '../lib/input.js'
import { changeRecord, RECORD_WORK } from './record-mutations.js'

interface Context {
  readonly scope: Scope
  readonly services: { readonly database: Database }
}

interface Identified {
  readonly id: string
}
interface VersionedId extends Identified {
  readonly version?: Given<number>
}
type Resolve<Row, Input> = (
  parent: unknown,
  args: { readonly input: Input },
  context: Context,
) => Promise<MutationResult<Row>>

type ResolveBulk<Row, Plural extends string> = Record<
  `bulk${Capitalize<Verb>}${Plural}`,
  (parent: unknown, args: { readonly input: BulkInput }, context: Context) => Promise<BulkResult<Row>>
>
type Verb = keyof typeof RECORD_WORK
type ResolveUpsert<Row> = (
  parent: unknown,
  args: { readonly input: UpsertInput },
  context: Context,
) => Promise<UpsertResult<Row>>
type ResolveBulkUpsert<Row> = (
  parent: unknown,
  args: { readonly input: UpsertInput & BulkInput },
  context: Context,
) => Promise<BulkResult<Row>>

/**
 * The mutations of a type of record: `createContact`, `updateContact`, `deleteContact`, `restoreContact`,
 * `destroyContact`, `upsertContact`, and for many at once `bulkCreateContacts` … `field` is where the input of an upsert
 * has the record: `contact`.
 */
export function recordMutations<Row, const Name extends string, const Plural extends string>(
  name: Name,
  plural: Plural,
  field: string,
  kind: RecordKind,
) {
  const resolvers = Object.entries(RECORD_WORK).flatMap(([verb, work]) => {
    const one: Resolve<StoredRecord, object> = (_, { input }, { scope, services }) =>
      changeRecord(scope, services.database, kind, work, input)
    const many: ResolveBulk<StoredRecord, ''>['bulkCreate'] = (_, { input }, { scope, services }) =>
      changeRecords(scope, services.database, kind, work, input)
    return [
      [`${verb}${name}`, one],
      [`bulk${capitalized(verb)}${plural}`, many],
    ]
  })
  const upserts = {
    [`upsert${name}`]: (_: unknown, { input }: { input: UpsertInput }, { scope, services }: Context) =>
      upsertRecord(scope, services.database, kind, field, input),
    [`bulkUpsert${plural}`]: (
      _: unknown,
      { input }: { input: UpsertInput & BulkInput },
      { scope, services }: Context,
    ) => upsertMany(scope, services.database, kind, input),
  }
  return { ...Object.fromEntries(resolvers), ...upserts } as unknown as Record<
    `create${Name}` | `update${Name}`,
    Resolve<Row, object>
  > &
    Record<`delete${Name}` | `restore${Name}`, Resolve<Row, VersionedId>> &
    Record<`destroy${Name}`, Resolve<Row, Identified>> &
    ResolveBulk<Row, Plural> &
    Record<`upsert${Name}`, ResolveUpsert<Row>> &
    Record<`bulkUpsert${Plural}`, ResolveBulkUpsert<Row>>
}

/** The result of one row of a bulk mutation, whose `field` is the record: `contact`. */
export function bulkResult<const Field extends string, Row>(field: Field) {
  return { [field]: ({ record }: RowResult<Row>) => record } as Record<Field, (parent: RowResult<Row>) => Row | null>
}

/** What a mutation was refused for: candidates are those of AMBIGUOUS alone. */
export const userErrorResolvers = {
  UserError: { candidateIds: ({ candidateIds }: UserError) => candidateIds ?? [] },
}

/** A payload whose `field` is the record that was changed: `contact`. */
export function recordPayload<const Field extends string, Row>(field: Field) {
  const resolver = { [field]: ({ record }: MutationResult<Row>) => record }
  return resolver as Record<Field, (parent: MutationResult<Row>) => Row | null>
}

/** The payloads of the five mutations of a type of record. */
export function recordPayloads<Row, const Name extends string, const Field extends string>(name: Name, field: Field) {
  const payload = recordPayload<Field, Row>(field)
  return {
    [`Create${name}Payload`]: payload,
    [`Update${name}Payload`]: payload,
    [`Delete${name}Payload`]: payload,
    [`Restore${name}Payload`]: payload,
    [`Destroy${name}Payload`]: { destroyedId: ({ id }: MutationResult<Row>) => id },
    [`Upsert${name}Payload`]: payload,
  } as Record<`${'Create' | 'Update' | 'Delete' | 'Restore' | 'Upsert'}${Name}Payload`, typeof payload> &
    Record<`Destroy${Name}Payload`, { destroyedId: (parent: MutationResult<Row>) => string | null }>
}
