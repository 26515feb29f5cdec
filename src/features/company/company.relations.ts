import type { Relations } from '../../list/read-ahead.js'
import { contactInfoRelations, type ContactInfoLoaders } from '../contact-info/contact-info.loaders.js'

interface Loaders extends ContactInfoLoaders {
  readonly industryById: ById
  readonly companySizeById: ById
  readonly userById: ById
}

interface ById {
  load(id: string): Promise<unknown>
}

/** How what belongs to companies is read ahead: by their links, and contact info by their ids. */
export function companyRelations(loaders: Loaders): Relations {
  const owner = () => ({ link: 'assigned_to_id', load: (id: string) => loaders.userById.load(id) })
  return {
    ...contactInfoRelations(loaders, 'COMPANY'),
    industry: () => ({ link: 'industry_id', load: (id) => loaders.industryById.load(id) }),
    size: () => ({ link: 'size_id', load: (id) => loaders.companySizeById.load(id) }),
    owner,
    assignedTo: owner,
  }
}
