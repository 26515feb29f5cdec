/** Whether a value has to be waited for. */
export function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
}

/** `map` of a value that may have to be waited for; at once where it needn't. */
export function mapValue<Value, Result>(
  value: Value | Promise<Value>,
  map: (value: Value) => Result,
): Result | Promise<Awaited<Result>> {
  return isPromise(value) ? (value as Promise<Value>).then(map as (value: Value) => Awaited<Result>) : map(value)
}
