import type { BulkResult, RowResult, UpsertResult } from '../../records/bulk-mutations.js'
import type { CompanyRow } from './company.columns.js'

// What the resolvers of the API's types get as their parents: `<type of the API>Parent`. codegen.ts reads the names.
type Result = BulkResult<CompanyRow>
export type BulkCompanyResultParent = RowResult<CompanyRow>
export type BulkCreateCompaniesPayloadParent = Result
export type BulkUpdateCompaniesPayloadParent = Result
export type BulkDeleteCompaniesPayloadParent = Result
export type BulkRestoreCompaniesPayloadParent = Result
export type BulkDestroyCompaniesPayloadParent = Result
export type BulkUpsertCompaniesPayloadParent = Result
export type UpsertCompanyPayloadParent = UpsertResult<CompanyRow>
