import { existsSync } from 'node:fs'
import { constants } from 'node:os'

// npm run bench -- <name>: runs bench/<name>.ts, which prints its table and leaves it under bench/results/.
const [name = ''] = process.argv.slice(2)
const file = new URL(`./${name}.ts`, import.meta.url)
if (!/^[a-z-]+$/.test(name) || name === 'bench' || !existsSync(file)) {
  console.error(
    'usage: npm run bench -- bulk [--contacts N] [--rounds N] | exports [--contacts N] [--rounds N] | imports [--rows N] | prisma-and-sql | custom-fields [--contacts N] [--rounds N] | lists [--against <folder>] [--contacts N] [--rounds N] | writes [--against <folder>] [--contacts N] [--rounds N] | walk [--requests N] [--seed N] | peers [--quick] [--only <work>] [--against <folder>] [--contacts N] [--rounds N] | start [--rounds N] | execution | monitoring [--pairs N] | type-change [--contacts N] | viewers [--viewers N] [--seconds N] [--rounds N]',
  )
  process.exit(2)
}
// By themselves these end a process without its exit handlers, which end the servers that a bench has started.
for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const) {
  process.once(signal, () => process.exit(128 + constants.signals[signal]))
}
const { run } = (await import(file.href)) as { run: () => Promise<void> }
await run()
