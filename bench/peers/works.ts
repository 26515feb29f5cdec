import { getIntrospectionQuery } from 'graphql'

/** A request, as a server's client sends it. */
export interface Asked {
  readonly query: string
  readonly variables: object
}

/** What is asked for: rows that are there, texts that find something. */
export interface Samples {
  readonly tenantId: string
  /** contacts with company, owner, e-mail, phone, address and social media */
  readonly contactIds: readonly string[]
  /** domains of e-mails that many contacts have */
  readonly domains: readonly string[]
  /** four letters that the last names of at least 20 contacts begin with */
  readonly texts: readonly string[]
}

/** A contact that a side changes. */
export interface OwnContact {
  readonly id: string
  version: number
}

/** A new contact with one e-mail and one phone number. */
export interface NewContact {
  readonly firstName: string
  readonly lastName: string
  readonly jobTitle: string
  readonly email: string
  /** in E.164 form but for spaces */
  readonly phone: string
}

/** The works that read, by name, with what is compared of their answers. */
export const READS = {
  page50: { title: 'page of 50 contacts with company, owner, e-mails, phones', compared: 'all' },
  page200: { title: '200 of them', compared: 'all' },
  contact: { title: 'one contact with everything', compared: 'all' },
  companies: { title: '20 companies with their first 10 contacts', compared: 'all' },
  filter: { title: 'company status + e-mail domain, by last name, 20 rows with a count', compared: 'all' },
  search: { title: 'search of 4 letters, 20 hits', compared: 'search' },
  typename: { title: '{ __typename } with a token', compared: 'all' },
  introspection: { title: 'introspection', compared: 'introspection' },
  aliases: { title: 'ten aliases of one list, ten rows each', compared: 'all' },
} as const satisfies Record<string, { readonly title: string; readonly compared: 'all' | 'search' | 'introspection' }>

export type ReadName = keyof typeof READS

/** An answer's data. */
export type Data = Readonly<Record<string, unknown>>

/** How one kind of server is asked; null where it can't do a work. */
export interface Dialect {
  /** The variants of a work, which take turns; the same ones in the same order for every server. */
  readonly reads: Readonly<Record<ReadName, ((samples: Samples) => readonly Asked[]) | null>>
  /** One field; answered with all scalars of `updateContact.contact`. */
  readonly update: (samples: Samples, contact: OwnContact, jobTitle: string) => Asked
  /** Answered with all scalars of `createContact.contact`. */
  readonly create: ((samples: Samples, contact: NewContact) => Asked) | null
  /** Brings data into the shape of Kith's where a document alone can't. */
  readonly shape?: Readonly<Partial<Record<ReadName | 'update', (data: Data) => Data>>>
}

/** What a server of a CRM is asked, of 20 requests. `update` and `create` write. */
export const MIX: Readonly<Partial<Record<ReadName | 'update' | 'create', number>>> = {
  page50: 4,
  contact: 7,
  companies: 2,
  filter: 2,
  search: 2,
  update: 2,
  create: 1,
}

const ALIASES = 10
export const ALIASED_ROWS = 10
export const FOUND_ROWS = 20
const FILTERED_STATUS = 'CUSTOMER'

/** The scalars of a contact, as Kith's clients ask for them. */
export const SCALARS = `id firstName middleName lastName fullName jobTitle department emailOptIn smsOptIn callOptIn birthDate
  notes externalId version createdAt updatedAt deletedAt`

/** The same list ten times, ten rows further each. */
export function aliases(list: (offset: number) => string): string {
  return `{ ${Array.from({ length: ALIASES }, (_, index) => `a${index}: ${list(index * ALIASED_ROWS)}`).join(' ')} }`
}

/** The documents of the works that read. Their variables are `first`; `id`; `status`, `domain`; `text`; else none. */
export interface ReadDocuments {
  readonly page: string
  readonly contact: string
  readonly companies: string
  readonly filter: string
  readonly search: string
  readonly aliases: string
}

/** What is asked by some documents; `common` are variables that all of them have beside. */
export function readsBy(documents: ReadDocuments, common: (samples: Samples) => object = () => ({})): Dialect['reads'] {
  const ask = (query: string, variants: (samples: Samples) => readonly object[] = () => [{}]) => {
    return (samples: Samples): readonly Asked[] =>
      variants(samples).map((variables) => ({ query, variables: { ...common(samples), ...variables } }))
  }
  return {
    page50: ask(documents.page, () => [{ first: 50 }]),
    page200: ask(documents.page, () => [{ first: 200 }]),
    contact: ask(documents.contact, ({ contactIds }) => contactIds.map((id) => ({ id }))),
    companies: ask(documents.companies),
    filter: ask(documents.filter, ({ domains }) => domains.map((domain) => ({ status: FILTERED_STATUS, domain }))),
    search: ask(documents.search, ({ texts }) => texts.map((text) => ({ text }))),
    aliases: ask(documents.aliases),
    // These ask every server alike.
    typename: () => [{ query: '{ __typename }', variables: {} }],
    introspection: () => [{ query: getIntrospectionQuery(), variables: {} }],
  }
}
