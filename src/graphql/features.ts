import type { Scope } from '../access/scope.js'
import type { ConceptFields } from '../concepts/concept-fields.js'
import type { SelectedFields } from '../concepts/selected-columns.js'
import type { TickFlight } from '../database/tick-flight.js'
import { COMPANY } from '../features/company/company.columns.js'
import { COMPANY_KIND } from '../features/company/company.kind.js'
import { createCompanyLoaders } from '../features/company/company.loaders.js'
import { COMPANY_SIZE, INDUSTRY } from '../features/company/picklist.columns.js'
import { CONTACT_INFO } from '../features/contact-info/contact-info.columns.js'
import { createContactInfoLoaders } from '../features/contact-info/contact-info.loaders.js'
import { createCustomFieldLoaders } from '../features/custom-field/custom-field.loaders.js'
import type { KnownDefinitions } from '../features/custom-field/known-definitions.js'
import { CONTACT } from '../features/contact/contact.columns.js'
import { CONTACT_KIND } from '../features/contact/contact.kind.js'
import { createContactLoaders } from '../features/contact/contact.loaders.js'
import { USER } from '../features/identity/user.columns.js'
import { createUserLoaders } from '../features/identity/user.loaders.js'
import { lazyGroups } from '../lib/lazy-groups.js'
import type { RecordKind } from '../records/record-kind.js'
import { createMatchLoaders } from '../search/matches.loaders.js'

/** Every concept: lists, `node` and access know those that stand here. */
export const CONCEPTS: readonly ConceptFields[] = [CONTACT, COMPANY, USER, INDUSTRY, COMPANY_SIZE, ...CONTACT_INFO]

/** The types of record: what can be created, changed, deleted, restored and destroyed. */
export const RECORD_KINDS: readonly RecordKind[] = [CONTACT_KIND, COMPANY_KIND]

/** What loaders are made of: whose data, over which flight, with which columns of rows. */
export interface LoaderInput {
  readonly scope: Scope
  readonly flight: TickFlight
  /** rows have the columns that are needed for the fields that the request selects */
  readonly selected: SelectedFields
  readonly definitions: KnownDefinitions
}

/** The loaders of every feature; those of a feature are made when the first of them is used. */
export const FEATURE_LOADERS = lazyGroups<LoaderInput>()(
  ({ scope, flight, selected }) => createUserLoaders(scope, flight, selected),
  ({ scope, flight, definitions }) => createCustomFieldLoaders(scope, flight, definitions),
  ({ scope, flight, selected }) => createContactInfoLoaders(scope, flight, selected),
  ({ scope, flight, selected }) => createCompanyLoaders(scope, flight, selected),
  ({ scope, flight, selected }) => createContactLoaders(scope, flight, selected),
  ({ scope, flight }) => createMatchLoaders(scope, flight),
)
