import { saveResult } from '../load/report.js'
import { machineOf } from './report.js'
import { TITLES, type WorkName } from './side.js'
import type { Compared, Pace, Result } from './slots.js'

/** What part of its rate at 20,000 contacts a work must keep, and the most milliseconds of 95 % of its requests at one connection. */
interface Bar {
  readonly share: number
  readonly p95Ms?: number
}

const SEARCH: Bar = { share: 0.5, p95Ms: 50 }
const RELATIONS: Bar = { share: 0.8, p95Ms: 100 }
const PAGE: Bar = { share: 0.8, p95Ms: 200 }
const OTHER: Bar = { share: 0.8 }

const BARS: Readonly<Partial<Record<WorkName, Bar>>> = {
  search: SEARCH,
  contact: RELATIONS,
  companies: RELATIONS,
  filter: RELATIONS,
  page50: PAGE,
  page200: PAGE,
}

/** Prints and saves what two tenants took: the first side has 20,000 contacts, the second `contacts`. */
export function saveSizes(results: readonly Result[], contacts: number, pace: Pace, commit: string): void {
  const rate = (side: Compared | null | undefined): string =>
    side ? `${side.perSecond.toFixed(0)}${side.spoiled === pace.rounds ? '†' : ''}` : 'an error'
  const size = contacts.toLocaleString('en-US')
  const judged = results.flatMap((result) => {
    const [small, large] = result.sides
    if (!small) return []
    const bar = BARS[result.work] ?? OTHER
    const share = large ? 1 / large.ratio : 0
    const isQuick = bar.p95Ms === undefined || result.connections > 1 || (large?.p95Ms ?? Infinity) <= bar.p95Ms
    return [{ ...result, small, large, share, bar, isMet: share >= bar.share && isQuick }]
  })
  const rows = judged.map(({ work, connections, small, large, share, bar, isMet }) => [
    ...[TITLES[work], String(connections), rate(small), rate(large), share.toFixed(2)],
    ...[bar.share.toFixed(2), small.p95Ms.toFixed(1), large?.p95Ms.toFixed(1) ?? '–'],
    connections === 1 && bar.p95Ms !== undefined ? String(bar.p95Ms) : '',
    ...[small.databaseCpuMs.toFixed(2), large?.databaseCpuMs.toFixed(2) ?? '–', isMet ? 'met' : 'NOT MET'],
  ])
  const columns = [
    'work',
    'connections',
    '20,000: per second',
    `${size}: per second`,
    'share',
    'must',
    '20,000: p95 ms',
    `${size}: p95 ms`,
  ]
  const all = [...columns, 'at most', '20,000: database CPU ms', `${size}: database CPU ms`, 'bar']
  const text = [
    `A tenant of 20,000 contacts and one of ${size}, of one server and one database of 50 tenants, commit ${commit}, ${machineOf()}.`,
    `Medians of ${pace.rounds} rounds in turn, ${pace.slotMs} ms a slot. ${judged.filter(({ isMet }) => isMet).length} of ${judged.length} met. † others used the machine in all of a side's slots.`,
    '',
    ...[all, all.map((_, index) => (index === 0 ? '---' : '---:')), ...rows].map((cells) => `| ${cells.join(' | ')} |`),
    '',
  ].join('\n')
  saveResult('sizes', text, { contacts, pace, results })
}
