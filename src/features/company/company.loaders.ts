import DataLoader from 'dataloader'
import type { TickFlight } from '../../database/tick-flight.js'
import { oneByKey } from '../../lib/batch.js'
import type { Scope } from '../../access/scope.js'
import { findCompaniesByIds } from './company.repository.js'
import type { CompanyRow } from './company.columns.js'
import { findEntriesByIds } from './picklist.repository.js'
import type { CompanySizeRow, IndustryRow } from './picklist.columns.js'

/** Loaders of companies, industries and sizes for one request. `companyById` gives deleted companies too. */
export function createCompanyLoaders(scope: Scope, flight: TickFlight) {
  const options = { batchScheduleFn: flight.schedule }
  return {
    companyById: new DataLoader<string, CompanyRow | null>(
      async (ids) => oneByKey(ids, await flight.read<CompanyRow>(findCompaniesByIds(scope, ids)), (row) => row.id),
      options,
    ),
    industryById: new DataLoader<string, IndustryRow | null>(
      async (ids) =>
        oneByKey(ids, await flight.read<IndustryRow>(findEntriesByIds(scope, 'industry', ids)), (row) => row.id),
      options,
    ),
    companySizeById: new DataLoader<string, CompanySizeRow | null>(
      async (ids) =>
        oneByKey(ids, await flight.read<CompanySizeRow>(findEntriesByIds(scope, 'companySize', ids)), (row) => row.id),
      options,
    ),
  }
}
