import type { Principal } from '../../src/lib/principal.js'
import { openTenant, type Desk } from './desk.js'

/** What tests need to know of a kind of contact info to do the same with all four. */
export interface KindSample {
  /** its name in mutations, as `EmailAddress` */
  readonly kind: string
  /** its name in payloads and inputs, as `emailAddress` */
  readonly record: string
  /** the field of its owner */
  readonly list: string
  readonly table: string
  readonly noun: string
  /** all of its own fields */
  readonly fields: string
  /** the input of the n-th row, and what is read back of it */
  readonly input: (n: number) => object
  readonly output: (n: number) => object
  /** a change with every field but the primary mark, and what is read back */
  readonly change: { readonly input: object; readonly output: object }
}

const NO_ADDRESS = {
  line1: null,
  line2: null,
  city: null,
  region: null,
  postalCode: null,
  country: null,
  latitude: null,
  longitude: null,
}

export const KIND_SAMPLES: readonly KindSample[] = [
  {
    kind: 'EmailAddress',
    record: 'emailAddress',
    list: 'emailAddresses',
    table: 'email_addresses',
    noun: 'e-mail address',
    fields: 'type email optedOutAt',
    input: (n) => ({ email: `a${n}@example.com` }),
    output: (n) => ({ type: 'WORK', email: `a${n}@example.com`, optedOutAt: null }),
    change: {
      input: { type: 'OTHER', email: 'B@Example.org', optedOutAt: '2026-01-01T00:00:00+01:00' },
      output: { type: 'OTHER', email: 'B@Example.org', optedOutAt: '2025-12-31T23:00:00.000Z' },
    },
  },
  {
    kind: 'PhoneNumber',
    record: 'phoneNumber',
    list: 'phoneNumbers',
    table: 'phone_numbers',
    noun: 'phone number',
    fields: 'type number e164 extension',
    input: (n) => ({ number: `+1 212 555 ${1000 + n}` }),
    output: (n) => ({ type: 'WORK', number: `+1 212 555 ${1000 + n}`, e164: `+1212555${1000 + n}`, extension: null }),
    change: {
      input: { type: 'FAX', number: '(212) 555-0199', extension: '42' },
      output: { type: 'FAX', number: '(212) 555-0199', e164: '+12125550199', extension: '42' },
    },
  },
  {
    kind: 'Address',
    record: 'address',
    list: 'addresses',
    table: 'addresses',
    noun: 'postal address',
    fields: 'type line1 line2 city region postalCode country latitude longitude',
    input: (n) => ({ city: `City ${n}` }),
    output: (n) => ({ type: 'OFFICE', ...NO_ADDRESS, city: `City ${n}` }),
    change: {
      input: {
        type: 'BILLING',
        line1: '1 Rue',
        line2: 'B',
        city: null,
        region: 'IDF',
        postalCode: '75001',
        country: 'fr',
        latitude: -90,
        longitude: 180,
      },
      output: {
        type: 'BILLING',
        line1: '1 Rue',
        line2: 'B',
        city: null,
        region: 'IDF',
        postalCode: '75001',
        country: 'FR',
        latitude: -90,
        longitude: 180,
      },
    },
  },
  {
    kind: 'SocialMediaAccount',
    record: 'socialMediaAccount',
    list: 'socialMediaAccounts',
    table: 'social_media_accounts',
    noun: 'social media account',
    fields: 'platform handle url',
    input: (n) => ({ platform: 'GITHUB', handle: `ada${n}` }),
    output: (n) => ({ platform: 'GITHUB', handle: `ada${n}`, url: null }),
    change: {
      input: { platform: 'MASTODON', handle: 'https://example.social/@ada', url: 'example.social/@ada' },
      output: { platform: 'MASTODON', handle: 'ada@example.social', url: 'https://example.social/@ada' },
    },
  },
]

/** A contact or company of a fresh tenant, with `count` rows of one kind. */
export interface OwnedRows {
  readonly tenant: Awaited<ReturnType<typeof openTenant>>['tenant']
  readonly admin: Principal
  readonly ownerId: string
  readonly rowIds: readonly string[]
  /** Version and last change of the owner, and its rows: own fields, id, isPrimary, position. */
  readonly look: () => Promise<{ version: number; updatedAt: string; rows: Record<string, unknown>[] }>
}

/** Opens an owner with its rows; all of it was written at `now`. */
export async function openOwner(
  desk: Desk,
  owner: 'contact' | 'company',
  sample: KindSample,
  count: number,
  now: Date,
  settings: Parameters<typeof openTenant>[1] = {},
): Promise<OwnedRows> {
  const { tenant, admin } = await openTenant(desk, settings)
  const rows = Array.from({ length: count }, (_, index) => sample.input(index + 1))
  const input = { ...(owner === 'contact' ? { firstName: 'Ada' } : { name: 'Acme' }), [sample.list]: rows }
  const mutation = owner === 'contact' ? 'createContact' : 'createCompany'
  const payload = await desk.mutate(admin, mutation, input, `${owner} { id ${sample.list} { id } }`, now)
  const created = payload[owner]
  const query = `query ($id: ID!) { ${owner}(id: $id) {
    version updatedAt ${sample.list} { id ${sample.fields} isPrimary position } } }`
  return {
    tenant,
    admin,
    ownerId: created.id as string,
    rowIds: created[sample.list].map((row: { id: string }) => row.id) as string[],
    async look() {
      const { [sample.list]: found, ...rest } = (await desk.ask(admin, query, { id: created.id }))[owner]
      return { ...rest, rows: found }
    },
  }
}
