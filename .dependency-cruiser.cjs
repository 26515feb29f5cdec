/** The floors of the house, lowest first: a file imports its own floor or a lower one, types included. */
const FLOORS = {
  lib: '^src/(lib/|(config|settings|(alert|export)-settings)\\.ts$)',
  metrics: '^src/metrics/',
  database: '^src/database/',
  concepts: '^src/concepts/',
  files: '^src/files/',
  access: '^src/access/',
  list: '^src/list/',
  search: '^src/search/',
  records: '^src/records/',
  features: '^src/features/',
  graphql: '^src/(graphql|demo)/',
  http: '^src/http/',
  process: '^src/((main|server)\\.ts$|commands/|start/)',
}
/** The roles of a feature's files, lowest first. */
const ROLES = ['columns|row|input', 'repository', 'kind|plan|part|loaders|service', 'parents|resolvers']

const byRole = (role) => `^src/(features|search|list|records)/.+\\.(${role})\\.ts$`
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })

/** One rule for each floor: nothing above it may be imported. */
const upward = (kind, floors) =>
  floors.slice(0, -1).map(([name, path], index) => {
    const higher = floors.slice(index + 1).map(([, above]) => above)
    return rule(`${kind}-${name.replaceAll('|', '-')}`, 'Imports go down, never up.', { path }, { path: higher })
  })

module.exports = {
  forbidden: [
    rule('no-cycle', 'Two files that need each other are one, or a third is missing.', {}, { circular: true }),
    ...upward('floor', Object.entries(FLOORS)),
    ...upward(
      'role',
      ROLES.map((role) => [role, byRole(role)]),
    ),
    rule(
      'known-floor',
      'A new folder of src/ needs its floor in this file.',
      {},
      { path: '^src/', pathNot: [...Object.values(FLOORS), '^src/generated/'] },
    ),
    rule(
      'repository-is-private',
      "Another feature's rows come through its service or its loaders.",
      { path: '^src/features/([^/]+)/' },
      { path: byRole('repository'), pathNot: '^src/features/$1/' },
    ),
    rule(
      'repository-below-features',
      'Only features read and write their tables.',
      { path: '^src/', pathNot: ['^src/features/', '^src/search/', FLOORS.process] },
      { path: byRole('repository') },
    ),
    rule(
      'columns-are-data',
      'Columns, operators and orders are plain data: lib, and types.',
      { path: byRole('columns') },
      { pathNot: '^src/(lib|concepts)/', dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'graphql-types-at-the-edge',
      'Below the resolvers nothing knows GraphQL.',
      { path: '^src/', pathNot: [byRole('resolvers'), '^src/graphql/', '^src/generated/'] },
      { path: '^src/generated/graphql\\.ts$' },
    ),
    rule(
      'configuration-is-handed-down',
      'Only main.ts, start and commands read the configuration; its types are free.',
      { path: '^src/', pathNot: '^src/((main|config|settings)\\.ts$|commands/|start/)' },
      { path: '^src/(config|settings|(alert|export)-settings)\\.ts$', dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'traces-on-demand',
      'The libraries of traces are loaded where an endpoint is configured, and nowhere else.',
      { path: '^src/', pathNot: '^src/metrics/otlp-tracing\\.ts$' },
      {
        path: '^node_modules/@opentelemetry/|^src/metrics/otlp-tracing\\.ts$',
        dynamic: false,
        dependencyTypesNot: ['type-only'],
      },
    ),
    rule(
      'source-without-tests',
      'What ships needs no test or tool.',
      { path: '^src/' },
      { path: '^(test|bench|tools)/' },
    ),
    rule(
      'runtime-dependencies-only',
      'npm ci --omit=dev --omit=optional must be enough to serve.',
      { path: '^src/' },
      { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'optional-dependencies-on-demand',
      'Packages that production may leave out are imported by import(), with a message where they are missing.',
      { path: '^src/' },
      { dependencyTypes: ['npm-optional'], dynamic: false, dependencyTypesNot: ['type-only'] },
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: ['node_modules', '^src/generated/prisma/'] },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['node', 'import', 'require', 'default', 'types'],
    },
  },
}
