import type { Scope } from '../access/scope.js'
import type { Database } from '../database/database.js'
import type { MutationResult } from './mutation.js'
import type { RecordKind, StoredRecord } from './record-kind.js'
import type { VersionedId } from './lifecycle.js'
import { createRecord, deleteRecord, destroyRecord, restoreRecord, updateRecord } from './record-mutations.js'

interface Context {
  readonly scope: Scope
  readonly services: { readonly database: Database }
}

interface Identified {
  readonly id: string
}
type Resolve<Row, Input> = (
  parent: unknown,
  args: { readonly input: Input },
  context: Context,
) => Promise<MutationResult<Row>>

/**
 * The five mutations of a type of record: `createContact`, `updateContact`, `deleteContact`, `restoreContact`,
 * `destroyContact`.
 */
export function recordMutations<Row, const Name extends string>(name: Name, kind: RecordKind) {
  const resolve =
    <Input>(
      run: (scope: Scope, database: Database, kind: RecordKind, input: Input) => Promise<MutationResult<StoredRecord>>,
    ): Resolve<StoredRecord, Input> =>
    (_, { input }, { scope, services }) =>
      run(scope, services.database, kind, input)
  return {
    [`create${name}`]: resolve(createRecord),
    [`update${name}`]: resolve(updateRecord),
    [`delete${name}`]: resolve(deleteRecord),
    [`restore${name}`]: resolve(restoreRecord),
    [`destroy${name}`]: resolve(destroyRecord),
  } as unknown as Record<`create${Name}` | `update${Name}`, Resolve<Row, object>> &
    Record<`delete${Name}` | `restore${Name}`, Resolve<Row, VersionedId>> &
    Record<`destroy${Name}`, Resolve<Row, Identified>>
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
  } as Record<`${'Create' | 'Update' | 'Delete' | 'Restore'}${Name}Payload`, typeof payload> &
    Record<`Destroy${Name}Payload`, { destroyedId: (parent: MutationResult<Row>) => string | null }>
}
