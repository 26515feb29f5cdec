import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql'
import { RECORD_KINDS } from '../../../../src/graphql/features.js'
import type { WallRecordKind, WallRecords } from './full-tenant.js'
import { isRecordFilter } from './filter-positions.js'
import { isConnection, rootFields, selectionOf, type IdPosition, type RootType } from './id-positions.js'

/** A document of one root field with its variables. */
export interface Call {
  readonly query: string
  readonly variables: Record<string, unknown>
}

/** An id at a position, with what stands in the version beside it. */
export interface Probe {
  readonly position: IdPosition
  readonly id: string
  /** undefined leaves an optional version out */
  readonly version: number | undefined
}

// Values that any tenant may write. Those of optional fields are given too: without one of them an input says nothing.
const PLAUSIBLE: Record<string, string | number> = {
  email: 'new@example.org',
  number: '+12125550199',
  handle: 'someone',
  line1: 'Main Street 1',
  firstName: 'Robin',
  name: 'Something new',
  place: 1,
  key: 'something_new',
  label: 'Something new',
  value: 'secret',
  intoValue: 'other',
  confirmedValues: 1,
  planHash: 'a-plan',
  hash: 'a-hash',
  column: 'Name',
  by: 'Somebody',
  minutes: 5,
}

/** A call of a root field with plausible values for all that it needs, and the probe's id at its position. */
export function createCall(
  schema: GraphQLSchema,
  root: RootType,
  fieldName: string,
  own: WallRecords,
  probe?: Probe,
  values: Record<string, string | number> = PLAUSIBLE,
): Call {
  const field = rootFields(schema).find(
    (candidate) => candidate.root === root && candidate.field.name === fieldName,
  )?.field
  if (!field) throw new Error(`no ${root}.${fieldName}`)
  const [target] = /^\w+/.exec(probe?.position.path ?? '') ?? []
  const given = field.args.filter((arg) => isRequiredArgument(arg) || arg.name === target)
  const build: Build = {
    fieldName,
    own,
    probe,
    values: { ...values, ...matchingOf(fieldName, probe), ...actionOf(probe) },
  }
  const variables = Object.fromEntries(given.map((arg) => [arg.name, valueAt(arg.type, arg.name, arg.name, build)]))
  const declared = given.map((arg) => `$${arg.name}: ${String(arg.type)}`).join(', ')
  const passed = given.map((arg) => `${arg.name}: $${arg.name}`).join(', ')
  const head = `${root === 'Mutation' ? 'mutation' : 'query'}${declared ? `(${declared})` : ''}`
  const selection = isConnection(field.type) ? LIST_SELECTION : selectionOf(schema, field.type, 2)
  const asked = `${fieldName}${passed ? `(${passed})` : ''} ${selection}`
  // A list below the root is asked for at the tenant's own record.
  const query =
    root === 'Company' ? `${head} { company(id: "${own.Company.id}") { ${asked} } }` : `${head} { ${asked} }`
  return { query, variables }
}

/** How an upsert is to find its record: by the id that is probed, else by a value that is new. */
function matchingOf(fieldName: string, probe: Probe | undefined): Record<string, string> {
  if (!/^(bulkU|u)psert/.test(fieldName)) return {}
  const isById = /(contact|company|rows\[\])\.id$/.test(probe?.position.path ?? '')
  return isById ? { matchBy: 'ID' } : { matchBy: 'EXTERNAL_ID', externalId: 'new' }
}

/** What a change by a filter does, where its action is what reads the probed id; else UPDATE. */
function actionOf(probe: Probe | undefined): Record<string, string> {
  return /^(input|input\.change)\.ownerId$/.test(probe?.position.path ?? '') ? { action: 'SET_OWNER' } : {}
}

/** What is asked of a list: who is in it, where, and how many there are. */
const LIST_SELECTION = `{ edges { cursor node { id } } nodes { id }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount totalCountIsExact }`

interface Build {
  readonly fieldName: string
  readonly own: WallRecords
  readonly probe: Probe | undefined
  readonly values: Record<string, string | number>
}

function valueAt(type: GraphQLInputType, name: string, path: string, build: Build): unknown {
  if (isNonNullType(type)) return valueAt(type.ofType, name, path, build)
  if (isListType(type)) return [valueAt(type.ofType, name, `${path}[]`, build)]
  if (isEnumType(type)) return build.values[name] ?? type.getValues()[0]?.name
  if (isInputObjectType(type)) return objectAt(type, path, build)
  if (path === build.probe?.position.path) return build.probe.id
  if (type.name === 'ID') return ownIdFor(name, build).id
  if (name === 'version') return ownIdFor(name, build).version
  const value = build.values[name]
  if (value === undefined) throw new Error(`no plausible value for ${path} of ${build.fieldName}`)
  return value
}

function objectAt(type: GraphQLInputType, path: string, build: Build): Record<string, unknown> {
  const object = getNamedType(type)
  if (!isInputObjectType(object)) throw new Error(`no object at ${path}`)
  const { probe, values } = build
  // The version beside the probed id is the probe's own.
  const beside = probe?.position.path.replace(/\.\w+$/, '') === path ? probe.position.version : null
  const entries = Object.values(object.getFields()).flatMap((field): [string, unknown][] => {
    const here = `${path}.${field.name}`
    if (field.name === beside) return probe?.version === undefined ? [] : [[field.name, probe.version]]
    const leadsToProbe = `${probe?.position.path ?? ''}.`
      .replaceAll('[]', '')
      .startsWith(`${here}.`.replaceAll('[]', ''))
    // A filter says nothing but what is probed.
    const isPlausible = field.name in values && !path.includes('update') && !isRecordFilter(object)
    const isGiven = isRequiredInputField(field) || leadsToProbe || isPlausible
    return isGiven ? [[field.name, valueAt(field.type, field.name, here, build)]] : []
  })
  return Object.fromEntries(entries)
}

/**
 * The own record that an input needs while another of its places is probed: the changed one, or what a required link
 * leads to.
 */
function ownIdFor(name: string, { fieldName, own }: Build) {
  const one = fieldName.replace(/^bulk(.)(.*?)(?:s|(ies))$/, (_, first: string, rest: string, many?: string) =>
    [first.toLowerCase(), rest, many ? 'y' : ''].join(''),
  )
  const [, verb, noun = ''] = /^(create|update|merge|delete)(\w+)$/.exec(one) ?? []
  const link = RECORD_KINDS.find(({ concept }) => concept.name === noun)?.columns[name]?.references
  const kind = link ?? (verb === 'create' ? '' : noun)
  if (!(kind in own)) throw new Error(`no own record known for ${name} of ${fieldName}`)
  return own[kind as WallRecordKind]
}
