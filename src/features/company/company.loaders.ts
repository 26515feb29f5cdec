import type { Scope } from '../../access/scope.js'
import type { SelectedFields } from '../../concepts/selected-columns.js'
import type { TickFlight } from '../../database/tick-flight.js'
import { rowByIdLoader } from '../../list/rows-by-ids.js'
import { COMPANY, COMPANY_COLUMNS, type CompanyRow } from './company.columns.js'
import {
  COMPANY_SIZE,
  COMPANY_SIZE_COLUMNS,
  INDUSTRY,
  INDUSTRY_COLUMNS,
  type CompanySizeRow,
  type IndustryRow,
} from './picklist.columns.js'

/** Loaders of companies, industries and sizes for one request. `companyById` gives deleted companies too. */
export function createCompanyLoaders(scope: Scope, flight: TickFlight, selected: SelectedFields) {
  return {
    companyById: rowByIdLoader<CompanyRow>(scope, flight, COMPANY, COMPANY_COLUMNS, selected),
    industryById: rowByIdLoader<IndustryRow>(scope, flight, INDUSTRY, INDUSTRY_COLUMNS, selected),
    companySizeById: rowByIdLoader<CompanySizeRow>(scope, flight, COMPANY_SIZE, COMPANY_SIZE_COLUMNS, selected),
  }
}
