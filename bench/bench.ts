import { existsSync } from 'node:fs'

// npm run bench -- <name>: runs bench/<name>.ts, which prints its table and leaves it under bench/results/.
const [name = ''] = process.argv.slice(2)
const file = new URL(`./${name}.ts`, import.meta.url)
if (!/^[a-z-]+$/.test(name) || name === 'bench' || !existsSync(file)) {
  console.error('usage: npm run bench -- hands | lists [--contacts <number, 1000000 unless said>]')
  process.exit(2)
}
const { run } = (await import(file.href)) as { run: () => Promise<void> }
await run()
