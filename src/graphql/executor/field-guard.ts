import type { GraphQLFieldResolver } from 'graphql'

/** What stands before and behind the resolver of a field. */
export interface FieldGuard<Context> {
  /** whether the field may be read in a request; the same for all objects of the request */
  readonly isVisible: (context: Context) => boolean
  /** What is read instead of a field that isn't visible. @throws where that is an error */
  readonly hidden: () => unknown
  /** Takes what the field gave from what the request may answer; `key` is its name there. @throws where it is too much */
  readonly spend: (context: Context, key: string, value: unknown) => void
  readonly resolve: GraphQLFieldResolver<unknown, Context>
}

const GUARD = Symbol('guard')

/** A guard as a resolver, for whoever knows resolvers alone. */
export function guardedResolver<Context>(guard: FieldGuard<Context>): GraphQLFieldResolver<unknown, Context> {
  const { isVisible, hidden, spend, resolve } = guard
  const guarded: GraphQLFieldResolver<unknown, Context> = (parent, args, context, info) => {
    if (!isVisible(context)) return hidden()
    const value: unknown = resolve(parent, args, context, info)
    spend(context, info.path.key as string, value)
    return value
  }
  return Object.assign(guarded, { [GUARD]: guard })
}

/** The guard of a resolver; null where it has none. */
export function guardOf(resolve: GraphQLFieldResolver<unknown, unknown>): FieldGuard<unknown> | null {
  return (resolve as { [GUARD]?: FieldGuard<unknown> })[GUARD] ?? null
}
