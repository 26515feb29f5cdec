import type { Role } from '../../lib/principal.js'

/** A user as loaders give it. */
export interface UserRow {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly role: Role
  readonly deactivatedAt: Date | null
  readonly createdAt: Date
  readonly updatedAt: Date
}
