/** Rows of a file that share values with rows of other chunks: they go in one transaction. */
export interface RowGroups {
  /** the group of a row by its index; undefined for rows that stand alone, or share values within their chunk only */
  readonly groupOf: (index: number) => number | undefined
  /** groups in the order of their first rows, put together into batches of about so many rows as were asked for */
  readonly batches: readonly (readonly number[])[]
  /** rows of each group */
  readonly sizes: ReadonlyMap<number, number>
}

/** Collects the values of all rows of a file. Some 16 bytes a value: 10,000,000 rows with two values take 320 MB. */
export interface ValueCollector {
  readonly add: (index: number, chunk: number, values: readonly string[]) => void
  readonly groups: (rowsABatch: number) => RowGroups
}

/** Nothing is collected at first. Values are kept as hashes of 53 bits: two that fall together only make a group larger. */
export function createValueCollector(): ValueCollector {
  const hashes: number[] = []
  const rows: number[] = []
  const chunks: number[] = []
  return {
    add(index, chunk, values) {
      chunks[index] = chunk
      for (const value of values) {
        hashes.push(hashOf(value))
        rows.push(index)
      }
    },
    groups: (rowsABatch) => groupRows(hashes, rows, chunks, rowsABatch),
  }
}

function groupRows(
  hashes: readonly number[],
  rows: readonly number[],
  chunks: readonly number[],
  rowsABatch: number,
): RowGroups {
  const repeated = repeatedOf(hashes)
  // A forest of rows: each leads to an earlier row of its group, the first one to itself.
  const parent = new Map<number, number>()
  const firstOf = (row: number): number => {
    let root = row
    for (let next = parent.get(root) ?? root; next !== root; next = parent.get(root) ?? root) root = next
    for (let at = row; at !== root;) {
      const next = parent.get(at) ?? root
      parent.set(at, root)
      at = next
    }
    return root
  }
  const holder = new Map<number, number>()
  hashes.forEach((hash, at) => {
    if (!repeated.has(hash)) return
    const row = rows[at] as number
    if (!parent.has(row)) parent.set(row, row)
    const other = holder.get(hash)
    if (other === undefined) return void holder.set(hash, row)
    const [a, b] = [firstOf(row), firstOf(other)]
    parent.set(Math.max(a, b), Math.min(a, b))
  })
  const spread = new Set<number>()
  for (const row of parent.keys()) {
    const root = firstOf(row)
    if (chunks[row] !== chunks[root]) spread.add(root)
  }
  const sizes = new Map<number, number>()
  for (const row of parent.keys()) {
    const root = firstOf(row)
    if (spread.has(root)) sizes.set(root, (sizes.get(root) ?? 0) + 1)
  }
  const groupOf = (index: number): number | undefined => {
    if (!parent.has(index)) return undefined
    const root = firstOf(index)
    return spread.has(root) ? root : undefined
  }
  return { groupOf, sizes, batches: batchesOf(sizes, rowsABatch) }
}

function repeatedOf(hashes: readonly number[]): ReadonlySet<number> {
  const sorted = Float64Array.from(hashes).sort()
  const repeated = new Set<number>()
  for (let at = 1; at < sorted.length; at++) if (sorted[at] === sorted[at - 1]) repeated.add(sorted[at] as number)
  return repeated
}

function batchesOf(sizes: ReadonlyMap<number, number>, rowsABatch: number): number[][] {
  const batches: number[][] = []
  let size = Infinity
  for (const [group, rows] of [...sizes].sort(([a], [b]) => a - b)) {
    if (size + rows > rowsABatch) {
      batches.push([])
      size = 0
    }
    batches.at(-1)?.push(group)
    size += rows
  }
  return batches
}

const [PRIME, OFFSET_A, OFFSET_B] = [16_777_619, 2_166_136_261, 3_735_928_559]

function hashOf(text: string): number {
  let [a, b] = [OFFSET_A, OFFSET_B]
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    a = Math.imul(a ^ unit, PRIME)
    b = Math.imul(b ^ (unit + at), PRIME)
  }
  return (a >>> 0) * 2 ** 21 + (b >>> 11)
}
