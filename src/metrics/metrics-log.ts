/** Where what is slow, exhausted or changed is written. */
export interface MetricsLog {
  warn(fields: object, message: string): void
  info(fields: object, message: string): void
}
