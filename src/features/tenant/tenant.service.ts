import type { Database } from '../../database/database.js'
import { UniqueViolation, type Transaction } from '../../database/transaction.js'
import { AppError } from '../../lib/errors.js'
import { newId } from '../../lib/new-id.js'
import type { TenantSettings } from '../../lib/principal.js'
import * as repository from './tenant.repository.js'

/** What a new tenant is made of; what is absent is null, and unique e-mails are off. */
export interface NewTenant {
  readonly slug: string
  readonly name: string
  readonly defaultCountry?: string | null
  readonly defaultCurrency?: string | null
  readonly timeZone?: string | null
  readonly uniqueEmails?: boolean
}

const SLUG = /^[a-z0-9][a-z0-9-]{0,62}$/

/** The tenant of a slug; undefined when there is none. */
export function findTenantBySlug(database: Database, slug: string): Promise<TenantSettings | undefined> {
  return repository.findTenantBySlug(database, slug)
}

/** Whether there is any tenant. */
export async function hasTenants(database: Database): Promise<boolean> {
  return (await repository.countTenants(database)) > 0
}

/**
 * Makes a tenant; `furnish` adds its first rows in the same transaction. Returns its settings, with the new id.
 * @throws BAD_USER_INPUT for the form of the slug, ALREADY_EXISTS when it is taken
 */
export async function createTenant(
  database: Database,
  { slug, name, defaultCountry = null, defaultCurrency = null, timeZone = null, uniqueEmails = false }: NewTenant,
  now: Date,
  furnish: (tx: Transaction, tenant: TenantSettings) => Promise<void> = () => Promise.resolve(),
): Promise<TenantSettings> {
  if (!SLUG.test(slug)) throw new AppError('BAD_USER_INPUT', 'A slug has 1 to 63 small letters, digits and hyphens.')
  const id = newId(now)
  const tenant = { id, slug, name, defaultCountry, defaultCurrency, timeZone, uniqueEmails }
  try {
    await database.transaction(id, 'createTenant', async (tx) => {
      await repository.insertTenant(tx, tenant, now)
      await furnish(tx, tenant)
    })
  } catch (error) {
    if (!(error instanceof UniqueViolation) || error.constraint !== 'tenants_slug_key') throw error
    throw new AppError('ALREADY_EXISTS', `There is a tenant ${slug} already.`, { cause: error })
  }
  return tenant
}
