import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { CodegenConfig } from '@graphql-codegen/cli'
import { buildSchema, isObjectType } from 'graphql'

const PARENTS = 'src/generated/parents.ts'
const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).map((file) => file.replaceAll('\\', '/'))

/** The types that some files export, by the part of their names before `ending`: `Contact` of `ContactRow`. */
function exportedTypes(fileEnding: string, ending: string): { type: string; file: string }[] {
  return files
    .filter((file) => file.endsWith(fileEnding))
    .flatMap((file) => {
      const names = readFileSync(`src/${file}`, 'utf8').matchAll(new RegExp(`^export type (\\w+)${ending}\\b`, 'gm'))
      return [...names].map(([, type = '']) => ({ type, file: file.replace(/\.ts$/, '.js') }))
    })
}

/**
 * What each resolver receives as its parent, `ContactParent` for the type `Contact`: the row of its concept, `ContactRow` in
 * `contact.columns.ts`, and what follows from it:
 *
 * | type of the API                    | parent                                                        |
 * | ---------------------------------- | ------------------------------------------------------------- |
 * | Contact                            | ContactRow                                                    |
 * | ContactConnection, ContactEdge     | Connection<ContactRow>, Edge<ContactRow>                      |
 * | CreateContactPayload and the like  | MutationResult<ContactRow>                                    |
 * | AddEmailAddressPayload, with owner | ContactInfoResult<EmailAddressRow>                            |
 *
 * The file is written here, as the resolver types below refer to it. Other types stand in `<feature>.parents.ts`; one that
 * stands nowhere is resolved from an object of its own shape.
 */
function writeParents(): string[] {
  const types = buildSchema(readFileSync('schema.graphql', 'utf8')).getTypeMap()
  const rows = exportedTypes('.columns.ts', 'Row').filter(({ type }) => isObjectType(types[type]))
  const concepts = rows.map(({ type }) => type).sort((a, b) => b.length - a.length)
  const parents = Object.values(types).flatMap((type): [string, string][] => {
    if (!isObjectType(type)) return []
    const [, of = '', kind = ''] = /^(.*?)(Connection|Edge|(?:Primary)?Payload|)$/.exec(type.name) ?? []
    if (kind === 'Connection' || kind === 'Edge') {
      return concepts.includes(of) ? [[type.name, `${kind}<${of}Row>`]] : []
    }
    if (kind === '') return concepts.includes(of) ? [[of, `${of}Row`]] : []
    const concept = concepts.find((name) => of.endsWith(name))
    const result = type.getFields()['owner'] ? 'ContactInfoResult' : 'MutationResult'
    return concept ? [[type.name, `${result}<${concept}Row>`]] : []
  })
  const imports = [
    "import type { ContactInfoResult } from '../features/contact-info/contact-info.service.js'",
    "import type { Connection, Edge } from '../list/connection.js'",
    "import type { MutationResult } from '../records/mutation.js'",
    ...rows.map(({ type, file }) => `import type { ${type}Row } from '../${file}'`),
  ]
  const lines = parents.map(([name, parent]) => `export type ${name}Parent = ${parent}`)
  writeFileSync(PARENTS, `${[...imports, '', ...lines].join('\n')}\n`)
  return parents.map(([name]) => name)
}

const mappers: Record<string, string> = Object.fromEntries([
  ...writeParents().map((type) => [type, `./parents.js#${type}Parent`] as const),
  ...exportedTypes('.parents.ts', 'Parent')
    .filter(({ file }) => !file.startsWith('generated/'))
    .map(({ type, file }) => [type, `../${file}#${type}Parent`] as const),
])

const scalars = {
  ID: 'string',
  DateTime: 'string',
  Date: 'string',
  Decimal: 'string',
  Email: 'string',
  Phone: 'string',
  Url: 'string',
  CountryCode: 'string',
  CurrencyCode: 'string',
  TimeZone: 'string',
  JSON: 'unknown',
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
