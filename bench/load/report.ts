import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import type { Result } from './turns.js'

/** What a bench found. */
export interface Report {
  /** in one line: what was measured, over what */
  readonly title: string
  /** the names of the sides, in the order of the figures */
  readonly sides: readonly string[]
  readonly rounds: number
  readonly results: readonly (Result & {
    /** whether a promise is kept, where there is one */
    readonly promise?: string
  })[]
}

/** Prints a report, and leaves it as bench/results/<name>.md and .json. */
export function saveReport(name: string, report: Report): void {
  saveResult(name, toMarkdown(report), { cores: cpus().length, ...report })
}

/** Prints what a bench found, and leaves it as bench/results/<name>.md; its figures as .json, where they are given. */
export function saveResult(name: string, text: string, figures?: object): void {
  const folder = new URL('../results/', import.meta.url)
  mkdirSync(folder, { recursive: true })
  writeFileSync(new URL(`${name}.md`, folder), text)
  if (figures) writeFileSync(new URL(`${name}.json`, folder), JSON.stringify(figures, null, 2))
  console.log(text)
}

function toMarkdown({ title, sides, rounds, results }: Report): string {
  const isComparison = sides.length > 1
  const hasPromises = results.some(({ promise }) => promise !== undefined)
  const columns = [
    'work',
    'connections',
    ...sides.flatMap((side) => [`${side}: p50`, 'p95', 'p99', 'per second', 'statements', 'CPU']),
    ...(isComparison ? ['ratio of p50', 'ratio of per second', 'ratio of CPU'] : []),
    ...(hasPromises ? ['promise'] : []),
  ]
  const rows = results.map(({ work, connections, sides: figures, ratios, promise = '' }) => [
    work,
    String(connections),
    ...figures.flatMap((side) => [
      ...[side.p50Ms, side.p95Ms, side.p99Ms].map((ms) => ms.toFixed(1)),
      side.perSecond.toFixed(0),
      side.statements.toFixed(1),
      side.cpuMs.toFixed(2),
    ]),
    ...(isComparison ? [ratios.p50.toFixed(2), ratios.perSecond.toFixed(2), ratios.cpu.toFixed(2)] : []),
    ...(hasPromises ? [promise] : []),
  ])
  const ratios = isComparison ? ` Ratios are ${sides.at(-1)} / ${sides[0]}, round by round.` : ''
  return [
    `${title} Milliseconds, requests a second, SQL statements and CPU of the server a request: medians of ${rounds} rounds in turn.${ratios} ${cpus().length} cores for databases, servers and load.`,
    '',
    line(columns),
    line(columns.map((column) => (column === 'work' || column === 'promise' ? '---' : '---:'))),
    ...rows.map(line),
    '',
  ].join('\n')
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

/** The commit of a checkout, with a plus where files differ from it; empty where there is no Git. */
export function commitOf(checkout: string): string {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: checkout, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  try {
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain') === '' ? '' : '+')
  } catch {
    return ''
  }
}
