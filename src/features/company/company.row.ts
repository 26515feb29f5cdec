/** A company as loaders give it, deleted or not. */
export interface CompanyRow {
  readonly id: string
  readonly name: string
  readonly legalName: string | null
  readonly domain: string | null
  readonly website: string | null
  readonly industryId: string | null
  readonly sizeId: string | null
  readonly employeeCount: number | null
  /** decimal text */
  readonly annualRevenue: string | null
  readonly annualRevenueCurrency: string | null
  readonly foundedYear: number | null
  readonly leadScore: number | null
  readonly status: 'LEAD' | 'PROSPECT' | 'CUSTOMER' | 'PARTNER' | 'CHURNED'
  readonly priority: 'LOW' | 'MEDIUM' | 'HIGH' | 'URGENT'
  readonly assignedToId: string | null
  readonly lastContactedAt: Date | null
  readonly nextFollowUpAt: Date | null
  readonly notes: string | null
  readonly externalId: string | null
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly deletedAt: Date | null
}
