import { openTenant, type Desk } from '../support/desk.js'
import type { RoundTripCase } from './round-trip-cases.js'
import { request } from './round-trip-tenant-mutations.js'

const VALUES = [{ key: 'tier', option: 'gold' }, { key: 'score', number: 7 }] // prettier-ignore
const DEFINITION = 'customFieldDefinition { id key version }'

/** A tenant with two fields of contacts, and a contact that has both; nothing is known of the fields. */
async function open(desk: Desk, isUnique = false) {
  const { admin } = await openTenant(desk)
  const define = async (input: object): Promise<string> =>
    (await desk.mutate(admin, 'createCustomFieldDefinition', { entityType: 'CONTACT', ...input }, DEFINITION))[
      'customFieldDefinition'
    ].id
  const options = [{ value: 'gold', label: 'Gold' }, { value: 'silver', label: 'Silver' }] // prettier-ignore
  const tier = await define({ key: 'tier', label: 'Tier', type: 'DROPDOWN', options })
  const score = await define({ key: 'score', label: 'Score', type: 'NUMBER', isUnique })
  const input = { firstName: 'Ada', customFields: VALUES }
  const { contact } = await desk.mutate(admin, 'createContact', input, 'contact { id }')
  // Whoever changes a field forgets all that was known.
  await desk.mutate(admin, 'updateCustomFieldDefinition', { id: tier, label: 'Rank' })
  return { admin, tier, score, contactId: contact.id as string }
}

type Opened = Awaited<ReturnType<typeof open>>

const QUERIES: readonly (readonly [string, string, ((opened: Opened) => Record<string, unknown>)?])[] = [
  ['customFieldDefinitions', '{ customFieldDefinitions(entityType: CONTACT) { id key type } }'],
  [
    'customFieldDefinitions: archived ones too',
    '{ customFieldDefinitions(entityType: CONTACT, includeArchived: true) { id key type } }',
  ],
  [
    'customFieldDefinition',
    'query ($id: ID!) { customFieldDefinition(id: $id) { id key type } }',
    ({ tier }) => ({ id: tier }),
  ],
  [
    'customFieldUsage',
    '{ customFieldUsage(entityType: CONTACT) { limits { used } fields { recordCount filterCount } } }',
  ],
  [
    'contact: with custom fields',
    'query ($id: ID!) { contact(id: $id) { id customFields { key value } } }',
    ({ contactId }) => ({ id: contactId }),
  ],
  ['contacts: with all custom fields', '{ contacts { nodes { id customFields { key value } } } }'],
  ['contacts: with one custom field', '{ contacts { nodes { id customField(key: "tier") { value } } } }'],
  [
    'contacts: filtered and ordered by custom fields, with all of them',
    `{ contacts(filter: { customFields: [{ key: "tier", option: { eq: "gold" } }] }, orderBy: [{ customField: "score" }]) {
      nodes { id customFields { key value } } totalCount } }`,
  ],
]

/** The cases of queries with custom fields, each over a tenant of its own. */
export function customFieldQueryCases(): RoundTripCase[] {
  return QUERIES.map(([name, query, variables]) => ({
    name,
    prepare: async (desk) => {
      const opened = await open(desk)
      return { principal: opened.admin, query, variables: variables?.(opened) ?? {} }
    },
  }))
}

const field = { entityType: 'CONTACT', key: 'new', label: 'New', type: 'TEXT' }

const MUTATIONS: readonly (readonly [string, (opened: Opened) => object, string, boolean?])[] = [
  ['createContact: with custom fields', () => ({ firstName: 'Bob', customFields: VALUES }), 'contact { id }'],
  [
    'createContact: with a value of a unique custom field',
    () => ({ firstName: 'Bob', customFields: [{ key: 'score', number: 8 }] }),
    'contact { id }',
    true,
  ],
  [
    'updateContact: custom fields set and cleared',
    ({ contactId }) => ({
      id: contactId,
      customFields: [{ key: 'tier', option: 'silver' }, { key: 'score', number: null }], // prettier-ignore
    }),
    'contact { id version }',
  ],
  ['deleteContact: with a unique custom field', ({ contactId }) => ({ id: contactId, version: 1 }), 'contact { id }', true],
  ['createCustomFieldDefinition', () => field, DEFINITION],
  ['updateCustomFieldDefinition', ({ tier }) => ({ id: tier, label: 'Level' }), DEFINITION],
  ['moveCustomFieldDefinition', ({ tier }) => ({ id: tier, place: 2 }), DEFINITION],
  ['archiveCustomFieldDefinition', ({ tier }) => ({ id: tier }), DEFINITION],
  ['restoreCustomFieldDefinition', ({ tier }) => ({ id: tier }), DEFINITION],
  ['deleteCustomFieldDefinition', ({ tier }) => ({ id: tier, confirmedValues: 1 }), 'deletedId'],
  ['planCustomFieldChange', ({ tier }) => ({ id: tier, type: 'TEXT' }), 'plan { converts }'],
  ['applyCustomFieldChange', ({ tier }) => ({ id: tier, type: 'TEXT' }), DEFINITION],
  ['undoCustomFieldChange', ({ tier }) => ({ id: tier, type: 'TEXT' }), DEFINITION],
  ['mergeCustomFieldOption', ({ tier }) => ({ id: tier, value: 'gold', intoValue: 'silver' }), 'movedValues'],
] // prettier-ignore

/** The input of a change with the hash of its plan, or of its undoing once it is done; others as they are. */
async function planned(desk: Desk, { admin }: Opened, mutation: string, input: object): Promise<object> {
  if (mutation !== 'applyCustomFieldChange' && mutation !== 'undoCustomFieldChange') return input
  const { plan } = await desk.mutate(admin, 'planCustomFieldChange', input, 'plan { planHash }')
  const change = { ...input, planHash: plan.planHash as string }
  if (mutation === 'applyCustomFieldChange') return change
  return { id: (await desk.mutate(admin, 'applyCustomFieldChange', change, DEFINITION))['customFieldDefinition'].id }
}

/** The cases of mutations with custom fields, each over a tenant of its own. */
export function customFieldMutationCases(): RoundTripCase[] {
  return MUTATIONS.map(([name, input, selection, isUnique]) => ({
    name,
    prepare: async (desk) => {
      const opened = await open(desk, isUnique)
      const [mutation = ''] = name.split(':')
      if (mutation.startsWith('restore')) {
        await desk.mutate(opened.admin, 'archiveCustomFieldDefinition', { id: opened.tier })
      }
      const given = await planned(desk, opened, mutation, input(opened))
      return request(opened.admin, mutation, given, selection)
    },
  }))
}
