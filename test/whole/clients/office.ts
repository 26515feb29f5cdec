import { signToken } from '../../../src/features/identity/token.js'
import { deriveKey } from '../../../src/lib/derive-key.js'
import type { Role } from '../../../src/lib/principal.js'
import { TEST_SECRET } from '../../support/api.js'
import { createTenant } from '../../support/records.js'
import type { GraphQLBody, HttpServer } from '../support/http-server.js'

/** A tenant of a client's own, with five contacts of one company, for the programs of this folder. */
export interface Office {
  /** where the API is */
  readonly url: string
  readonly companyId: string
  /** Ada, Ben, Cleo, Dan and Eve, whose last names are in the same order */
  readonly contactIds: readonly string[]
  readonly token: (role?: Role) => Promise<string>
}

const NAMES = ['Ada Ash', 'Ben Birch', 'Cleo Cedar', 'Dan Dogwood', 'Eve Elm']

/** Makes such a tenant on a running server, over HTTP. */
export async function openOffice(server: HttpServer): Promise<Office> {
  const { settings, users } = await createTenant(server.database)
  const url = `${server.base}/graphql`
  const token = (role: Role = 'ADMIN'): Promise<string> =>
    signToken(deriveKey(TEST_SECRET, 'tokens'), { tenantId: settings.id, userId: users[role], role }, new Date(), 3600)
  const authorization = `Bearer ${await token()}`
  async function send(query: string): Promise<GraphQLBody['data']> {
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    })
    return ((await response.json()) as GraphQLBody).data
  }
  const { createCompany } = await send('mutation { createCompany(input: { name: "Arbor" }) { company { id } } }')
  const companyId: string = createCompany.company.id
  const contacts = NAMES.map((name, index) => {
    const [firstName, lastName] = name.split(' ')
    return `c${index}: createContact(input: { firstName: "${firstName}", lastName: "${lastName}", companyId: "${companyId}" }) { contact { id } }`
  })
  const created = await send(`mutation { ${contacts.join(' ')} }`)
  const contactIds = NAMES.map((_, index): string => created[`c${index}`].contact.id)
  return { url, companyId, contactIds, token }
}
