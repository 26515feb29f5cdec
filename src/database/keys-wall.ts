/**
 * The second wall of kith_keys, which must be able to read every tenant's keys: whatever it returns is compared with
 * the tenant that asked. Rows carry `tenant_id`; a count carries `foreign_rows`, the number of rows of other tenants.
 * @throws Error TENANT_MISMATCH when a row is another tenant's, and when a statement carries neither column.
 */
export function assertOwnTenant(tenantId: string, label: string, rows: readonly object[]): void {
  for (const row of rows) {
    const isCarried = 'tenant_id' in row || 'foreign_rows' in row
    const isOwn = !('tenant_id' in row) || row.tenant_id === tenantId
    const isAlone = !('foreign_rows' in row) || Number(row.foreign_rows) === 0
    if (!isCarried || !isOwn || !isAlone) throw new Error(`TENANT_MISMATCH: ${label} reached beyond its tenant`)
  }
}
