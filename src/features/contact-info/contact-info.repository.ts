import { sql } from 'kysely'
import { preparedStatement } from '../../database/sql.js'
import type { Statement } from '../../database/statement.js'
import type { Transaction } from '../../database/transaction.js'
import type { Scope } from '../../access/scope.js'
import { rowCondition } from '../../access/row-condition.js'
import type { ContactInfoColumns } from './contact-info.input.js'
import {
  CONTACT_INFO_KINDS,
  type ContactInfoKind,
  type ContactInfoRow,
  type Entity,
  type EntityType,
} from './contact-info.row.js'

const COMMON = `id, entity_type as "entityType", entity_id as "entityId", is_primary as "isPrimary", position,
  created_at as "createdAt", updated_at as "updatedAt"`
const COLUMNS: Record<ContactInfoKind, string> = {
  emailAddress: 'type, email, opted_out_at as "optedOutAt"',
  phoneNumber: 'type, number, number_e164 as "numberE164", extension',
  address: 'type, line1, line2, city, region, postal_code as "postalCode", country, latitude, longitude',
  socialMediaAccount: 'platform, handle, url',
}

function selectFrom(kind: ContactInfoKind) {
  return sql.raw(`select ${COMMON}, ${COLUMNS[kind]} from ${CONTACT_INFO_KINDS[kind].table}`)
}

/** All rows of one kind of some contacts or companies, in their order. */
export function findContactInfoByOwners(
  scope: Scope,
  kind: ContactInfoKind,
  entityType: EntityType,
  entityIds: readonly string[],
): Statement {
  return preparedStatement(
    `find.${CONTACT_INFO_KINDS[kind].list}.by.owners`,
    sql`${selectFrom(kind)} where tenant_id = ${scope.tenantId} and entity_type = ${entityType}
      and entity_id = any(${entityIds}::uuid[]) and ${rowCondition(scope, CONTACT_INFO_KINDS[kind].concept, CONTACT_INFO_KINDS[kind].table)} order by position, id`,
  )
}

/** Rows of one kind by their ids. */
export function findContactInfoByIds(scope: Scope, kind: ContactInfoKind, ids: readonly string[]): Statement {
  return preparedStatement(
    `find.${CONTACT_INFO_KINDS[kind].list}.by.ids`,
    sql`${selectFrom(kind)} where tenant_id = ${scope.tenantId} and id = any(${ids}::uuid[])
      and ${rowCondition(scope, CONTACT_INFO_KINDS[kind].concept, CONTACT_INFO_KINDS[kind].table)}`,
  )
}

/** The part of Prisma's four delegates that is used here; their rows differ, their keys don't. */
interface Delegate {
  findMany(args: object): Promise<(ContactInfoRow & ContactInfoColumns)[]>
  createMany(args: { data: object[] }): Promise<{ count: number }>
  updateMany(args: { where: object; data: object }): Promise<{ count: number }>
  deleteMany(args: { where: object }): Promise<{ count: number }>
}

function delegate({ prisma }: Transaction, kind: ContactInfoKind): Delegate {
  return prisma[kind] as unknown as Delegate
}

/** An entity's rows of one kind, inside a transaction, in their order. */
export function findRows(scope: Scope, tx: Transaction, kind: ContactInfoKind, entity: Entity) {
  return delegate(tx, kind).findMany({
    where: { tenantId: scope.tenantId, entityType: entity.type, entityId: entity.id },
    orderBy: [{ position: 'asc' }, { id: 'asc' }],
  })
}

/** The entity that a row belongs to; null when the tenant has no such row. */
export async function findOwnerOfRow(
  scope: Scope,
  tx: Transaction,
  kind: ContactInfoKind,
  id: string,
): Promise<Entity | null> {
  const [row] = await delegate(tx, kind).findMany({ where: { tenantId: scope.tenantId, id }, take: 1 })
  return row ? { type: row.entityType, id: row.entityId } : null
}

/** Inserts rows of one kind for an entity. */
export async function insertRows(
  scope: Scope,
  tx: Transaction,
  kind: ContactInfoKind,
  entity: Entity,
  rows: readonly ({ id: string; isPrimary: boolean; position: number } & ContactInfoColumns)[],
): Promise<void> {
  const { tenantId, now } = scope
  const owner = { tenantId, entityType: entity.type, entityId: entity.id, createdAt: now, updatedAt: now }
  await delegate(tx, kind).createMany({ data: rows.map((row) => ({ ...row, ...owner })) })
}

/** Writes columns of one row. */
export async function updateRow(
  scope: Scope,
  tx: Transaction,
  kind: ContactInfoKind,
  id: string,
  columns: ContactInfoColumns,
): Promise<void> {
  await delegate(tx, kind).updateMany({
    where: { tenantId: scope.tenantId, id },
    data: { ...columns, updatedAt: scope.now },
  })
}

/** Removes rows of one kind by their ids. */
export async function deleteRows(
  scope: Scope,
  tx: Transaction,
  kind: ContactInfoKind,
  ids: readonly string[],
): Promise<void> {
  await delegate(tx, kind).deleteMany({ where: { tenantId: scope.tenantId, id: { in: [...ids] } } })
}

/** Who holds some unique e-mail keys, apart from one entity itself. */
export async function findEmailHolders(
  scope: Scope,
  { prisma }: Transaction,
  keys: readonly string[],
  except: string,
): Promise<{ uniqueKey: string | null; entityId: string }[]> {
  return prisma.emailAddress.findMany({
    where: { tenantId: scope.tenantId, uniqueKey: { in: [...keys] }, NOT: { entityId: except } },
    select: { uniqueKey: true, entityId: true },
  })
}

/** Gives up the unique e-mail keys of an entity that is being deleted. */
export async function clearEmailKeys(scope: Scope, { prisma }: Transaction, entity: Entity): Promise<void> {
  await prisma.emailAddress.updateMany({
    where: { tenantId: scope.tenantId, entityType: entity.type, entityId: entity.id },
    data: { uniqueKey: null },
  })
}
