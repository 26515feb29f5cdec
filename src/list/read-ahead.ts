import type { FieldNode } from 'graphql'
import type { Scope } from '../access/scope.js'
import type { ConceptFields } from '../concepts/concept-fields.js'
import { allValues } from '../lib/promise.js'
import type { Link, RowLoader } from './rows-by-ids.js'
import { fieldsOfNodes, fieldsOfRow, type FieldInfo } from './selected-fields.js'

/**
 * What is read in one flight with the rows of a page, as it needs no more than their ids, or a link that comes with
 * them: a page of contacts with companies and e-mails takes two round trips instead of three. The resolvers of these
 * fields ask the same loaders afterwards, which have the answers by then.
 */
export interface ReadAhead {
  /** the column whose value is the key: `company_id`; null where the id of the row itself is */
  readonly link: string | null
  /** Has the loader read some keys; nothing where it has them. */
  readonly loadAll: (keys: readonly string[]) => Promise<unknown> | undefined
  /** of a link: the same by whoever names the rows, before these are there */
  readonly linked?: { readonly by: Link; readonly loader: LinkedLoader } | undefined
}

/** The part of a loader of rows by which what others name is read ahead. */
export type LinkedLoader = Pick<RowLoader<never>, 'concept' | 'loadAll' | 'loadLinked'>

/** How what the rows of a concept name in a column is read ahead, by the loader of what they name: it is made when it is needed. */
export function linkedBy(from: ConceptFields, column: string, loaderOf: () => LinkedLoader): () => ReadAhead {
  return () => {
    const loader = loaderOf()
    return { link: column, loadAll: (keys) => loader.loadAll(keys), linked: { by: { from, column }, loader } }
  }
}

/** How each relation of a concept is read ahead, by its field; `field` is the selection, whose arguments it may need. */
export type Relations = Readonly<Record<string, (field: FieldNode, info: FieldInfo) => ReadAhead | null>>

/** The relations of each concept by its name, as a request has them. */
export type RelationsOf = (concept: string) => Relations

interface Reading {
  readonly scope: Scope
  readonly relationsOf: RelationsOf
}

/** A relation that is selected, with what is selected of it in turn: of contacts the company, with its industry. */
export interface SelectedRelation extends ReadAhead {
  /** by the links that lead there from the rows of the relation, the industries of companies and so on */
  readonly below: readonly { readonly links: readonly Link[]; readonly loader: LinkedLoader }[]
}

/** What a list reads ahead: of its concept's relations those that are selected on its nodes and may be seen. */
export function readAhead(context: Reading, { name }: ConceptFields, info: FieldInfo): readonly SelectedRelation[] {
  return relationsAmong(context, name, fieldsOfNodes(info, name), info)
}

/**
 * Reads what is selected of one record, in one flight with its row: a contact with its company, whose industry is asked for
 * too, takes one round trip instead of three. Undefined where that is nothing. An error is met by who asks the loader for
 * its answer.
 */
export function readRecordAhead(
  context: Reading,
  { name }: ConceptFields,
  id: string,
  info: FieldInfo,
): Promise<unknown> | undefined {
  const ahead = relationsAmong(context, name, fieldsOfRow(info, name), info)
  if (ahead.length === 0) return undefined
  const reads = ahead.flatMap(({ loadAll, linked, below }) => {
    if (!linked) return tried(() => loadAll([id]))
    const named = [{ links: [], loader: linked.loader }, ...below]
    return named.map(({ links, loader }) => tried(() => loader.loadLinked([linked.by, ...links], [id])))
  })
  return Promise.resolve(allValues(reads))
}

function relationsAmong(
  context: Reading,
  concept: string,
  fields: readonly FieldNode[],
  info: FieldInfo,
): readonly SelectedRelation[] {
  // What is named alone, as `id` and `name`, is no relation.
  if (!fields.some(({ selectionSet }) => selectionSet)) return []
  const relations = context.relationsOf(concept)
  return fields.flatMap((node) => {
    const field = node.name.value
    const relation = Object.hasOwn(relations, field) ? relations[field]?.(node, info) : undefined
    if (!relation || !context.scope.access.maySee(concept, field)) return []
    const { link, loadAll, linked } = relation
    return { link, loadAll, linked, below: linked ? belowOf(context, linked.loader.concept, node, info) : [] }
  })
}

function belowOf(context: Reading, concept: string, node: FieldNode, info: FieldInfo): SelectedRelation['below'] {
  const fields = fieldsOfRow({ fieldNodes: [node], fragments: info.fragments }, concept)
  return relationsAmong(context, concept, fields, info).flatMap(({ linked, below }) => {
    if (!linked) return []
    const further = below.map(({ links, loader }) => ({ links: [linked.by, ...links], loader }))
    return [{ links: [linked.by], loader: linked.loader }, ...further]
  })
}

/** Where a row stands in a page, with its values in columns; those of the links that were asked for are there. */
export interface LinkedPlace {
  readonly id: string
  readonly links?: Readonly<Record<string, unknown>>
}

/** The columns of links that some relations need, each once. */
export function linksOf(ahead: readonly ReadAhead[]): readonly string[] {
  return [...new Set(ahead.flatMap(({ link }) => (link === null ? [] : [link])))]
}

const ignoreError = (): void => undefined

/** Reads what belongs to the rows of a page. An error is met by who asks the loader for its answer. */
export async function readAllAhead(ahead: readonly SelectedRelation[], places: readonly LinkedPlace[]): Promise<void> {
  await allValues(
    ahead.flatMap(({ link, loadAll, below }): (Promise<unknown> | undefined)[] => {
      const named = link === null ? places.map(({ id }) => id) : places.map(({ links }) => links?.[link])
      const keys = [...new Set(named.filter((key) => typeof key === 'string'))]
      if (keys.length === 0) return []
      return [
        tried(() => loadAll(keys)),
        ...below.map(({ links, loader }) => tried(() => loader.loadLinked(links, keys))),
      ]
    }),
  )
}

/** Begins to read. Whatever is wrong, a cursor of another list say, is met by who asks the loader for its answer. */
function tried(read: () => Promise<unknown> | undefined): Promise<unknown> | undefined {
  try {
    return read()?.catch(ignoreError)
  } catch {
    return undefined
  }
}
