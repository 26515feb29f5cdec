import type { Connection, Edge } from '../../list/connection.js'
import type { MutationResult } from '../../records/mutation.js'
import type { CompanyRow } from './company.columns.js'
import type { CompanySizeRow, IndustryRow } from './picklist.columns.js'

// What the resolvers of the API's types get as their parents: `<type of the API>Parent`. codegen.ts reads the names.
export type IndustryParent = IndustryRow
export type IndustryConnectionParent = Connection<IndustryRow>
export type IndustryEdgeParent = Edge<IndustryRow>
export type CreateIndustryPayloadParent = MutationResult<IndustryRow>
export type RenameIndustryPayloadParent = MutationResult<IndustryRow>
export type CompanySizeParent = CompanySizeRow
export type CompanySizeConnectionParent = Connection<CompanySizeRow>
export type CompanySizeEdgeParent = Edge<CompanySizeRow>
export type CreateCompanySizePayloadParent = MutationResult<CompanySizeRow>
export type RenameCompanySizePayloadParent = MutationResult<CompanySizeRow>
export type CompanyParent = CompanyRow
export type CompanyConnectionParent = Connection<CompanyRow>
export type CompanyEdgeParent = Edge<CompanyRow>
export type CreateCompanyPayloadParent = MutationResult<CompanyRow>
export type UpdateCompanyPayloadParent = MutationResult<CompanyRow>
export type DeleteCompanyPayloadParent = MutationResult<CompanyRow>
export type RestoreCompanyPayloadParent = MutationResult<CompanyRow>
export type DestroyCompanyPayloadParent = MutationResult<CompanyRow>
