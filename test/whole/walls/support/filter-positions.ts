import { getNamedType, isInputObjectType, type GraphQLInputField, type GraphQLInputObjectType } from 'graphql'

/** Whether an input is a filter of records, which may contain itself: those of single values have no `and`. */
export function isRecordFilter(type: GraphQLInputObjectType): boolean {
  return 'and' in type.getFields()
}

interface FilterPosition {
  readonly path: string
  readonly version: null
  /** the type whose ids fit */
  readonly filtered: string
}

interface Step {
  readonly path: string
  readonly type: GraphQLInputObjectType
}

/**
 * Where a filter takes ids. Filters lead to each other without end, so each type of filter is opened once, where it is
 * reached first: there each of its ids is named with every operator. What leads to an opened type again (`and`, `or`,
 * `not`, a second quantifier, a way back) gives one position, the `eq` of its first id.
 */
export function filterPositions(filter: GraphQLInputObjectType, path: string): FilterPosition[] {
  const steps: Step[] = [{ path, type: filter }]
  const opened = new Set([filter.name])
  const positions: FilterPosition[] = []
  for (const step of steps) {
    for (const id of idsOf(step)) {
      positions.push(...operators(id.type).map((operator) => positionAt(step, id, operator)))
    }
    for (const next of leadsOf(step)) {
      const [id] = idsOf(next)
      if (!opened.has(next.type.name)) steps.push(next)
      else if (id) positions.push(positionAt(next, id, 'eq'))
      opened.add(next.type.name)
    }
  }
  return positions
}

function positionAt(step: Step, id: Step, operator: string): FilterPosition {
  const name = id.path.slice(step.path.length + 1)
  return { path: `${id.path}.${operator}`, version: null, filtered: kindOf(step, name) }
}

/** The type whose ids a field of a filter is compared with: `id` of its own, `companyId` of what `company` leads to. */
function kindOf({ type }: Step, name: string): string {
  const related = name === 'id' ? type : type.getFields()[name.replace(/Id$/, '')]?.type
  const filter = related && getNamedType(related).name
  if (!filter?.endsWith('Filter')) throw new Error(`whose ids are in ${type.name}.${name}?`)
  return filter.replace(/Filter$/, '')
}

/** The fields of a filter that take ids. */
function idsOf({ path, type }: Step): Step[] {
  return inputsOf(type, path).filter((step) => step.type.name === 'IDFilter')
}

/** `eq ne in[] notIn[]`, as the filter of ids has them. */
function operators(type: GraphQLInputObjectType): string[] {
  return Object.values(type.getFields())
    .filter((field) => getNamedType(field.type).name === 'ID')
    .map((field) => `${field.name}${brackets(field)}`)
}

/** The filters of records that a filter leads to, through the quantifiers of its lists too. */
function leadsOf({ path, type }: Step): Step[] {
  return inputsOf(type, path).flatMap((step) => {
    if (isRecordFilter(step.type)) return [step]
    return 'some' in step.type.getFields() ? inputsOf(step.type, step.path) : []
  })
}

function inputsOf(type: GraphQLInputObjectType, path: string): Step[] {
  return Object.values(type.getFields()).flatMap((field) => {
    const named = getNamedType(field.type)
    return isInputObjectType(named) ? [{ path: `${path}.${field.name}${brackets(field)}`, type: named }] : []
  })
}

function brackets(field: GraphQLInputField): string {
  return /^\[/.test(String(field.type)) ? '[]' : ''
}
