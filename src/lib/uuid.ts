const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Whether a text is a UUID as PostgreSQL prints it: 8-4-4-4-12 hexadecimal digits, in either case. */
export function isUuid(text: string): boolean {
  return UUID.test(text)
}
