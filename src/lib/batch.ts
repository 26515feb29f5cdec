/**
 * Rows back in the order of the keys that asked for them, as DataLoader wants it: one row or null a key. O(n).
 * Of several rows with one key the last counts.
 */
export function oneByKey<Key, Row>(
  keys: readonly Key[],
  rows: readonly Row[],
  keyOf: (row: Row) => Key,
): (Row | null)[] {
  const byKey = new Map<Key, Row>()
  for (const row of rows) byKey.set(keyOf(row), row)
  return keys.map((key) => byKey.get(key) ?? null)
}

/** The same for lists: the rows of each key, in the order in which they came; empty where there are none. */
export function manyByKey<Key, Row>(keys: readonly Key[], rows: readonly Row[], keyOf: (row: Row) => Key): Row[][] {
  const byKey = groupByKey(rows, keyOf)
  return keys.map((key) => byKey.get(key) ?? [])
}

/** Rows by their keys, those of one key in the order in which they came. O(n). */
export function groupByKey<Key, Row>(rows: readonly Row[], keyOf: (row: Row) => Key): Map<Key, Row[]> {
  const byKey = new Map<Key, Row[]>()
  for (const row of rows) {
    const key = keyOf(row)
    const known = byKey.get(key)
    if (known) known.push(row)
    else byKey.set(key, [row])
  }
  return byKey
}
