/** The code of a system error (ENOENT, EEXIST …); undefined where there is none. */
export function errorCode(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
}
