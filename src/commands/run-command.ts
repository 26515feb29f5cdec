import { AppError, isUnavailable } from '../lib/errors.js'

/** The arguments of a command are not what it takes: its usage is shown. */
export class UsageError extends Error {}

const UNDEFINED_TABLE = '42P01'

/**
 * Runs a command with the process's arguments. Exit codes: 0 done, 1 failed, 2 wrong arguments. Data
 * goes to standard output, messages to standard error, without a stack. `--help` prints the usage and runs nothing.
 */
export async function runCommand(run: (args: string[]) => Promise<void>, usage: string): Promise<void> {
  const args = process.argv.slice(2)
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(`${usage}\n`)
    return
  }
  try {
    await run(args)
  } catch (error) {
    const isUsage =
      error instanceof UsageError ||
      (error instanceof AppError && error.code === 'BAD_USER_INPUT') ||
      (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
    const isUnmigrated = error instanceof Error && 'code' in error && error.code === UNDEFINED_TABLE
    const reason = error instanceof Error ? withCause(error) : String(error)
    const message = isUnmigrated ? 'The database is not migrated. Run: npm run db:deploy' : reason
    process.stderr.write(isUsage ? `${message === usage ? '' : `${message}\n`}${usage}\n` : `${message}\n`)
    process.exitCode = isUsage ? 2 : 1
  }
}

// Who runs a command may know why the database is away; clients of the API may not.
function withCause(error: Error): string {
  if (!(isUnavailable(error) && error.cause instanceof Error)) {
    return error.message
  }
  const { message } = error.cause
  return `${error.message} (${message || ('code' in error.cause ? String(error.cause.code) : error.cause.name)})`
}
