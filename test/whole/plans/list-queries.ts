import { buildSchema, isEnumType } from 'graphql'
import { readSchema } from '../../../src/graphql/schema-text.js'

/** The two lists that grow without bound. */
export type ListName = 'contacts' | 'companies'

export const LISTS: readonly ListName[] = ['contacts', 'companies']

/** A step of an order, as clients give it. */
export interface Order {
  readonly field: string
  readonly direction: 'ASC' | 'DESC'
  readonly nulls: 'FIRST' | 'LAST'
}

export const DIRECTIONS = (['ASC', 'DESC'] as const).flatMap((direction) =>
  (['FIRST', 'LAST'] as const).map((nulls) => ({ direction, nulls })),
)

const TYPES = { contacts: 'Contact', companies: 'Company' } as const
const PAGE = 'edges { cursor } pageInfo { startCursor endCursor }'

/** Every field that a list can be ordered by, as the schema says. */
export function orderFields(list: ListName): string[] {
  const type = buildSchema(readSchema()).getType(`${TYPES[list]}OrderField`)
  if (!isEnumType(type)) throw new Error(`no orders of ${list}`)
  return type.getValues().map(({ name }) => name)
}

/** Whether an order is by a column of a related record: `COMPANY_NAME`, but not `COMPANY_ID`, a column of its own. */
export function isRelatedOrder(field: string): boolean {
  return /^(COMPANY|OWNER|ASSIGNED_TO|INDUSTRY|SIZE)_(?!ID$)/.test(field)
}

/** A query of one list, with every argument as a variable: its page alone unless another selection is given. */
export function listQuery(list: ListName, selection = PAGE): string {
  const type = TYPES[list]
  return `query ($first: Int, $after: String, $last: Int, $before: String, $offset: Int, $filter: ${type}Filter,
      $orderBy: [${type}Order!], $search: String) {
    ${list}(first: $first, after: $after, last: $last, before: $before, offset: $offset, filter: $filter,
      orderBy: $orderBy, search: $search) { ${selection} }
  }`
}

/** An order for people: `contacts by BIRTH_DATE DESC NULLS FIRST`. */
export function orderName(list: ListName, { field, direction, nulls }: Order): string {
  return `${list} by ${field} ${direction} NULLS ${nulls}`
}
