import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parse, print, visit } from 'graphql'

// Makes __generated__/ anew, after a change of contacts.ts: node test/whole/clients/relay/compile.mjs
// Relay's compiler has 118 MB and is no dependency (ADR 20): npx fetches it.
const FOLDER = import.meta.dirname
const ROOT = join(FOLDER, '../../../..')
const RELAY_SCHEMA = join(ROOT, 'test-results/relay/schema.graphql')

// It refuses @refetchable where `node` has a second argument. `deleted` has a default: what is sent fits the server.
const schema = visit(parse(readFileSync(join(ROOT, 'schema.graphql'), 'utf8')), {
  FieldDefinition: (field) =>
    field.name.value === 'node'
      ? { ...field, arguments: field.arguments?.filter(({ name }) => name.value === 'id') }
      : undefined,
})
mkdirSync(dirname(RELAY_SCHEMA), { recursive: true })
writeFileSync(RELAY_SCHEMA, print(schema))
execFileSync('npx', ['--yes', 'relay-compiler@21.0.1', 'relay.config.json'], { cwd: FOLDER, stdio: 'inherit' })

// What was compiled, so that a document that was changed since is found out.
const documents = [...readFileSync(join(FOLDER, 'contacts.ts'), 'utf8').matchAll(/graphql`([^`]*)`/g)].map(
  ([, text = '']) => [
    /(?:query|mutation|fragment) (\w+)/.exec(text)?.[1],
    createHash('sha256').update(text).digest('hex'),
  ],
)
writeFileSync(
  join(FOLDER, '__generated__/documents.json'),
  `${JSON.stringify(Object.fromEntries(documents), null, 2)}\n`,
)
