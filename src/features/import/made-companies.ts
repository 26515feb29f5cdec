import { quote } from '../../lib/value/checked.js'
import { checkDomain } from '../../lib/value/domain.js'
import { foldTexts } from '../../records/find-by-values.js'
import { createRecords } from '../../records/lifecycle.js'
import { COMPANY_KIND } from '../company/company.kind.js'
import type { JobRun } from '../job/job.js'
import { findNamed, settle, storedText, type FoundIds, type Named } from './named.js'
import { wavesOf } from './waves.js'

type Run = Pick<JobRun, 'scope' | 'change'>

/**
 * Gives rows the companies that they name, in the order of the rows; those that aren't there are made. `found` are those that were there
 * before. It comes out as if each row were alone in its chunk: a row finds what an earlier one made, by whatever it names it,
 * and rows that hang together by a name, domain or external id wait for each other.
 */
export async function makeCompanies(run: Run, named: readonly Named[], found: FoundIds): Promise<void> {
  const missing = named.filter((one) => isMissing(found, one))
  const marksOf = missing.length === 0 ? () => [] : await askMarks(run, named)
  const mayBeMade = new Set(missing.flatMap(marksOf))
  const due = named.filter((one) => {
    const isDue = marksOf(one).some((mark) => mayBeMade.has(mark))
    if (!isDue) settle(one, found.get(one))
    return isDue
  })
  const waves = wavesOf(unitsOf(due, marksOf), ([first]) => marksOf(first))
  for (const [index, wave] of waves.entries()) {
    const ids = index === 0 ? found : await findNamed(run, wave.flat())
    for (const one of wave.flat()) if (!isMissing(ids, one)) settle(one, ids.get(one))
    await make(
      run,
      wave.filter(([first]) => isMissing(ids, first)),
    )
  }
}

/** Rows that say the same of a company, one or more. */
type Unit = [Named, ...Named[]]

function isMissing(found: FoundIds, one: Named): boolean {
  return (found.get(one) ?? []).length === 0
}

/**
 * What companies may be found by, of each row that names one: two of them hang together where they have one of these in
 * common. The database folds names: whatever its rule is, it is that of the search for them.
 */
async function askMarks({ change }: Run, named: readonly Named[]): Promise<(one: Named) => readonly string[]> {
  const names = [...new Set(named.map(nameOf))]
  const rows = await change.ask<{ folded: string }>(foldTexts(names))
  const folded = new Map(names.map((name, index) => [name, rows[index]?.folded ?? name]))
  const marks = new Map(
    named.map((one) => {
      const { externalId, domain } = one.said
      const checked = domain === undefined ? null : checkDomain(domain)
      return [
        one,
        [
          `name ${folded.get(nameOf(one)) ?? ''}`,
          ...(externalId === undefined ? [] : [`externalId ${storedText(externalId)}`]),
          ...(checked?.ok ? [`domain ${checked.value}`] : []),
        ],
      ]
    }),
  )
  return (one) => marks.get(one) ?? []
}

/** The name that a company has which a row makes: what it is named by, where nothing else is said. */
function nameOf({ said, value }: Named): string {
  return storedText(said['name'] ?? value)
}

/** Rows that say the same are one unit, where no row between them may have changed what they find. */
function unitsOf(named: readonly Named[], marksOf: (one: Named) => readonly string[]): Unit[] {
  const units: Unit[] = []
  const last = new Map<string, Unit>()
  for (const one of named) {
    const marks = marksOf(one)
    const before = last.get(marks[0] ?? '')
    if (before && marks.every((mark) => last.get(mark) === before) && isSame(before[0], one)) {
      before.push(one)
      continue
    }
    const unit: Unit = [one]
    units.push(unit)
    for (const mark of marks) last.set(mark, unit)
  }
  return units
}

function isSame(a: Named, b: Named): boolean {
  return JSON.stringify(a.said) === JSON.stringify(b.said)
}

async function make({ scope, change }: Run, units: readonly Unit[]): Promise<void> {
  if (units.length === 0) return
  const inputs = units.map(([{ said, by, value }]) => ({ name: said['name'] ?? value, ...said, [by]: value }))
  const outcomes = await createRecords(scope, change, COMPANY_KIND, inputs, () => [], { mode: 'PARTIAL' })
  for (const [index, unit] of units.entries()) {
    const { id = null, userErrors: [error] = [] } = outcomes[index] ?? {}
    for (const one of unit) {
      if (id !== null) settle(one, [id])
      else {
        const message = `The company ${quote(one.value)} can't be made: ${error?.message ?? 'it was refused.'}`
        one.row.refuse(one.relation.relation, error?.field[0] ?? one.by, error?.code ?? 'BAD_USER_INPUT', message)
      }
    }
  }
}
