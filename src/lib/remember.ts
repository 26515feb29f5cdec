/**
 * What `make` gives for a text, made once for each and kept for good: only for texts of which there is a bounded number.
 */
export function remember<Value>(make: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, Value>()
  return (text) => {
    let value = known.get(text)
    if (value === undefined) known.set(text, (value = make(text)))
    return value
  }
}

/**
 * The same for pairs of texts. Looking a pair up puts no text together, which would have to be hashed each time.
 */
export function rememberPairs<Value>(
  make: (first: string, second: string) => Value,
): (first: string, second: string) => Value {
  const ofFirst = remember((first) => remember((second) => make(first, second)))
  return (first, second) => ofFirst(first)(second)
}
