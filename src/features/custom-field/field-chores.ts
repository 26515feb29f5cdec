import type { Database } from '../../database/database.js'
import { asError } from '../../database/errors.js'
import { newId } from '../../lib/new-id.js'
import { createBatchPace, type BatchPace } from './batch-pace.js'
import {
  BEFORE_ALL_IDS,
  BEHIND_ALL_IDS,
  type CustomFieldDefinitionRow,
  type FieldChange,
} from './custom-field.columns.js'
import { writeValues, type CustomValueRow, type WrittenValue } from './custom-value.repository.js'
import { lockDefinition, lockDefinitions, updateDefinition, type Writer } from './definition.repository.js'
import {
  deleteExpired,
  deleteExpiredValues,
  findChores,
  findChoresOf,
  findNextBatch,
  findNextSearched,
  findOther,
  lockChores,
  lockNextOwners,
  lockOther,
  noteProgress,
  noteSearched,
  readNextBatch,
  type FieldChore,
} from './field-change.repository.js'
import { conversionOf, withoutChange } from './field-change.copies.js'
import { createPatternPace } from './pattern.js'
import { shadowExpiry } from './custom-field.days.js'
import { lockAndRefreshSearchRows } from '../../search/search-rows.js'
import { convertValue } from './value-conversion.js'

/** Work on the values of whole fields, in batches, that goes on after the request which asked for it. */
export interface FieldChores {
  /** Does the work of a definition to its end. What fails is reported, and tried again by `resume`. Never rejects. */
  readonly run: (tenantId: string, id: string) => Promise<void>
  /** Does what is left to do in any tenant: after a crash, and what has expired. Never rejects. */
  readonly resume: () => Promise<void>
  /** Lets batches that run end, and begins no more. */
  readonly stop: () => Promise<void>
}

export interface FieldChoresOptions {
  readonly database: Database
  /** is told whose fields changed */
  readonly changed: (tenantId: string) => void
  readonly report: (error: Error) => void
  /** so many values or records a batch; without it as many as can be written in 50 ms, for which their writers wait */
  readonly batchSize?: number
  /** a clock that only goes on, in milliseconds */
  readonly nowMs?: () => number
}

interface Pace {
  readonly values: BatchPace
  readonly search: BatchPace
}

/** Knows of no work at first. */
export function createFieldChores({
  database,
  changed,
  report,
  batchSize,
  nowMs = () => performance.now(),
}: FieldChoresOptions): FieldChores {
  const running = new Map<string, Promise<void>>()
  let isStopped = false

  const paced = async (pace: BatchPace, batch: (size: number) => Promise<void>): Promise<void> => {
    const startedAtMs = nowMs()
    await batch(batchSize ?? pace.size())
    pace.took(nowMs() - startedAtMs)
  }
  const step = async (tenantId: string, id: string, pace: Pace): Promise<boolean> => {
    const [definition] = await database
      .reader(tenantId)
      .read<CustomFieldDefinitionRow>(findChoresOf({ tenantId, now: new Date() }, id))
    if (!definition) return false
    const { changeState, change, searchCursor, expiresAt } = definition
    if (changeState === 'RUNNING' && change?.cursor === BEHIND_ALL_IDS) await finishChange(database, tenantId, id)
    else if (changeState === 'RUNNING')
      await paced(pace.values, (size) => copyBatch(database, tenantId, definition, size))
    else if (expiresAt !== null && Date.parse(expiresAt) <= Date.now())
      await paced(pace.values, (size) => removeBatch(database, tenantId, id, size))
    else if (searchCursor !== null) await paced(pace.search, (size) => refreshBatch(database, tenantId, id, size))
    else return false
    return true
  }
  const work = async ({ tenantId, id }: FieldChore): Promise<void> => {
    const pace = { values: createBatchPace(), search: createBatchPace() }
    try {
      while (!isStopped && (await step(tenantId, id, pace)));
    } catch (error) {
      report(asError(error))
    } finally {
      changed(tenantId)
    }
  }
  const run = (chore: FieldChore): Promise<void> => {
    const key = `${chore.tenantId} ${chore.id}`
    const known = running.get(key)
    if (known) return known
    const begun = work(chore).finally(() => running.delete(key))
    running.set(key, begun)
    return begun
  }
  return {
    run: (tenantId, id) => run({ tenantId, id }),
    async resume() {
      try {
        const chores = await database.system<FieldChore>(findChores(new Date()))
        for (const chore of chores) if (!isStopped) await run(chore)
      } catch (error) {
        report(asError(error))
      }
    },
    async stop() {
      isStopped = true
      await Promise.all(running.values())
    },
  }
}

/**
 * Copies the next values of a field that is being changed, in one transaction: a process that dies leaves the batch as it was. It
 * locks the values of the batch alone; who writes others doesn't wait, and writes the copy as well (see copyOfWrite).
 */
async function copyBatch(
  database: Database,
  tenantId: string,
  known: CustomFieldDefinitionRow,
  size: number,
): Promise<void> {
  const { id } = known
  await database.reader(tenantId).read(readNextBatch({ tenantId, now: new Date() }, known, size))
  await database.change(tenantId, async (change) => {
    const writer: Writer = { tenantId, now: new Date() }
    const [[stored], , [filled], values] = await Promise.all([
      change.ask<CustomFieldDefinitionRow>(lockChores(writer, id)),
      change.ask(lockNextOwners(writer, known, size)),
      change.ask<CustomFieldDefinitionRow>(findOther(writer, id)),
      change.ask<CustomValueRow>(findNextBatch(writer, known, size)),
    ])
    // Another process has done it, or the change was undone.
    if (!stored?.change || stored.changeState !== 'RUNNING') return
    // So it has where it is further already: the next batch begins there.
    if (stored.change.cursor !== known.change?.cursor) return
    // There is nothing left to fill: a change that can't end must not be tried for ever.
    if (!filled) return void (await change.commit([updateDefinition(writer, withoutChange(stored))]))
    const copies: WrittenValue[] = []
    const pace = createPatternPace(change.pause)
    const conversion = conversionOf(stored, filled, stored.change, pace.note)
    for (const value of values) {
      const turn = pace.next()
      if (turn) await turn
      const converted = convertValue(conversion, value)
      if (converted.outcome !== 'CONVERTS') continue
      const own = { id: newId(writer.now), definitionId: filled.id, entityId: value.entityId }
      copies.push({ ...converted.columns, ...own, uniqueType: null })
    }
    const progress: FieldChange = {
      ...stored.change,
      cursor: values.length < size ? BEHIND_ALL_IDS : (values.at(-1)?.entityId ?? null),
      converted: stored.change.converted + copies.length,
      failed: stored.change.failed + values.length - copies.length,
    }
    const written = copies.length === 0 ? [] : [writeValues(writer, stored.entityType, copies)]
    await change.commit([...written, noteProgress(writer, { ...stored, change: progress })])
  })
}

/** Lets the field that was filled take the place of the other: writers of the field wait for it, as for any change of it. */
async function finishChange(database: Database, tenantId: string, id: string): Promise<void> {
  await database.change(tenantId, async (change) => {
    const writer: Writer = { tenantId, now: new Date() }
    const [, [stored], [filled]] = await Promise.all([
      change.ask(lockDefinitions(writer)),
      change.ask<CustomFieldDefinitionRow>(lockDefinition(writer, id)),
      change.ask<CustomFieldDefinitionRow>(lockOther(writer, id)),
    ])
    if (!stored?.change || stored.changeState !== 'RUNNING' || !filled) return
    await change.commit(takeOver(writer, stored, filled, stored.change))
  })
}

/** The field goes into its shadow, and the one that was filled takes its place. */
function takeOver(
  writer: Writer,
  stored: CustomFieldDefinitionRow,
  filled: CustomFieldDefinitionRow,
  progress: FieldChange,
) {
  const now = writer.now.toISOString()
  const shadow = {
    ...withoutChange(stored),
    ...{ archivedAt: now, expiresAt: shadowExpiry(writer.now) },
    // Search has the words of the shadow's values: its records are all that may have others now.
    ...{ searchCursor: stored.isSearchable ? BEFORE_ALL_IDS : null },
  }
  const { position } = stored
  const done: FieldChange = { ...progress, otherId: stored.id, finishedAt: now, before: null }
  const next = { ...filled, position, isHidden: false, archivedAt: null, changeState: 'DONE' as const, change: done }
  return [updateDefinition(writer, shadow), updateDefinition(writer, next)]
}

/** Removes some values of a field that has expired, and what search has of them; at last the field. */
async function removeBatch(database: Database, tenantId: string, id: string, size: number): Promise<void> {
  await database.change(tenantId, async (change) => {
    const writer: Writer = { tenantId, now: new Date() }
    const [[stored], removed] = await Promise.all([
      change.ask<CustomFieldDefinitionRow>(findChoresOf(writer, id)),
      change.ask<SearchedOwner>(deleteExpiredValues(writer, id, size)),
    ])
    const refreshed = stored?.isSearchable && removed.length > 0 ? refreshOf(tenantId, stored, removed) : []
    await change.commit([...refreshed, ...(removed.length < size ? [deleteExpired(writer, id)] : [])])
  })
}

interface SearchedOwner {
  readonly entityId: string
}

/** Brings the search rows of the next records with a value of a field up to date. */
async function refreshBatch(database: Database, tenantId: string, id: string, size: number): Promise<void> {
  await database.change(tenantId, async (change) => {
    const writer: Writer = { tenantId, now: new Date() }
    const [[stored], owners] = await Promise.all([
      change.ask<CustomFieldDefinitionRow>(lockChores(writer, id)),
      change.ask<SearchedOwner>(findNextSearched(writer, id, size)),
    ])
    if (!stored || stored.searchCursor === null) return
    const cursor = owners.length < size ? null : (owners.at(-1)?.entityId ?? null)
    const refreshed = owners.length === 0 ? [] : refreshOf(tenantId, stored, owners)
    await change.commit([...refreshed, noteSearched(writer, id, cursor)])
  })
}

function refreshOf(tenantId: string, { entityType }: CustomFieldDefinitionRow, owners: readonly SearchedOwner[]) {
  return lockAndRefreshSearchRows(
    tenantId,
    entityType,
    owners.map(({ entityId }) => entityId),
  )
}
