import { parseArgs } from 'node:util'
import { readConfig } from '../config.js'
import { prometheusRules } from '../metrics/prometheus-rules.js'
import { alertThresholds } from './alert-thresholds.js'
import { runCommand, UsageError } from './run-command.js'

const USAGE = `usage: npm run -s alerts:export [-- --job <name>] > kith.rules.yml

Prints the rules of alerts, with the thresholds of the settings KITH_ALERT_…, as a rule file of Prometheus (2.42 or newer) over
what /metrics exposes. --job is what Prometheus calls the server where it scrapes it, kith unless given.`

/** Prints the rules and nothing else; no database is needed. */
await runCommand((args) => {
  const { values } = parseArgs({ args, options: { job: { type: 'string', default: 'kith' } } })
  // It stands in a quoted text of an expression.
  if (!/^[\w.:/-]{1,100}$/.test(values.job)) throw new UsageError(USAGE)
  process.stdout.write(prometheusRules(alertThresholds(readConfig()), values.job))
  return Promise.resolve()
}, USAGE)
