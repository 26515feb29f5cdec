import './node-version.mjs'
import { utimesSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, runOrExit } from './steps.mjs'

// npm run generate: the Prisma client from prisma/, the resolver types from schema.graphql.
const startedAt = new Date()
runOrExit('prisma', 'prisma', ['generate', '--no-hints'])
runOrExit('@graphql-codegen/cli', 'graphql-codegen', ['--config', 'codegen.ts', '--silent'])
// A generator leaves a file alone whose text is the same: date it all the same, or it would look older than its
// sources.
for (const file of ['prisma/client.ts', 'graphql.ts']) {
  utimesSync(join(ROOT, 'src/generated', file), startedAt, startedAt)
}
console.log(`Generated src/generated in ${((Date.now() - startedAt.getTime()) / 1000).toFixed(1)} s.`)
