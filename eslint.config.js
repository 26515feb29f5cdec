import graphql from '@graphql-eslint/eslint-plugin'
import prettier from 'eslint-config-prettier'
import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'

const ENVIRONMENT = 'Only src/config.ts reads the environment; take the value as an argument.'
const NO_ENV = { 'no-restricted-properties': ['error', { object: 'process', property: 'env', message: ENVIRONMENT }] }

/** Options of no-restricted-imports: what stays closed in a part of the tree. */
const closed = ({ env = false, prisma = false, pg = false }) => ({
  '@typescript-eslint/no-restricted-imports': [
    'error',
    {
      paths: [
        ...(env ? ['process', 'node:process'].map((name) => ({ name, message: ENVIRONMENT })) : []),
        ...(pg
          ? [{ name: 'pg', message: 'Only src/database talks to pg: the pool there sets role, tenant and timeouts.' }]
          : []),
      ],
      patterns: prisma
        ? [
            {
              group: ['@prisma/client', '@prisma/client/**', '**/generated/prisma/**'],
              allowTypeImports: true,
              message: 'Prisma is used in src/database and in repositories; elsewhere import its types only.',
            },
          ]
        : [],
    },
  ],
})

const FORBIDDEN_IN_SRC = [
  ['ExportDefaultDeclaration, ExportSpecifier[exported.name="default"]', 'Export by name.'],
  ['ExportAllDeclaration', 'Import from the file that defines it: no barrels.'],
  ['Decorator', 'Plain functions and arguments: no decorators.'],
  [
    'MemberExpression[property.name=/^(findUnique|findUniqueOrThrow|upsert)$/], MemberExpression[property.value=/^(findUnique|findUniqueOrThrow|upsert)$/]',
    'Prisma batches findUnique* over tenants, and both see partial unique indexes as whole ones: use findFirst, or insert … on conflict.',
  ],
  [
    'CallExpression[callee.property.name="$transaction"]:not([arguments.0.type=/^(ArrowFunctionExpression|FunctionExpression|Identifier)$/]):not([arguments.0.expression.type="Identifier"])',
    "Prisma runs an array of operations in the first caller's context: use $transaction(async (tx) => …).",
  ],
].map(([selector, message]) => ({ selector, message }))

/** Local rule: whatever a file exports as a function says what it gives back. */
const docstring = {
  create: (context) => ({
    ExportNamedDeclaration(node) {
      const { declaration } = node
      const isFunction =
        declaration?.type === 'FunctionDeclaration' ||
        declaration?.declarations?.some(({ init }) => /^(Arrow)?FunctionExpression$/.test(init?.type ?? ''))
      if (!isFunction) return
      const comment = context.sourceCode.getCommentsBefore(node).at(-1)
      if (comment?.type !== 'Block' || !comment.value.startsWith('*')) {
        context.report({ node, message: 'An exported function needs a docstring: what comes back.' })
      }
    },
  }),
}

const SCHEMA_RULES = {
  'known-argument-names': 'error',
  'known-directives': 'error',
  'known-type-names': 'error',
  'lone-schema-definition': 'error',
  'possible-type-extension': 'error',
  'provided-required-arguments': 'error',
  'unique-directive-names': 'error',
  'unique-directive-names-per-location': 'error',
  'unique-enum-value-names': 'error',
  'unique-field-definition-names': 'error',
  'unique-operation-types': 'error',
  'unique-type-names': 'error',
  'no-hashtag-description': 'error',
  'no-typename-prefix': 'error',
  'no-unreachable-types': 'error',
  'require-deprecation-reason': 'error',
  'input-name': ['error', { checkInputType: true, caseSensitiveInputType: false }],
  'relay-connection-types': 'error',
  // The node of a search's edge holds a record and where it was found; it is none of the graph itself.
  'relay-edge-types': ['error', { listTypeCanWrapOnlyEdgeType: false, shouldImplementNode: false }],
  'relay-page-info': 'error',
  'relay-arguments': ['error', { includeBoth: false }],
  'require-description': [
    'error',
    {
      types: true,
      DirectiveDefinition: true,
      FieldDefinition: true,
      InputValueDefinition: true,
      EnumValueDefinition: true,
    },
  ],
  'strict-id-in-types': [
    'error',
    {
      exceptions: {
        types: [
          'AlertLabel',
          'AlertRule',
          'BulkCompaniesPreview',
          'BulkCompanyResult',
          'BulkContactResult',
          'BulkContactsPreview',
          'BulkSummary',
          'CustomFieldConstraints',
          'CustomFieldOption',
          'FieldUse',
          'FieldUses',
          'Forecast',
          'HistoryPoint',
          'Import',
          'ImportColumn',
          'ImportFailure',
          'ImportPreview',
          'ImportRowError',
          'ImportWith',
          'JobError',
          'JobProblem',
          'JobRows',
          'Mark',
          'Me',
          'PageInfo',
          'PlanFlip',
          'QueryPlan',
          'Recommendation',
          'SearchMatch',
          'SearchResult',
          'ServerStatement',
          'ServerStatements',
          'SlowQueries',
          'SlowQuery',
          'Timing',
          'UserError',
          'Waits',
        ],
        suffixes: [
          'Connection',
          'Edge',
          'Payload',
          'CustomFieldChange',
          'CustomFieldChangePlan',
          'CustomFieldConversionExample',
          'CustomFieldLimitUsage',
          'CustomFieldUsage',
          'CustomFieldUsageReport',
          'Performance',
          'PerformanceCoverage',
          'PerformanceEntry',
          'PerformanceList',
        ],
      },
    },
  ],
  'naming-convention': [
    'error',
    {
      types: 'PascalCase',
      FieldDefinition: 'camelCase',
      InputValueDefinition: 'camelCase',
      Argument: 'camelCase',
      DirectiveDefinition: 'camelCase',
      EnumValueDefinition: 'UPPER_CASE',
      'FieldDefinition[parent.name.value=Query]': {
        forbiddenPrefixes: ['get', 'list', 'query'],
        forbiddenSuffixes: ['Query'],
      },
      'FieldDefinition[parent.name.value=Mutation]': {
        forbiddenPrefixes: ['mutation'],
        forbiddenSuffixes: ['Mutation'],
      },
      EnumTypeDefinition: { style: 'PascalCase', forbiddenSuffixes: ['Enum'] },
      InterfaceTypeDefinition: { style: 'PascalCase', forbiddenSuffixes: ['Interface'] },
      UnionTypeDefinition: { style: 'PascalCase', forbiddenSuffixes: ['Union'] },
      ObjectTypeDefinition: { style: 'PascalCase', forbiddenSuffixes: ['Type'] },
    },
  ],
}

const FORBIDDEN_IN_SCHEMA = [
  [
    'ObjectTypeDefinition[name.value=Mutation] > FieldDefinition[gqlType.name.value!=/Payload$/]',
    'A mutation answers with <Name>Payload, without `!`: a refused one must not take the answers of others away.',
  ],
  [
    'ObjectTypeDefinition[name.value!=Performance] > FieldDefinition > ListType.gqlType',
    // Of Performance some fields are an operator's alone: their refusal must not take the answers of others away.
    'A list is never null: [T!]!.',
  ],
  [
    ':matches(FieldDefinition[name.value!=nodes], InputValueDefinition) ListType[gqlType.kind!=NonNullType]',
    'A list holds no nulls: [T!].',
  ],
  [
    'Directive[name.value=deprecated] > Argument[name.value=reason] > StringValue[value!=/[0-9]{4}-[0-9]{2}-[0-9]{2}/]',
    'A deprecation says from which date on the item may be gone: YYYY-MM-DD.',
  ],
].map(([selector, message]) => ({ selector, message }))

const TYPESCRIPT = ['**/*.ts']
const SCRIPTS = ['**/*.{js,mjs,cjs}']

export default defineConfig(
  {
    ignores: [
      'dist/',
      'coverage/',
      'test-results/',
      '.data/',
      'src/generated/',
      'test/whole/clients/codegen/app/generated/',
      '**/__generated__/',
      'bench/results/',
      'bench/peers/keystone/{.keystone,generated}/',
      'bench/peers/keystone/prisma.config.ts',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: [...TYPESCRIPT, ...SCRIPTS],
    extends: [tseslint.configs.recommended],
    rules: { 'max-lines': ['error', { max: 300, skipBlankLines: false, skipComments: false }], eqeqeq: 'error' },
  },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  {
    files: TYPESCRIPT,
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      ...NO_ENV,
      ...closed({ env: true }),
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // An interface may ask for a promise where there is nothing to wait for.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['src/**/*.ts', 'pages/**/*.ts'],
    plugins: { kith: { rules: { docstring } } },
    rules: {
      ...closed({ env: true, prisma: true, pg: true }),
      'kith/docstring': 'error',
      'no-console': 'error',
      'no-restricted-syntax': ['error', ...FORBIDDEN_IN_SRC],
    },
  },
  { files: ['src/commands/**/*.ts'], rules: { 'no-console': 'off' } },
  { files: ['src/**/*.repository.ts'], rules: closed({ env: true, pg: true }) },
  { files: ['src/database/**/*.ts'], rules: closed({ env: true }) },
  { files: ['src/config.ts'], rules: { ...closed({ prisma: true, pg: true }), 'no-restricted-properties': 'off' } },
  {
    files: ['src/**/index.ts', '{src,test}/**/{utils,helpers,common,manager}{.ts,/**/*.ts}'],
    rules: {
      'no-restricted-syntax': ['error', { selector: 'Program', message: 'Name the file after what it holds.' }],
    },
  },
  {
    // Answers of the API are JSON: tests compare them with exact values, which checks more than a type would.
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: Object.fromEntries(
      ['argument', 'assignment', 'call', 'member-access', 'return'].map((kind) => [
        `@typescript-eslint/no-unsafe-${kind}`,
        'off',
      ]),
    ),
  },
  {
    files: ['prisma.config.ts', 'test/setup/**/*.ts', 'bench/**/*.ts', 'tools/**/*.ts'],
    rules: { 'no-restricted-properties': 'off', '@typescript-eslint/no-restricted-imports': 'off' },
  },
  {
    files: ['schema.graphql'],
    plugins: { '@graphql-eslint': graphql },
    languageOptions: { parser: graphql.parser, parserOptions: { graphQLConfig: { schema: './schema.graphql' } } },
    rules: {
      ...Object.fromEntries(Object.entries(SCHEMA_RULES).map(([name, value]) => [`@graphql-eslint/${name}`, value])),
      'no-restricted-syntax': ['error', ...FORBIDDEN_IN_SCHEMA],
    },
  },
  prettier,
)
