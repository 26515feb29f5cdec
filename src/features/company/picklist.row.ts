/** An industry as loaders give it. */
export interface IndustryRow {
  readonly id: string
  readonly name: string
  readonly position: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** A company size as loaders give it. */
export interface CompanySizeRow extends IndustryRow {
  readonly minEmployees: number | null
  readonly maxEmployees: number | null
}
