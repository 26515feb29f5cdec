/** Whether a value has to be waited for. */
export function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
}

/** `map` of a value that may have to be waited for; at once where it needn't. */
export function mapValue<Value, Result>(
  value: Value | Promise<Value>,
  map: (value: Value) => Result,
): Result | Promise<Awaited<Result>> {
  return isPromise(value) ? value.then(map as (value: Value) => Awaited<Result>) : map(value)
}

/** Some values, each of which may have to be waited for; at once where none needs that. */
export function allValues<Value>(values: readonly (Value | Promise<Value>)[]): readonly Value[] | Promise<Value[]> {
  return values.some(isPromise) ? Promise.all(values as readonly Promise<Value>[]) : (values as readonly Value[])
}
