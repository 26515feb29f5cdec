import { readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { SETTINGS } from '../src/settings.js'

const README = new URL('../README.md', import.meta.url)
const MARKED = /(<!-- configuration: made by `npm run docs:config` -->\n)[\s\S]*?(\n<!-- end of configuration -->)/

/** The README's configuration table, made from the settings themselves. */
export function configTable(): string {
  const rows = Object.entries(SETTINGS).map(([name, { type, default: fallback, unit, meaning }]) =>
    [`\`${name}\``, type, fallback === '' ? '–' : fallback, unit === '' ? '–' : unit, meaning].join(' | '),
  )
  return [
    '| name | type | default | unit | meaning |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n')
}

/** The README with the table of today. */
export function withConfigTable(readme: string): string {
  return readme.replace(MARKED, (_, start: string, end: string) => `${start}\n${configTable()}\n${end}`)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(README, withConfigTable(readFileSync(README, 'utf8')))
}
