import type { ReadAhead, Relations } from '../../list/read-ahead.js'
import { contactInfoRelations, type ContactInfoLoaders } from '../contact-info/contact-info.loaders.js'

interface Loaders extends ContactInfoLoaders {
  readonly industryById: ById
  readonly companySizeById: ById
  readonly userById: ById
}

type ById = Pick<ReadAhead, 'loadAll'>

/** How what belongs to companies is read ahead: by their links, and contact info by their ids. */
export function companyRelations(loaders: Loaders): Relations {
  const owner = () => ({ link: 'assigned_to_id', loadAll: (ids: readonly string[]) => loaders.userById.loadAll(ids) })
  return {
    ...contactInfoRelations(loaders, 'COMPANY'),
    industry: () => ({ link: 'industry_id', loadAll: (ids) => loaders.industryById.loadAll(ids) }),
    size: () => ({ link: 'size_id', loadAll: (ids) => loaders.companySizeById.loadAll(ids) }),
    owner,
    assignedTo: owner,
  }
}
