import { readsBy, type Dialect } from './works.js'

/** How the hand-written statements are asked: by their names. */
export const ceilingDialect: Dialect = {
  reads: {
    ...readsBy({
      page: 'page',
      contact: 'contact',
      companies: 'companies',
      filter: 'filter',
      search: 'search',
      aliases: 'aliases',
    }),
    typename: null,
    introspection: null,
  },
  update: (_, { id, version }, jobTitle) => ({ query: 'update', variables: { id, version, jobTitle } }),
  create: (_, contact) => ({ query: 'create', variables: contact }),
}
