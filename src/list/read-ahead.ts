import type { FieldNode } from 'graphql'
import type { Scope } from '../access/scope.js'
import type { ConceptFields } from '../concepts/concept-fields.js'
import { allValues } from '../lib/promise.js'
import { fieldsOfNodes, type FieldInfo } from './selected-fields.js'

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
}

/** How each relation of a concept is read ahead, by its field; `field` is the selection, whose arguments it may need. */
export type Relations = Readonly<Record<string, (field: FieldNode, info: FieldInfo) => ReadAhead | null>>

/** The relations of each concept by its name, as a request has them. */
export type RelationsOf = (concept: string) => Relations

/** What a list reads ahead: of its concept's relations those that are selected on its nodes and may be seen. */
export function readAhead(
  { scope, relationsOf }: { readonly scope: Scope; readonly relationsOf: RelationsOf },
  { name: concept }: ConceptFields,
  info: FieldInfo,
): readonly ReadAhead[] {
  const fields = fieldsOfNodes(info, concept)
  if (fields.length === 0) return []
  const relations = relationsOf(concept)
  return fields.flatMap((node) => {
    const field = node.name.value
    const relation = Object.hasOwn(relations, field) ? relations[field] : undefined
    if (!relation || !scope.access.maySee(concept, field)) return []
    return relation(node, info) ?? []
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
export async function readAllAhead(ahead: readonly ReadAhead[], places: readonly LinkedPlace[]): Promise<void> {
  await allValues(
    ahead.map(({ link, loadAll }): Promise<unknown> | undefined => {
      const keys = link === null ? places.map(({ id }) => id) : places.map(({ links }) => links?.[link])
      return loadAll(keys.filter((key) => typeof key === 'string'))?.catch(ignoreError)
    }),
  )
}
