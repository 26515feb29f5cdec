import type { CodegenConfig } from '@graphql-codegen/cli'

const MUTATION_RESULT = '../database/mutation.js#MutationResult'

function payloads(types: string[], verbs: string[], mapper: string): Record<string, string> {
  const names = types.flatMap((type) => verbs.map((verb) => `${verb.replace('*', type)}Payload`))
  return Object.fromEntries(names.map((name) => [name, mapper]))
}

/**
 * What each resolver receives as its parent: the row that the feature read. A type that isn't named here is resolved
 * from an object of its own shape.
 */
const mappers = {
  Contact: '../features/contact/contact.row.js#ContactRow',
  Company: '../features/company/company.row.js#CompanyRow',
  User: '../features/identity/user.row.js#UserRow',
  Industry: '../features/company/picklist.row.js#IndustryRow',
  CompanySize: '../features/company/picklist.row.js#CompanySizeRow',
  EmailAddress: '../features/contact-info/contact-info.row.js#EmailAddressRow',
  PhoneNumber: '../features/contact-info/contact-info.row.js#PhoneNumberRow',
  Address: '../features/contact-info/contact-info.row.js#AddressRow',
  SocialMediaAccount: '../features/contact-info/contact-info.row.js#SocialMediaAccountRow',
  Tenant: '../lib/principal.js#TenantSettings',
  Me: '../lib/principal.js#Principal',
  PageInfo: '../graphql/parents.js#PageInfoParent',
  ...Object.fromEntries(
    ['Contact', 'Company', 'User', 'Industry', 'CompanySize'].flatMap((type) => [
      [`${type}Connection`, `../graphql/parents.js#${type}ConnectionParent`],
      [`${type}Edge`, `../graphql/parents.js#${type}EdgeParent`],
    ]),
  ),
  SearchConnection: '../graphql/parents.js#SearchConnectionParent',
  SearchEdge: '../graphql/parents.js#SearchEdgeParent',
  SearchResult: '../search/search.row.js#FoundRecord',
  ...payloads(['Contact', 'Company'], ['Create*', 'Update*', 'Delete*', 'Restore*', 'Destroy*'], MUTATION_RESULT),
  ...payloads(['Industry', 'CompanySize', 'User'], ['Create*', 'Rename*'], MUTATION_RESULT),
  ...payloads(
    ['EmailAddress', 'PhoneNumber', 'Address', 'SocialMediaAccount'],
    ['Add*', 'Update*', 'Remove*', 'Make*Primary'],
    '../features/contact-info/contact-info.service.js#ContactInfoResult',
  ),
}

const scalars = {
  ID: 'string',
  DateTime: { input: 'string', output: 'Date' },
  Date: 'string',
  Decimal: 'string',
  Email: 'string',
  Phone: 'string',
  Url: 'string',
  CountryCode: 'string',
  CurrencyCode: 'string',
  TimeZone: 'string',
}

/** Writes the resolver types of schema.graphql; a custom scalar that isn't in the list above is an error. */
export default {
  schema: 'schema.graphql',
  generates: {
    'src/generated/graphql.ts': {
      plugins: ['typescript', 'typescript-resolvers'],
      config: {
        contextType: '../graphql/context.js#GraphQLContext',
        mappers,
        scalars,
        strictScalars: true,
        useTypeImports: true,
        enumsAsTypes: true,
        maybeValue: 'T | null',
        inputMaybeValue: 'T | null | undefined',
        importExtension: '.js',
        emitLegacyCommonJSImports: false,
      },
    },
  },
} satisfies CodegenConfig
