import type { Scope } from '../access/scope.js'
import { companyRelations } from '../features/company/company.relations.js'
import { contactRelations, contactsOfCompanies } from '../features/contact/contact.relations.js'
import { customFieldRelations } from '../features/custom-field/custom-field.loaders.js'
import type { Lister } from '../list/lister.js'
import type { Relations, RelationsOf } from '../list/read-ahead.js'
import type { Loaders } from './loaders.js'

/** How one request reads ahead what belongs to the rows of its lists, by the concept of the rows. */
export function createRelations(scope: Scope, lister: Lister, loaders: Loaders): RelationsOf {
  const relationsOf = (concept: string): Relations => {
    switch (concept) {
      case 'Contact':
        return { ...contactRelations(loaders), ...customFieldRelations(loaders, 'CONTACT') }
      case 'Company':
        return {
          ...companyRelations(loaders),
          ...contactsOfCompanies(scope, lister, loaders),
          ...customFieldRelations(loaders, 'COMPANY'),
        }
      default:
        return {}
    }
  }
  const made = new Map<string, Relations>()
  return (concept) => {
    const known = made.get(concept) ?? relationsOf(concept)
    made.set(concept, known)
    return known
  }
}
