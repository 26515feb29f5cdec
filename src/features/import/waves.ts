/**
 * Rows in waves that are done one after the other: each row comes behind all earlier ones that it hangs together with, because
 * they have a mark in common, or by a row between. Of `a@x`, `a@x and b@x`, `b@x` the third has no mark of the first, but may be
 * of its record.
 */
export function wavesOf<Row>(rows: readonly Row[], marksOf: (row: Row) => readonly string[]): Row[][] {
  const waves: Row[][] = []
  /** what hangs together: the wave for the next row of it */
  const groups = new Map<string, { next: number; readonly marks: string[] }>()
  for (const row of rows) {
    const marks = marksOf(row)
    const met = [...new Set(marks.map((mark) => groups.get(mark)))].filter((group) => group !== undefined)
    const wave = Math.max(0, ...met.map(({ next }) => next))
    const group = { next: wave + 1, marks: [...new Set([...met.flatMap((one) => one.marks), ...marks])] }
    for (const mark of group.marks) groups.set(mark, group)
    ;(waves[wave] ??= []).push(row)
  }
  return waves
}
