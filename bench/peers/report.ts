import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { judge, type Judged } from './bars.js'
import { TITLES } from './side.js'
import { CONNECTIONS, type Figures, type Pace, type Result } from './slots.js'

/** What the bench found, and on what. */
export interface Report {
  readonly machine: string
  readonly versions: Readonly<Record<string, string>>
  readonly commit: string
  readonly contacts: number
  readonly pace: Pace
  /** names, Kith's first */
  readonly sides: readonly string[]
  readonly results: readonly Result[]
}

/** The machine, in one line. */
export function machineOf(): string {
  const [first] = cpus()
  return `${cpus().length} cores (${first?.model ?? 'unknown'}), ${(totalmem() / 1024 ** 3).toFixed(0)} GiB, ${process.platform} ${process.arch}`
}

/** Prints a report, and leaves it as bench/results/peers.md and .json. */
export function saveReport(report: Report): void {
  const judged = judge(report.results, report.sides)
  const text = toMarkdown(report, judged)
  const folder = new URL('../results/', import.meta.url)
  mkdirSync(folder, { recursive: true })
  writeFileSync(new URL('peers.md', folder), text)
  writeFileSync(new URL('peers.json', folder), JSON.stringify({ ...report, bars: judged }, null, 2))
  console.log(text)
}

function toMarkdown(
  { machine, versions, commit, contacts, pace, sides, results }: Report,
  judged: readonly Judged[],
): string {
  const works = [...new Set(results.map(({ work }) => work))]
  const resultsOf = (work: string): readonly Result[] => results.filter((result) => result.work === work)
  const cell =
    (work: string, read: (side: NonNullable<Result['sides'][number]>) => string) => (_: string, index: number) =>
      resultsOf(work)
        .map(({ sides: figures }) => (figures[index] ? read(figures[index]) : '–'))
        .join(' · ')
  const rates = works.map((work) => [
    TITLES[work],
    ...sides.map(cell(work, ({ perSecond, spoiled }) => `${amount(perSecond)}${spoiled === pace.rounds ? '†' : ''}`)),
  ])
  const ratios = works.map((work) => [TITLES[work], ...sides.map(cell(work, ({ ratio }) => ratio.toFixed(2))).slice(1)])
  const cpuRatios = works.map((work) => [
    TITLES[work],
    ...sides.map(cell(work, ({ cpuRatio }) => cpuRatio.toFixed(2))).slice(1),
  ])
  const isSpoiled = results.some((result) => result.sides.some((side) => side?.spoiled === pace.rounds))
  return [
    `# Kith beside its peers`,
    '',
    `${contacts.toLocaleString('en-US')} contacts, ${machine}, ${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}, commit ${commit}. ` +
      `Medians of ${pace.rounds} rounds in turn, ${pace.slotMs} ms a slot, at ${CONNECTIONS.join(' · ')} connections; servers, databases and load on the same cores. ` +
      `Answers were compared first.${isSpoiled ? ' † others used the machine in all of these slots.' : ''}`,
    '',
    '## Requests a second',
    '',
    ...table(['work', ...sides], rates),
    '',
    '## Times the requests a second of each peer that Kith answers',
    '',
    ...table(['work', ...sides.slice(1)], ratios),
    '',
    '## Times the CPU a request of Kith, servers and databases together, that each peer takes',
    '',
    ...table(['work', ...sides.slice(1)], cpuRatios),
    '',
    ...barsSection(judged),
    '## Figures',
    '',
    ...table(
      FIGURE_COLUMNS,
      works.flatMap((work) => resultsOf(work).flatMap((result) => figureRows(result, sides))),
    ),
    '',
  ].join('\n')
}

function barsSection(judged: readonly Judged[]): string[] {
  if (judged.length === 0) return []
  const rows = judged.map(({ work, peer, connections, must, aim, ratio }) => [
    ...[work, peer, String(connections), must.toFixed(2), aim.toFixed(2), ratio.toFixed(2)],
    ratio >= aim ? 'met, with the aim' : ratio >= must ? 'met' : 'NOT MET',
  ])
  const met = judged.filter(({ ratio, must }) => ratio >= must).length
  const columns = ['work', 'peer', 'connections', 'must', 'aim', 'measured', 'bar']
  return [`## Bars: ${met} of ${judged.length} met`, '', ...table(columns, rows), '']
}

const FIGURE_COLUMNS = [
  ...['work', 'connections', 'side', 'per second', 'p50 ms', 'p95 ms', 'p99 ms', 'server CPU ms', 'database CPU ms'],
  ...['statements', 'bytes', 'memory MB', 'spoiled slots'],
]

function figureRows({ work, connections, sides: figures }: Result, sides: readonly string[]): string[][] {
  return figures.flatMap((side, index) => {
    if (!side) return []
    const ms = (figure: keyof Figures): string => side[figure].toFixed(2)
    return [
      [
        ...[TITLES[work], String(connections), sides[index] ?? '', amount(side.perSecond)],
        ...[ms('p50Ms'), ms('p95Ms'), ms('p99Ms'), ms('serverCpuMs'), ms('databaseCpuMs')],
        ...[side.statements.toFixed(1), side.bytes.toFixed(0), side.memoryMb.toFixed(0), String(side.spoiled)],
      ],
    ]
  })
}

const amount = (count: number): string => Math.round(count).toLocaleString('en-US')

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(columns), line(columns.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)]
}
