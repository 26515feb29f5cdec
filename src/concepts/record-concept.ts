import type { Columns } from './columns.js'
import type { CustomFieldEntityType } from './custom-fields.js'
import type { ConceptField, ConceptFields, ConceptRelation } from './concept-fields.js'

/** What lists know of a type of record, whose table is named as its list: live rows, newest first. */
export function recordConcept(
  name: string,
  list: string,
  entityType: CustomFieldEntityType,
  columns: Columns,
  relations: Readonly<Record<string, ConceptRelation>>,
): ConceptFields {
  return {
    name,
    list,
    table: list,
    hasDeletedAt: true,
    entityType,
    // Lists know no kind `float`; of records no column has it.
    fields: columns as Readonly<Record<string, ConceptField>>,
    relations,
    order: { field: 'createdAt', direction: 'DESC' },
  }
}

/** The relations of a record to its contact info; `entityType` is what contact info calls the type of record. */
export function infoRelations(entityType: string) {
  const info = (to: string): ConceptRelation => ({ kind: 'info', to, entityType })
  return {
    emailAddresses: info('EmailAddress'),
    phoneNumbers: info('PhoneNumber'),
    addresses: info('Address'),
    socialMediaAccounts: info('SocialMediaAccount'),
  }
}
