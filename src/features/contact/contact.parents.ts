import type { BulkResult, RowResult, UpsertResult } from '../../records/bulk-mutations.js'
import type { ContactRow } from './contact.columns.js'

// What the resolvers of the API's types get as their parents: `<type of the API>Parent`. codegen.ts reads the names.
type Result = BulkResult<ContactRow>
export type BulkContactResultParent = RowResult<ContactRow>
export type BulkCreateContactsPayloadParent = Result
export type BulkUpdateContactsPayloadParent = Result
export type BulkDeleteContactsPayloadParent = Result
export type BulkRestoreContactsPayloadParent = Result
export type BulkDestroyContactsPayloadParent = Result
export type BulkUpsertContactsPayloadParent = Result
export type UpsertContactPayloadParent = UpsertResult<ContactRow>
