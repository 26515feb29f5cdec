import { linkedBy, type LinkedLoader, type Relations } from '../../list/read-ahead.js'
import { contactInfoRelations, type ContactInfoLoaders } from '../contact-info/contact-info.loaders.js'
import { COMPANY } from './company.columns.js'

interface Loaders extends ContactInfoLoaders {
  readonly industryById: LinkedLoader
  readonly companySizeById: LinkedLoader
  readonly userById: LinkedLoader
}

/** How what belongs to companies is read ahead: by their links, and contact info by their ids. */
export function companyRelations(loaders: Loaders): Relations {
  const owner = linkedBy(COMPANY, 'assigned_to_id', () => loaders.userById)
  return {
    ...contactInfoRelations(loaders, 'COMPANY'),
    industry: linkedBy(COMPANY, 'industry_id', () => loaders.industryById),
    size: linkedBy(COMPANY, 'size_id', () => loaders.companySizeById),
    owner,
    assignedTo: owner,
  }
}
