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
import type { RecordKind } from '../records/record-kind.js'
import { createMatchLoaders } from '../search/matches.loaders.js'

/** Every concept: lists, `node` and access know those that stand here. */
export const CONCEPTS: readonly ConceptFields[] = [CONTACT, COMPANY, USER, INDUSTRY, COMPANY_SIZE, ...CONTACT_INFO]

/** The types of record: what can be created, changed, deleted, restored and destroyed. */
export const RECORD_KINDS: readonly RecordKind[] = [CONTACT_KIND, COMPANY_KIND]

/** The loaders of every feature; rows have the columns that are needed for the fields that the request selects. */
export function createFeatureLoaders(
  scope: Scope,
  flight: TickFlight,
  selected: SelectedFields,
  definitions: KnownDefinitions,
) {
  return {
    ...createUserLoaders(scope, flight, selected),
    ...createCustomFieldLoaders(scope, flight, definitions),
    ...createContactInfoLoaders(scope, flight, selected),
    ...createCompanyLoaders(scope, flight, selected),
    ...createContactLoaders(scope, flight, selected),
    ...createMatchLoaders(scope, flight),
  }
}
