/** A contact as loaders give it, deleted or not. */
export interface ContactRow {
  readonly id: string
  readonly firstName: string | null
  readonly middleName: string | null
  readonly lastName: string | null
  readonly fullName: string | null
  readonly jobTitle: string | null
  readonly department: string | null
  readonly companyId: string | null
  readonly ownerId: string | null
  readonly emailOptIn: boolean
  readonly smsOptIn: boolean
  readonly callOptIn: boolean
  /** YYYY-MM-DD */
  readonly birthDate: string | null
  readonly notes: string | null
  readonly externalId: string | null
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly deletedAt: Date | null
}
