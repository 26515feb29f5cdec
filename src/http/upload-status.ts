import type { AppError } from '../lib/errors.js'
import { statusOf } from './refusal.js'

/** The status of an upload that was refused; what is larger than it may be is 413. */
export function uploadStatusOf({ code, extensions }: AppError): number {
  return extensions['limit'] === undefined ? statusOf(code) : 413
}
