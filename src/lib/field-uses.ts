/** Custom fields that a statement goes by, for whoever counts how they are used. */
export interface FieldUses {
  readonly tenantId: string
  /** ids of those by which rows are filtered, and of those by which they are ordered */
  readonly filtered?: readonly string[]
  readonly ordered?: readonly string[]
  /** ids of those whose values are written */
  readonly written?: readonly string[]
  /** keys of those of a type of record whose values are read by key */
  readonly read?: { readonly entityType: string; readonly keys: readonly string[] }
}
