import { defaultTypeResolver, getArgumentValues, GraphQLError, locatedError, type GraphQLObjectType } from 'graphql'
import { inspect } from 'graphql/jsutils/inspect.js'
import { pathKeys, type Path } from './collected-errors.js'
import { isPromise } from '../../lib/promise.js'
import type { Execution } from './execution.js'
import type { FieldGuard } from './field-guard.js'
import { selectionOf, type Completion, type FieldPlan, type SelectionPlan } from './plan.js'
import { ResolveInfo } from './resolve-info.js'
import { runtimeTypeOf } from './runtime-type.js'

type Data = Record<string, unknown>
type Method = (args: object, context: unknown, info: ResolveInfo) => unknown

// For resolvers that have no parameter for it.
const NO_INFO = undefined as unknown as ResolveInfo
const NO_ARGUMENTS: Record<string, unknown> = Object.freeze({})

/**
 * The fields of an object, all begun at once. The object itself where nothing has to be waited for.
 * @throws GraphQLError, located, where a field that can't be null failed; or a rejection with it
 */
export function runFields(run: Execution, plan: SelectionPlan, source: unknown, path: Path | undefined): unknown {
  const data = new plan.Data()
  let keys: string[] | undefined
  let promises: PromiseLike<unknown>[] | undefined
  try {
    for (const field of plan.fields) {
      const value = runField(run, field, source, path)
      data[field.key] = value
      if (!isPromise(value)) continue
      if (promises) promises.push(value)
      else promises = [value]
      if (keys) keys.push(field.key)
      else keys = [field.key]
    }
  } catch (error) {
    if (!promises) throw error
    // The others are waited for, so that none of them fails unheard.
    return Promise.all(promises)
      .then(() => undefined)
      .finally(() => {
        throw error
      })
  }
  if (!promises) return data
  return Promise.all(promises).then((values) => {
    for (let index = 0; index < values.length; index++) data[(keys as string[])[index] as string] = values[index]
    return data
  })
}

/**
 * The fields of an object one after the other: the next begins when the one before is complete.
 * @throws as `runFields`; those behind a failure don't run
 */
export function runFieldsSerially(run: Execution, plan: SelectionPlan, source: unknown): unknown {
  const data = new plan.Data()
  const runNext = (field: FieldPlan): unknown => {
    const value = runField(run, field, source, undefined)
    if (!isPromise(value)) {
      data[field.key] = value
      return data
    }
    return value.then((settled) => {
      data[field.key] = settled
      return data
    })
  }
  let done: unknown = data
  for (const field of plan.fields) done = isPromise(done) ? done.then(() => runNext(field)) : runNext(field)
  return done
}

function runField(run: Execution, field: FieldPlan, source: unknown, around: Path | undefined): unknown {
  const { completion, property, guard } = field
  if (property === null || completion.serialize === null) return resolveField(run, field, source, around)
  // Most fields of most answers: a value of the row as it is. Their place is only made where something is wrong.
  let value: unknown
  try {
    if (guard !== null && !isVisible(run, field, guard)) value = guard.hidden()
    else {
      value = isObject(source) ? source[property] : undefined
      if (typeof value === 'function') value = callMethod(run, field, source as never, pathOf(field, around))
      if (guard !== null) guard.spend(run.context, field.key, value)
    }
    if (!isPromise(value)) {
      const leaf = completeLeaf(field, completion, value)
      if (!isPromise(leaf)) return leaf
      return leaf.then(undefined, (error: unknown) => failField(run, field, completion, pathOf(field, around), error))
    }
  } catch (error) {
    return failField(run, field, completion, pathOf(field, around), error)
  }
  return finishField(run, field, pathOf(field, around), value)
}

function resolveField(run: Execution, field: FieldPlan, source: unknown, around: Path | undefined): unknown {
  const { guard } = field
  const path = pathOf(field, around)
  let value: unknown
  try {
    const args = field.hasArguments ? argumentsOf(run, field) : NO_ARGUMENTS
    if (guard !== null && !isVisible(run, field, guard)) value = guard.hidden()
    else {
      const info = field.takesInfo ? new ResolveInfo(run, field, path) : NO_INFO
      value = field.resolve(source, args, run.context, info)
      if (guard !== null) guard.spend(run.context, field.key, value)
    }
  } catch (error) {
    return failField(run, field, field.completion, path, error)
  }
  return finishField(run, field, path, value)
}

function callMethod(run: Execution, field: FieldPlan, source: Record<string, Method>, path: Path): unknown {
  return source[field.field.name]?.(NO_ARGUMENTS, run.context, new ResolveInfo(run, field, path))
}

function isVisible({ visible, context }: Execution, { index }: FieldPlan, guard: FieldGuard<unknown>): boolean {
  return (visible[index] ??= guard.isVisible(context))
}

function finishField(run: Execution, field: FieldPlan, path: Path, value: unknown): unknown {
  const { completion } = field
  try {
    const completed = isPromise(value)
      ? value.then((settled) => complete(run, field, completion, path, settled))
      : complete(run, field, completion, path, value)
    if (!isPromise(completed)) return completed
    return completed.then(undefined, (error: unknown) => failField(run, field, completion, path, error))
  } catch (error) {
    return failField(run, field, completion, path, error)
  }
}

function pathOf({ key, parentType }: FieldPlan, prev: Path | undefined): Path {
  return { prev, key, typename: parentType.name }
}

function argumentsOf({ args, variables }: Execution, { index, field, nodes }: FieldPlan): Record<string, unknown> {
  return (args[index] ??= getArgumentValues(field, nodes[0], variables))
}

/** Null where that is allowed; else the failure goes on to what is around. */
function failField(run: Execution, field: FieldPlan, { isNonNull }: Completion, path: Path, error: unknown): null {
  const located = locatedError(error, field.nodes, pathKeys(path))
  if (isNonNull) throw located
  run.errors.add(located, path)
  return null
}

function complete(run: Execution, field: FieldPlan, completion: Completion, path: Path, value: unknown): unknown {
  if (completion.serialize !== null) return completeLeaf(field, completion, value)
  if (value instanceof Error) throw value
  if (value === null || value === undefined) return completeNull(field, completion)
  if (completion.item !== null) return completeList(run, field, completion.item, path, value)
  if (completion.objectType !== null) return completeObject(run, field, completion.objectType, path, value)
  return completeAbstract(run, field, completion, path, value)
}

function completeNull({ parentType, field }: FieldPlan, { isNonNull }: Completion): null {
  if (!isNonNull) return null
  throw new Error(`Cannot return null for non-nullable field ${parentType.name}.${field.name}.`)
}

function completeLeaf(field: FieldPlan, completion: Completion, value: unknown): unknown {
  if (value === null || value === undefined) return completeNull(field, completion)
  if (value instanceof Error) throw value
  return (completion.serialize as NonNullable<Completion['serialize']>)(value)
}

function completeList(run: Execution, field: FieldPlan, item: Completion, path: Path, value: unknown): unknown {
  if (!isIterable(value)) {
    const { parentType } = field
    throw new GraphQLError(
      `Expected Iterable, but did not find one for field "${parentType.name}.${field.field.name}".`,
    )
  }
  const promises: Promise<unknown>[] = []
  try {
    const items: unknown[] = []
    for (const element of value) {
      const completed = completeItem(run, field, item, path, element, items.length)
      if (isPromise(completed)) promises.push(completed)
      items.push(completed)
    }
    return promises.length > 0 ? Promise.all(items) : items
  } catch (error) {
    // Nobody waits for the items before the one that failed; they may fail too.
    void Promise.allSettled(promises)
    throw error
  }
}

function completeItem(
  run: Execution,
  field: FieldPlan,
  item: Completion,
  around: Path,
  element: unknown,
  key: number,
): unknown {
  const path: Path = { prev: around, key, typename: undefined }
  try {
    const completed = isPromise(element)
      ? element.then((settled) => complete(run, field, item, path, settled))
      : complete(run, field, item, path, element)
    if (!isPromise(completed)) return completed
    return completed.then(undefined, (error: unknown) => failField(run, field, item, path, error))
  } catch (error) {
    return failField(run, field, item, path, error)
  }
}

function completeAbstract(
  run: Execution,
  field: FieldPlan,
  completion: Completion,
  path: Path,
  value: unknown,
): unknown {
  const type = completion.abstractType as NonNullable<Completion['abstractType']>
  const resolveType = type.resolveType ?? defaultTypeResolver
  const name: unknown = resolveType(value, run.context, new ResolveInfo(run, field, path), type)
  const completeAs = (settled: unknown): unknown =>
    completeObject(run, field, runtimeTypeOf(run.plan.schema, type, field, settled, value), path, value)
  return isPromise(name) ? name.then(completeAs) : completeAs(name)
}

function completeObject(
  run: Execution,
  field: FieldPlan,
  type: GraphQLObjectType,
  path: Path,
  value: unknown,
): unknown {
  const selection = selectionOf(run.plan, field, type)
  if (!type.isTypeOf) return runFields(run, selection, value, path)
  const runIfOfType = (isOfType: unknown): unknown => {
    if (isOfType) return runFields(run, selection, value, path)
    throw new GraphQLError(`Expected value of type "${type.name}" but got: ${inspect(value)}.`, { nodes: field.nodes })
  }
  const isOfType: unknown = type.isTypeOf(value, run.context, new ResolveInfo(run, field, path))
  return isPromise(isOfType) ? isOfType.then(runIfOfType) : runIfOfType(isOfType)
}

function isObject(value: unknown): value is Data {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as never)[Symbol.iterator] === 'function'
}
