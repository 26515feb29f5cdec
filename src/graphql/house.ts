import type { ContactInfoHouse } from '../features/contact-info/contact-info.service.js'
import type { Transaction } from '../database/transaction.js'
import type { Scope } from '../lib/scope.js'
import type { Lister } from '../listing/lister.js'

/** What resolvers hand on to services: the wired parts of the process, made once by `server.ts`. */
export interface House extends Lister, ContactInfoHouse {
  /** Clears the links of the contacts of a company that is destroyed. */
  readonly unlinkContacts: (scope: Scope, tx: Transaction, companyId: string) => Promise<void>
}
