import type { CodegenConfig } from '@graphql-codegen/cli'

// Every custom scalar but JSON travels as text; DateTime as `2026-11-23T13:06:36.000Z`, Decimal so that no digit is lost.
const SCALARS = ['DateTime', 'Date', 'Decimal', 'Email', 'Phone', 'Url', 'CountryCode', 'CurrencyCode', 'TimeZone']

export default {
  schema: 'schema.graphql',
  documents: 'test/whole/clients/codegen/app/contacts.ts',
  generates: {
    'test/whole/clients/codegen/app/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        documentMode: 'string',
        scalars: { ...Object.fromEntries(SCALARS.map((name) => [name, 'string'])), JSON: 'unknown' },
        strictScalars: true,
        enumsAsTypes: true,
        useTypeImports: true,
        importExtension: '.js',
        emitLegacyCommonJSImports: false,
      },
    },
  },
} satisfies CodegenConfig
