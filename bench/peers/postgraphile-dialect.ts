import { aliases, ALIASED_ROWS, FOUND_ROWS, readsBy, type Dialect } from './works.js'

const SCALARS = `id: rowId firstName middleName lastName fullName jobTitle department emailOptIn smsOptIn callOptIn
  birthDate notes externalId version createdAt updatedAt deletedAt`
const NEWEST = 'orderBy: [CREATED_AT_DESC, ROW_ID_DESC]'
const LIVE = 'condition: { tenantId: $tenantId, deletedAt: null }'

// Lists below a row come by its foreign key, which holds the tenant.
const info = (name: string, selection: string): string =>
  `${name}: ${name}ByTenantIdAndContactIdList(orderBy: [POSITION_ASC]) { ${selection} }`

const LISTED = `id: rowId fullName jobTitle company: tenantCompany { id: rowId name } owner: tenantOwner { id: rowId name }
  ${info('emailAddresses', 'email')} ${info('phoneNumbers', 'number')}`
const WHOLE = `${SCALARS}
  company: tenantCompany { id: rowId name domain status
    industry: tenantIndustry { id: rowId name } owner: tenantAssignedTo { id: rowId name } }
  owner: tenantOwner { id: rowId name email }
  ${info('emailAddresses', 'id: rowId email type isPrimary position optedOutAt createdAt updatedAt')}
  ${info('phoneNumbers', 'id: rowId number e164: numberE164 extension type isPrimary position')}
  ${info('addresses', 'id: rowId type line1 line2 city region postalCode country latitude longitude isPrimary position')}
  ${info('socialMediaAccounts', 'id: rowId platform handle url isPrimary position')}`

const PAGE = `query ($tenantId: UUID!, $first: Int!) {
  contacts(first: $first, ${LIVE}, ${NEWEST}) { nodes { ${LISTED} } } }`
const CONTACT = `query ($tenantId: UUID!, $id: UUID!) { contact(tenantId: $tenantId, rowId: $id) { ${WHOLE} } }`
const COMPANIES = `query ($tenantId: UUID!) { companies(first: 20, ${LIVE}, ${NEWEST}) { nodes { id: rowId name
  contacts: contactsByTenantIdAndCompanyId(first: 10, condition: { deletedAt: null }, ${NEWEST}) {
    nodes { id: rowId fullName } } } } }`
const FILTER = `query ($tenantId: UUID!, $status: String!, $domain: String!) {
  contacts(first: ${FOUND_ROWS}, ${LIVE}, orderBy: [LAST_NAME_FOLDED_ASC, ROW_ID_ASC],
    filter: { tenantCompany: { status: { equalTo: $status } },
      emailAddressesByTenantIdAndContactId: { some: { emailDomain: { equalTo: $domain } } } }) {
    totalCount nodes { id: rowId fullName lastName jobTitle } } }`
const SEARCH = `query ($tenantId: UUID!, $text: String!) {
  search: contactsList(first: ${FOUND_ROWS}, ${LIVE}, ${NEWEST}, filter: { fullNameFolded: { includes: $text } }) {
    id: rowId fullName } }`
const UPDATE = `mutation ($input: UpdateContactInput!) { updateContact(input: $input) { contact { ${SCALARS} } } }`
const CREATE = `mutation ($input: BenchAddContactInput!) { createContact: benchAddContact(input: $input) {
  contact: result { ${SCALARS} } } }`

/** How PostGraphile is asked. */
export const postgraphileDialect: Dialect = {
  reads: readsBy(
    {
      page: PAGE,
      contact: CONTACT,
      companies: COMPANIES,
      filter: FILTER,
      search: SEARCH,
      aliases: `query ($tenantId: UUID!) ${aliases(
        (offset) =>
          `contacts(first: ${ALIASED_ROWS}, offset: ${offset}, ${LIVE}, ${NEWEST}) { nodes { id: rowId fullName jobTitle } }`,
      )}`,
    },
    ({ tenantId }) => ({ tenantId }),
  ),
  // Its CRUD sets what it is told, so the client counts the version and tells the time.
  update: ({ tenantId }, { id, version }, jobTitle) => ({
    query: UPDATE,
    variables: {
      input: { tenantId, rowId: id, patch: { jobTitle, version: version + 1, updatedAt: new Date().toISOString() } },
    },
  }),
  create: ({ tenantId }, contact) => ({ query: CREATE, variables: { input: { tenant: tenantId, ...contact } } }),
}
