import { Kind, parse, type OperationDefinitionNode } from 'graphql'
import type { Principal } from '../../src/lib/principal.js'
import type { Desk } from '../support/desk.js'

/** A request that is ready to be sent, alone, with everything that it needs stored already. */
export interface Prepared {
  readonly principal: Principal | 'OPERATOR'
  readonly query: string
  readonly variables: Record<string, unknown>
  /** the codes of the user errors that a mutation must answer with; none unless said */
  readonly refusals?: readonly string[]
}

/** One row of the table: a field of Query or Mutation, in one way of asking for it. */
export interface RoundTripCase {
  /** the field of the schema, and after a colon what is particular, as `createContact: with an e-mail and a phone` */
  readonly name: string
  readonly prepare: (desk: Desk) => Promise<Prepared>
}

/** The root fields that a document asks for. */
export function rootFieldsOf(query: string): string[] {
  const operations = parse(query).definitions as readonly OperationDefinitionNode[]
  return operations.flatMap(({ selectionSet }) =>
    selectionSet.selections.flatMap((selection) => (selection.kind === Kind.FIELD ? [selection.name.value] : [])),
  )
}
