import { createHash } from 'node:crypto'
import { statesOf, type DeletedRecords } from '../access/deleted-records.js'
import type { RowState } from '../access/row-condition.js'
import type { ConceptFields } from '../concepts/concept-fields.js'
import type { CursorList, CursorPlace } from '../lib/cursor.js'
import { AppError } from '../lib/errors.js'
import type { Scope } from '../access/scope.js'
import type { FilterInput, FilterNode } from './filter-node.js'
import { readFilter, type FilterRules } from './filter.js'
import type { Lister } from './lister.js'
import { orderText, readOrder, type OrderInput, type OrderStep } from './order.js'
import type { ListSearch } from './list-search.js'

/** Which page a client wants: `first: 50, after: "…"`, `last: 50, before: "…"`, or `first: 50, offset: 100`. */
export interface PageArguments {
  readonly first?: number | null | undefined
  readonly after?: string | null | undefined
  readonly last?: number | null | undefined
  readonly before?: string | null | undefined
  readonly offset?: number | null | undefined
}

/** The arguments of a list as clients give them. */
export interface ListArguments extends PageArguments {
  readonly filter?: object | null | undefined
  readonly orderBy?: readonly OrderInput[] | null | undefined
  readonly search?: string | null | undefined
  /** of records: whether deleted ones are listed */
  readonly deleted?: DeletedRecords | null | undefined
}

/** A list as it was asked for, with everything read and checked: what pages and counts are made from. */
export interface ListQuery {
  readonly concept: ConceptFields
  /** which rows are listed: live ones, deleted ones or both */
  readonly states: readonly RowState[]
  readonly steps: readonly OrderStep[]
  /** whether the order was asked for, rather than the concept's own */
  readonly isOrdered: boolean
  readonly filter: FilterNode | null
  /** the search that narrows the list; null without a text, or with spaces alone */
  readonly search: ListSearch | null
  /** what the list's cursors are good for */
  readonly cursorList: CursorList
  readonly page: PageWanted
}

/** The part of a list that is wanted. */
export interface PageWanted {
  /** rows of the page, at most */
  readonly size: number
  /** whether the page is read from its end: `last` or `before` was given */
  readonly isBackward: boolean
  /**
   * the cursor's place: the page begins behind it or, if it is read backwards, ends before it; null without a cursor
   */
  readonly from: CursorPlace | null
  /** rows that are skipped before the page */
  readonly offset: number
}

export const DEFAULT_PAGE_SIZE = 50

/**
 * Checks what the arguments of a list say together, its filter and its order, so that a whole request can be refused
 * before any of it runs. `path` is the way to the list in the request, `['company', 'contacts']`.
 * @throws BAD_USER_INPUT, FORBIDDEN with the place in `extensions.field`
 */
export function checkListArguments(
  rules: FilterRules,
  concept: ConceptFields,
  args: ListArguments,
  path: readonly (string | number)[],
): void {
  checkSides(args, path)
  if (args.filter) readFilter(rules, concept, args.filter as FilterInput, [...path, 'filter'])
  readOrder(rules, concept, args.orderBy, [...path, 'orderBy'])
  if (args.search?.trim() && (args.deleted ?? 'EXCLUDE') !== 'EXCLUDE') {
    refuse(
      [...path, 'search'],
      'Only live records are searched: look for deleted ones by a filter, as `lastName: { contains: … }`.',
    )
  }
}

/** Reads the arguments of a root list. @throws BAD_USER_INPUT, FORBIDDEN, INVALID_CURSOR as `listQueryReader` */
export function readListQuery(scope: Scope, lister: Lister, concept: ConceptFields, args: ListArguments): ListQuery {
  return listQueryReader(scope, lister, concept, args)(concept.list)
}

/**
 * Reads the arguments of a list, once for all lists that are asked for by them. The function that is given back names
 * one of these as cursors do: `company.contacts:<id>` of a company's contacts.
 * @throws BAD_USER_INPUT, FORBIDDEN, INVALID_CURSOR (the function) with the argument in `extensions.field`
 */
export function listQueryReader(
  scope: Scope,
  { cursors, readSearch }: Lister,
  concept: ConceptFields,
  args: ListArguments,
): (list: string) => ListQuery {
  const { tenant, userId } = scope.principal
  const { defaultCountry } = tenant
  const rules = { registry: scope.registry, access: scope.access, country: defaultCountry, userId }
  const steps = readOrder(rules, concept, args.orderBy, ['orderBy'])
  const filter = args.filter ? readFilter(rules, concept, args.filter as FilterInput, ['filter']) : null
  const text = args.search?.trim() ? args.search : null
  const isOrdered = Boolean(args.orderBy?.length)
  const cursorList = {
    tenantId: scope.tenantId,
    order: text !== null && !isOrdered ? 'search' : orderText(steps),
    filter: fingerprint(args.filter ?? null, text, args.deleted ?? 'EXCLUDE', userId),
  }
  const isBackward = typeof args.last === 'number' || typeof args.before === 'string'
  const [cursor, side] = isBackward ? ([args.before, 'before'] as const) : ([args.after, 'after'] as const)
  const states = statesOf(scope, args.deleted)
  const search = text === null ? null : readSearch(concept, text, defaultCountry)
  const size = (isBackward ? args.last : args.first) ?? DEFAULT_PAGE_SIZE
  const page = { size, isBackward, from: null, offset: args.offset ?? 0 }
  // Without spreading objects: a list of 20 companies makes one of these for each.
  const { tenantId, order, filter: filterText } = cursorList
  return (list) => {
    const ofList: CursorList = { tenantId, list, order, filter: filterText }
    return {
      concept,
      states,
      steps,
      isOrdered,
      filter,
      search,
      cursorList: ofList,
      page: cursor ? { ...page, from: cursors.decode(ofList, cursor, side) } : page,
    }
  }
}

/**
 * A hash of a filter and a search as they were given, and of whether deleted records are listed, for cursors, which
 * work under one filter only. With `isMe` it is another one for each user (`userId`), whose lists are not the same. 22
 * characters; empty where there is none of them.
 */
export function fingerprint(
  filter: object | null,
  search: string | null,
  deleted: DeletedRecords = 'EXCLUDE',
  userId: string | null = null,
): string {
  const isLive = deleted === 'EXCLUDE'
  if (filter === null && search === null && isLive) return ''
  const nameUser = (key: string, value: unknown): unknown => (key === 'isMe' ? [value, userId] : value)
  return createHash('sha256')
    .update(JSON.stringify([filter, search, ...(isLive ? [] : [deleted])], nameUser))
    .digest('base64url')
    .slice(0, 22)
}

const PAGE_ARGUMENTS = ['first', 'after', 'last', 'before', 'offset'] as const
/** Those of a page that is read from its start; the others are of one that is read from its end. */
const FORWARDS = new Set<string>(['first', 'after', 'offset'])

/** Refuses `first` with `last`, `after` with `before`, `offset` with `after`, and so on. */
function checkSides(args: PageArguments, path: readonly (string | number)[]): void {
  const given = PAGE_ARGUMENTS.filter((name) => args[name] !== undefined && args[name] !== null)
  const [first] = given
  for (const name of given) {
    if (first && FORWARDS.has(first) !== FORWARDS.has(name)) {
      refuse([...path, name], `\`${first}\` and \`${name}\` don't go together: a page is read from one side.`)
    }
    if (name === 'offset' && given.includes('after')) {
      refuse([...path, name], "`after` and `offset` don't go together: a page begins at one place.")
    }
  }
}

function refuse(path: readonly (string | number)[], message: string): never {
  throw new AppError('BAD_USER_INPUT', message, { extensions: { field: path.join('.') } })
}
