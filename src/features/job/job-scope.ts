import { createScope, type AccessOf, type Scope } from '../../access/scope.js'
import type { Registry } from '../../concepts/registry.js'
import { AppError } from '../../lib/errors.js'
import { registryOfTenant } from '../custom-field/scope-registry.js'
import type { CustomFieldServices } from '../custom-field/definition.service.js'
import { findPrincipal } from '../identity/principal.service.js'
import type { JobRow } from './job.js'

/** What the scope of a job is made of. */
export interface JobScopeServices extends CustomFieldServices {
  readonly registry: Registry
  readonly accessOf: AccessOf
}

/**
 * The scope of a job, as of now: that of the user who asked for it, with the role of then, or the user's own where that is
 * less by now.
 * @throws FORBIDDEN where the user is deactivated; SERVICE_UNAVAILABLE, TIMEOUT
 */
export async function jobScope(
  services: JobScopeServices,
  tenantId: string,
  { createdById, role }: Pick<JobRow, 'createdById' | 'role'>,
): Promise<Scope> {
  const principal = await findPrincipal(services.database, tenantId, createdById, role)
  if (!principal) throw new AppError('FORBIDDEN', 'The user who asked for this is deactivated.')
  const registry = await registryOfTenant(tenantId, services)
  return createScope(principal, registry, new Date(), services.accessOf(principal))
}
