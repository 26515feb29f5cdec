import { runQuietly } from './steps.mjs'

// npm run db:drift: silent where the migrations make exactly what the models say, else the difference and exit code 2.
const { status, output } = runQuietly('prisma', 'prisma', [
  'migrate',
  'diff',
  '--from-migrations',
  'prisma/migrations',
  '--to-schema',
  'prisma',
  '--exit-code',
])
// An engine that dies can end Prisma with code 0 and nothing said: only its own words count.
if (status !== 0 || !output.includes('No difference detected')) {
  process.stderr.write(output || 'prisma migrate diff said nothing.\n')
  process.exit(status || 1)
}
