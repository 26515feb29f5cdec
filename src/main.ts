import cluster from 'node:cluster'
import { readConfig } from './config.js'
import { WORKER } from './start/worker-messages.js'
import { reasonOf, say } from './start/words.js'

const USAGE = `usage: npm start

Runs the server: on the database of DATABASE_URL, else on an embedded PostgreSQL with demo data, which is made at the first
start. All settings come from the environment or .env; README.md has them.`

try {
  const [argument] = process.argv.slice(2)
  if (argument === '--help' || argument === '-h') process.stdout.write(`${USAGE}\n`)
  else if (cluster.isWorker && argument === WORKER) (await import('./start/worker.js')).runWorker(readConfig())
  else if (argument !== undefined) {
    say(`Unknown argument '${argument}'\n${USAGE}`)
    process.exit(2)
  } else await (await import('./start/start.js')).start(readConfig())
} catch (error) {
  say(`kith: ${reasonOf(error)}`)
  process.exit(1)
}
