import { Counter, Histogram, type Registry } from 'prom-client'
import { BUCKETS_SECONDS } from './exposition.js'

/** What a process counts of the jobs that it does. */
export interface JobMetrics {
  /** A chunk was committed; `rows` by what became of them. */
  readonly chunk: (kind: string, durationMs: number, rows: Readonly<Partial<Record<string, number>>>) => void
  /** A job ended. */
  readonly ended: (kind: string, status: string) => void
}

/** Counts jobs in a registry; series stand from their first count on. */
export function createJobMetrics(registry: Registry): JobMetrics {
  const registers = [registry]
  const jobs = new Counter({
    name: 'kith_jobs_total',
    help: 'Jobs that ended in this process',
    labelNames: ['kind', 'status'],
    registers,
  })
  const rows = new Counter({
    name: 'kith_job_rows_total',
    help: 'Rows of jobs that this process did, by what became of them; read counts all',
    labelNames: ['kind', 'outcome'],
    registers,
  })
  const chunks = new Histogram({
    name: 'kith_job_chunk_seconds',
    help: 'How long chunks of jobs took, each a transaction',
    labelNames: ['kind'],
    buckets: [...BUCKETS_SECONDS],
    registers,
  })
  return {
    chunk(kind, durationMs, counts) {
      chunks.observe({ kind }, durationMs / 1000)
      for (const [outcome, count = 0] of Object.entries(counts)) if (count > 0) rows.inc({ kind, outcome }, count)
    },
    ended: (kind, status) => jobs.inc({ kind, status }),
  }
}
