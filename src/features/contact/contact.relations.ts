import { getArgumentValues, isObjectType, type FieldNode } from 'graphql'
import type { Scope } from '../../access/scope.js'
import type { ListArguments } from '../../list/list-query.js'
import type { Lister } from '../../list/lister.js'
import { linkedBy, type LinkedLoader, type Relations } from '../../list/read-ahead.js'
import { selectsRows, type FieldInfo } from '../../list/selected-fields.js'
import { contactInfoRelations, type ContactInfoLoaders } from '../contact-info/contact-info.loaders.js'
import { CONTACT } from './contact.columns.js'
import type { createContactLoaders } from './contact.loaders.js'
import { companyPageKey } from './contact.service.js'

interface Loaders extends ContactInfoLoaders {
  readonly companyById: LinkedLoader
  readonly userById: LinkedLoader
}

/** How what belongs to contacts is read ahead: companies and owners by their links, contact info by the contacts' ids. */
export function contactRelations(loaders: Loaders): Relations {
  return {
    ...contactInfoRelations(loaders, 'CONTACT'),
    company: linkedBy(CONTACT, 'company_id', () => loaders.companyById),
    owner: linkedBy(CONTACT, 'owner_id', () => loaders.userById),
  }
}

/** How the contacts of companies are read ahead: a page of each, where its rows are selected. */
export function contactsOfCompanies(
  scope: Scope,
  lister: Lister,
  loaders: ReturnType<typeof createContactLoaders>,
): Relations {
  return {
    contacts: (field, info) => {
      const args = selectsRows(field, info) ? argumentsOf(field, info) : null
      if (!args) return null
      const keyOf = (id: string) => companyPageKey(scope, lister, id, args, field)
      return { link: null, loadAll: (ids) => loaders.contactsByCompany.loadAll(ids.map(keyOf)) }
    },
  }
}

function argumentsOf(field: FieldNode, { schema, variableValues }: FieldInfo): ListArguments | null {
  const type = schema.getType('Company')
  const definition = isObjectType(type) ? type.getFields()['contacts'] : undefined
  return definition ? getArgumentValues(definition, field, variableValues) : null
}
