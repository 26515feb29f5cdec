import { randomUUID } from 'node:crypto'
import type { GraphQLSchema } from 'graphql'
import type { Principal } from '../../../../src/lib/principal.js'
import type { TestApi } from '../../../support/api.js'
import { createCall, type Probe } from './call.js'
import { WALL_RECORD_KINDS, type WallRecord, type WallRecordKind, type WallRecords } from './full-tenant.js'
import { idPositions, type IdPosition } from './id-positions.js'
import type { Snapshot } from './snapshot.js'

export interface WalkInput {
  readonly schema: GraphQLSchema
  readonly api: TestApi
  readonly principal: Principal
  readonly own: WallRecords
  readonly foreign: WallRecords
  readonly takeSnapshot: () => Promise<Snapshot>
}

/** A call with another tenant's id that was not answered like one with an id that does not exist. */
export interface Difference {
  readonly place: string
  readonly kind: WallRecordKind
  readonly answer: string
  readonly expected: string
  readonly faults: readonly string[]
}

export interface WalkResult {
  readonly calls: number
  readonly differences: readonly Difference[]
  /** places after whose calls some row of some tenant was another */
  readonly changed: readonly string[]
  /** what the ids that exist nowhere were answered with, and how often */
  readonly refusals: Readonly<Record<string, number>>
}

/** The name of a place: `updateContact input.companyId`, `Company.contacts filter.id.eq`. */
export function placeOf({ root, field, path }: IdPosition): string {
  return `${root === 'Company' ? 'Company.' : ''}${field} ${path}`
}

/** The kinds whose ids are put in a place: all, but in a filter the one that fits, and another. */
export function kindsFor({ filtered }: IdPosition): readonly WallRecordKind[] {
  if (filtered === null) return WALL_RECORD_KINDS
  const index = WALL_RECORD_KINDS.findIndex((kind) => kind === filtered)
  const fits = WALL_RECORD_KINDS[index]
  if (!fits) throw new Error(`no record of type ${filtered}`)
  return [fits, WALL_RECORD_KINDS[(index + 1) % WALL_RECORD_KINDS.length] as WallRecordKind]
}

/**
 * Puts another tenant's ids into every place of the API that takes an id, and beside them, where a version is asked
 * for, the true one and a wrong one. Each answer is compared with that for an id that exists nowhere, byte by byte
 * apart from the id itself and from cursors, which are never the same twice; after each place all rows of all tables
 * are compared.
 */
export async function walkWithForeignIds(input: WalkInput): Promise<WalkResult> {
  const { schema, foreign, takeSnapshot } = input
  let before = JSON.stringify(await takeSnapshot())
  const differences: Difference[] = []
  const changed: string[] = []
  const refusals: Record<string, number> = {}
  let calls = 0
  for (const position of idPositions(schema)) {
    const expectedByVersion = new Map<number | undefined, string>()
    for (const kind of kindsFor(position)) {
      for (const version of versionsFor(position, foreign[kind])) {
        let expected = expectedByVersion.get(version)
        if (expected === undefined) {
          expected = (await ask(input, { position, id: randomUUID(), version })).text
          expectedByVersion.set(version, expected)
          const refusal = refusalOf(position, expected)
          refusals[refusal] = (refusals[refusal] ?? 0) + 1
          calls++
        }
        const { text, faults } = await ask(input, { position, id: foreign[kind].id, version })
        calls++
        if (text !== expected) differences.push({ place: placeOf(position), kind, answer: text, expected, faults })
      }
    }
    const after = JSON.stringify(await takeSnapshot())
    if (after !== before) changed.push(placeOf(position))
    before = after
  }
  return { calls, differences, changed, refusals }
}

// The true version would let a change through; a wrong one must not tell the true one (CONFLICT) either.
function versionsFor({ version }: IdPosition, record: WallRecord): (number | undefined)[] {
  if (version === null) return [undefined]
  const given = [record.version, record.version + 1]
  return version === 'version' ? given : [undefined, ...given]
}

async function ask(
  { schema, api, principal, own }: WalkInput,
  probe: Probe,
): Promise<{ text: string; faults: string[] }> {
  const { query, variables } = createCall(schema, probe.position.root, probe.position.field, own, probe)
  const from = api.faults.length
  const text = answerText(await api.run(principal, query, variables), probe.id)
  return { text, faults: api.faults.slice(from).map((fault) => String((fault.fields['err'] as Error).message)) }
}

/**
 * An answer as text, without what differs from call to call: the probed id, cursors, and of errors the id of the
 * request and which part of a list failed first.
 */
export function answerText({ status, ...body }: Awaited<ReturnType<TestApi['run']>>, id: string): string {
  const errors = body.errors?.map(({ message, path, extensions }) => ({
    message,
    path: path?.[0],
    extensions: { ...extensions, ...(extensions?.['requestId'] ? { requestId: 'request' } : {}) },
  }))
  return JSON.stringify({ status, data: body.data, ...(errors ? { errors } : {}) })
    .replaceAll(id, 'id')
    .replaceAll(/"(cursor|startCursor|endCursor)":"[\w-]+"/g, '"$1":"cursor"')
}

interface Payload {
  readonly userErrors?: readonly { readonly code: string }[]
  readonly results?: readonly { readonly id: unknown; readonly contact?: unknown; readonly company?: unknown }[]
  readonly summary?: unknown
  readonly status?: unknown
}

/** What an answer comes to: `null`, the rows of a list, the codes of its user errors, or the codes of its errors. */
function refusalOf({ root, field, filtered }: IdPosition, text: string): string {
  const { data, errors } = JSON.parse(text) as {
    data?: Record<string, unknown> | null
    errors?: { extensions: { code: string } }[]
  }
  if (errors) return `error ${errors.map((error) => error.extensions.code).join()}`
  const value = (root === 'Company' ? (data?.['company'] as typeof data) : data)?.[field]
  if (filtered !== null) return `rows ${(value as { nodes: unknown[] }).nodes.length}`
  if (value === null || (Array.isArray(value) && value.every((item) => item === null))) return 'null'
  // Of a bulk mutation the records of its rows count, not how many there are.
  const { userErrors = [], results = [], summary: _, status: __, ...rest } = value as Payload
  const parts = [...Object.values(rest), ...results.flatMap(({ id, contact, company }) => [id, contact, company])]
  const isEmpty = parts.every((part) => part === null || part === undefined || part === false)
  return `${isEmpty ? '' : 'with data '}${userErrors.map((error) => error.code).join()}`
}
