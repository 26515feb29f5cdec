import type { Ready } from './serve.js'

/** The argument by which the program knows that it is a worker of ours: process managers have workers of their own. */
export const WORKER = '--worker'

/** A worker ended before it served; why, it has said itself. */
export class WorkerEnded extends Error {}

/** What the first process tells a worker. */
export type ToWorker =
  | { readonly kind: 'serve'; readonly ready: Ready }
  | { readonly kind: 'stop' }
  /** the metrics of all workers, for the question of that number; undefined where they could not be had */
  | { readonly kind: 'metrics'; readonly id: number; readonly text: string | undefined }

/** What a worker tells the first process. */
export type ToPrimary =
  /** it listens to what it is told: messages before that are lost */
  | { readonly kind: 'loaded' }
  | { readonly kind: 'serving'; readonly address: string }
  /** asks for the metrics of all workers */
  | { readonly kind: 'metrics'; readonly id: number }
