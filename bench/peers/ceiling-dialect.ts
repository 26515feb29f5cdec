import { FILTERED_STATUS, type Dialect } from './works.js'

/** How the hand-written statements are asked: by their names. */
export const ceilingDialect: Dialect = {
  reads: {
    page50: () => [{ query: 'page', variables: { first: 50 } }],
    page200: () => [{ query: 'page', variables: { first: 200 } }],
    contact: ({ contactIds }) => contactIds.map((id) => ({ query: 'contact', variables: { id } })),
    companies: () => [{ query: 'companies', variables: {} }],
    filter: ({ domains }) =>
      domains.map((domain) => ({ query: 'filter', variables: { status: FILTERED_STATUS, domain } })),
    search: ({ texts }) => texts.map((text) => ({ query: 'search', variables: { text } })),
    typename: null,
    introspection: null,
    aliases: () => [{ query: 'aliases', variables: {} }],
  },
  update: (_, { id, version }, jobTitle) => ({ query: 'update', variables: { id, version, jobTitle } }),
  create: (_, contact) => ({ query: 'create', variables: contact }),
}
