import { pino, type LoggerOptions } from 'pino'
import type { Config } from '../config.js'

/** How a server logs: JSON lines, or for somebody who looks at a terminal; never what a caller signs in with. */
export function logOptions(config: Config): LoggerOptions {
  const redact = ['req.headers.authorization', 'authorization']
  const common = { level: config.LOG_LEVEL, redact, formatters: { level: (label: string) => ({ level: label }) } }
  if (!process.stdout.isTTY) return { ...common, timestamp: pino.stdTimeFunctions.isoTime }
  return { level: config.LOG_LEVEL, redact, transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname' } } }
}
