import type { Edge, Page } from '../list/connection.js'
import type { FoundRecord } from './search.row.js'
import type { SearchConnection } from './search.service.js'

// What the resolvers of the API's types get as their parents: `<type of the API>Parent`. codegen.ts reads the names.
export type PageInfoParent = Page<unknown>
export type SearchConnectionParent = SearchConnection
export type SearchEdgeParent = Edge<FoundRecord>
export type SearchResultParent = FoundRecord
