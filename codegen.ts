import { readdirSync, readFileSync } from 'node:fs'
import type { CodegenConfig } from '@graphql-codegen/cli'

/**
 * What each resolver receives as its parent: `ContactParent` for the type `Contact`, from the files `<concept>.parents.ts`. A
 * type that isn't named there is resolved from an object of its own shape.
 */
const mappers = Object.fromEntries(
  readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.parents.ts'))
    .flatMap((file) => {
      const names = readFileSync(`src/${file}`, 'utf8').matchAll(/^export type (\w+)Parent\b/gm)
      const path = `../${file.replaceAll('\\', '/').replace(/\.ts$/, '.js')}`
      return [...names].map(([, type = '']) => [type, `${path}#${type}Parent`])
    }),
)

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
