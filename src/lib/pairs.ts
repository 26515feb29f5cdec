/**
 * What `make` gives for two texts, made once for each pair and kept for good: only for pairs of which there is a bounded
 * number. Looking a pair up puts no text together, which would have to be hashed each time.
 */
export function rememberPairs<Value>(
  make: (first: string, second: string) => Value,
): (first: string, second: string) => Value {
  const known = new Map<string, Map<string, Value>>()
  return (first, second) => {
    let bySecond = known.get(first)
    if (!bySecond) known.set(first, (bySecond = new Map<string, Value>()))
    let value = bySecond.get(second)
    if (value === undefined) bySecond.set(second, (value = make(first, second)))
    return value
  }
}
