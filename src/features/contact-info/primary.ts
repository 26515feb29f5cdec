/** A row as far as the choice of the primary one goes, in its order; `asked` is what the input says, if it does. */
export interface PrimaryCandidate {
  readonly isPrimary: boolean
  readonly asked?: boolean | null | undefined
}

/**
 * The index of the row that is to be primary: the one that is asked for, else the one that was and isn't given up,
 * else the first that isn't given up, else the first. -1 without rows.
 */
export function choosePrimary(rows: readonly PrimaryCandidate[]): number {
  const choices: ((row: PrimaryCandidate) => boolean)[] = [
    (row) => row.asked === true,
    (row) => row.isPrimary && row.asked !== false,
    (row) => row.asked !== false,
    () => true,
  ]
  for (const choice of choices) {
    const index = rows.findIndex(choice)
    if (index >= 0) return index
  }
  return -1
}
