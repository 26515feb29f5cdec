import type { CompanyRow } from '../features/company/company.row.js'
import type { CompanySizeRow, IndustryRow } from '../features/company/picklist.row.js'
import type { ContactRow } from '../features/contact/contact.row.js'
import type { UserRow } from '../features/identity/user.row.js'
import type { FoundRecord } from '../search/search.row.js'
import type { SearchConnection } from '../search/search.service.js'
import type { Connection, Page } from '../list/connection.js'

// What the resolvers of connections get as their parents; the code generator can't write type arguments itself.
export type ContactConnectionParent = Connection<ContactRow>
export type CompanyConnectionParent = Connection<CompanyRow>
export type UserConnectionParent = Connection<UserRow>
export type IndustryConnectionParent = Connection<IndustryRow>
export type CompanySizeConnectionParent = Connection<CompanySizeRow>
export type SearchConnectionParent = SearchConnection

type Edge<Row> = Page<Row>['edges'][number]
export type ContactEdgeParent = Edge<ContactRow>
export type CompanyEdgeParent = Edge<CompanyRow>
export type UserEdgeParent = Edge<UserRow>
export type IndustryEdgeParent = Edge<IndustryRow>
export type CompanySizeEdgeParent = Edge<CompanySizeRow>
export type SearchEdgeParent = Edge<FoundRecord>
export type PageInfoParent = Page<unknown>
