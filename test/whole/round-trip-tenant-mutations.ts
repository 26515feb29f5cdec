import type { Principal } from '../../src/lib/principal.js'
import { mutationText, openTenant, type Desk } from '../support/desk.js'
import type { Prepared, RoundTripCase } from './round-trip-cases.js'

/** One mutation with its input, in the form that is sent. */
export function request(principal: Principal, mutation: string, input: object, selection: string): Prepared {
  return { principal, query: mutationText(mutation, selection), variables: { input } }
}

/** Create and rename, of what a tenant has lists of. */
function listCases(type: string, field: string, input: object): RoundTripCase[] {
  return [
    {
      name: `create${type}`,
      prepare: async (desk) => request((await openTenant(desk)).admin, `create${type}`, input, `${field} { id name }`),
    },
    {
      name: `rename${type}`,
      prepare: async (desk) => {
        const { admin } = await openTenant(desk)
        const { id } = (await desk.mutate(admin, `create${type}`, input, `${field} { id }`))[field]
        return request(admin, `rename${type}`, { id, name: 'Another name' }, `${field} { id name }`)
      },
    },
  ]
}

/** What else happens to an entry of a list of the tenant: a company has it where it is merged. */
function entryCases(type: string, field: string, link: string): RoundTripCase[] {
  const open = async (desk: Desk) => {
    const { admin } = await openTenant(desk)
    const create = async (name: string) =>
      (await desk.mutate(admin, `create${type}`, { name }, `${field} { id }`))[field].id as string
    const [id, other] = [await create('Steel'), await create('Iron')]
    await desk.mutate(admin, 'createCompany', { name: 'Acme', [link]: other })
    return { admin, id, other }
  }
  return [
    {
      name: `move${type}`,
      prepare: async (desk) => {
        const { admin, id } = await open(desk)
        return request(admin, `move${type}`, { id, place: 2 }, `${field} { id position }`)
      },
    },
    {
      name: `merge${type}`,
      prepare: async (desk) => {
        const { admin, id, other } = await open(desk)
        return request(admin, `merge${type}`, { id: other, intoId: id }, `${field} { id name }`)
      },
    },
    {
      name: `delete${type}: unused`,
      prepare: async (desk) => {
        const { admin, id } = await open(desk)
        return request(admin, `delete${type}`, { id }, 'deletedId')
      },
    },
    {
      name: `delete${type}: with a replacement`,
      prepare: async (desk) => {
        const { admin, id, other } = await open(desk)
        return request(admin, `delete${type}`, { id: other, replacementId: id }, 'deletedId')
      },
    },
  ]
}

function userCases(): RoundTripCase[] {
  const cases: [string, object][] = [
    ['updateUser', { name: 'Grace', email: 'grace@example.com', role: 'MANAGER' }],
    ['deactivateUser', {}],
    ['reactivateUser', {}],
  ]
  return cases.map(([mutation, input]) => ({
    name: mutation,
    prepare: async (desk) => {
      const { tenant, admin } = await openTenant(desk)
      const id = tenant.users.MEMBER
      if (mutation === 'reactivateUser') await desk.mutate(admin, 'deactivateUser', { id })
      return request(admin, mutation, { id, ...input }, 'user { id role deactivatedAt }')
    },
  }))
}

function tenantCases(): RoundTripCase[] {
  const cases: [string, object, object][] = [
    ['a name', { name: 'Acme' }, {}],
    ['unique e-mails turned on', { uniqueEmails: true }, {}],
    ['unique e-mails turned off', { uniqueEmails: false }, { uniqueEmails: true }],
  ]
  return cases.map(([what, input, settings]) => ({
    name: `updateTenant: ${what}`,
    prepare: async (desk) => {
      const { admin } = await openTenant(desk, settings)
      return request(admin, 'updateTenant', input, 'tenant { id name uniqueEmails }')
    },
  }))
}

/** The cases of what belongs to the tenant itself: its settings, users, industries and company sizes. */
export function tenantMutationCases(): RoundTripCase[] {
  return [
    ...listCases('Industry', 'industry', { name: 'Steel' }),
    ...listCases('CompanySize', 'companySize', { name: '1 to 10', minEmployees: 1, maxEmployees: 10 }),
    ...listCases('User', 'user', { name: 'Ada', email: 'ada@example.com', role: 'MEMBER' }),
    ...entryCases('Industry', 'industry', 'industryId'),
    ...entryCases('CompanySize', 'companySize', 'sizeId'),
    ...userCases(),
    ...tenantCases(),
  ]
}
