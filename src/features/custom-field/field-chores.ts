import { v7 as uuidv7 } from 'uuid'
import type { Database } from '../../database/database.js'
import { asError } from '../../database/errors.js'
import type { CustomFieldDefinitionRow, FieldChange } from './custom-field.columns.js'
import { writeValues, type CustomValueRow } from './custom-value.repository.js'
import { lockDefinition, lockDefinitions, updateDefinition, type Writer } from './definition.repository.js'
import {
  deleteExpired,
  deleteExpiredValues,
  findChores,
  findNextBatch,
  lockOther,
  noteProgress,
  type FieldChore,
} from './field-change.repository.js'
import { conversionOf } from './field-change.copies.js'
import { shadowExpiry } from './custom-field.days.js'
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
  /** values a batch: writers of the field wait for one, some 50 ms */
  readonly batchSize?: number
}

const BATCH_SIZE = 500

/** Knows of no work at first. */
export function createFieldChores({
  database,
  changed,
  report,
  batchSize = BATCH_SIZE,
}: FieldChoresOptions): FieldChores {
  const running = new Map<string, Promise<void>>()
  let isStopped = false

  const work = async ({ tenantId, id, isRunning }: FieldChore): Promise<void> => {
    try {
      const step = isRunning ? copyBatch : removeBatch
      while (!isStopped && (await step(database, tenantId, id, batchSize)));
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
    run: (tenantId, id) => run({ tenantId, id, isRunning: true }),
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
 * Copies the next values of a field that is being changed; the last batch lets the new field take its place. One transaction: a
 * process that dies leaves the batch as it was. False when there is no more to do.
 */
async function copyBatch(database: Database, tenantId: string, id: string, size: number): Promise<boolean> {
  return database.change(tenantId, async (change) => {
    const writer: Writer = { tenantId, now: new Date() }
    const [, [stored], [filled], values] = await Promise.all([
      change.ask(lockDefinitions(writer)),
      change.ask<CustomFieldDefinitionRow>(lockDefinition(writer, id)),
      change.ask<CustomFieldDefinitionRow>(lockOther(writer, id)),
      change.ask<CustomValueRow>(findNextBatch(writer, id, size)),
    ])
    // Another process has done it, or the change was undone.
    if (!stored?.change || stored.changeState !== 'RUNNING' || !filled) return false
    const conversion = conversionOf(stored, filled, stored.change)
    const copies = values.flatMap((value) => {
      const converted = convertValue(conversion, value)
      if (converted.outcome !== 'CONVERTS') return []
      const own = { id: uuidv7({ msecs: writer.now.getTime() }), definitionId: filled.id, entityId: value.entityId }
      return [{ ...converted.columns, ...own, uniqueType: null }]
    })
    const progress: FieldChange = {
      ...stored.change,
      cursor: values.at(-1)?.entityId ?? stored.change.cursor,
      converted: stored.change.converted + copies.length,
      failed: stored.change.failed + values.length - copies.length,
    }
    const written = copies.length === 0 ? [] : [writeValues(writer, stored.entityType, copies)]
    const isLast = values.length < size
    await change.commit([
      ...written,
      ...(isLast
        ? takeOver(writer, stored, filled, progress)
        : [noteProgress(writer, { ...stored, change: progress })]),
    ])
    return !isLast
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
    ...stored,
    ...{ archivedAt: now, expiresAt: shadowExpiry(writer.now) },
    ...{ changeState: progress.before?.state ?? null, change: progress.before?.change ?? null },
  }
  const { position } = stored
  const done: FieldChange = { ...progress, otherId: stored.id, finishedAt: now, before: null }
  const next = { ...filled, position, isHidden: false, archivedAt: null, changeState: 'DONE' as const, change: done }
  return [updateDefinition(writer, shadow), updateDefinition(writer, next)]
}

/** Removes some values of a field that has expired, at last the field. False when there is no more to do. */
async function removeBatch(database: Database, tenantId: string, id: string, size: number): Promise<boolean> {
  return database.change(tenantId, async (change) => {
    const writer: Writer = { tenantId, now: new Date() }
    const removed = await change.ask(deleteExpiredValues(writer, id, size))
    const isLast = removed.length < size
    await change.commit(isLast ? [deleteExpired(writer, id)] : [])
    return !isLast
  })
}
