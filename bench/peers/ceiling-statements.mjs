// One statement a work, $1 the tenant; its one value is the answer's text.

const data = (name, value) => `json_build_object('data', json_build_object('${name}', ${value}))::text`

/** A JSON object of columns: `name`, or `name=expression`. */
const object = (table, columns) => {
  const pairs = columns.map((column) => {
    const [, name, expression = `${table}.${snakeCase(name)}`] = /^(\w+)(?:=([^]*))?$/.exec(column)
    return `'${name}', ${expression}`
  })
  return `json_build_object(${pairs.join(', ')})`
}

const snakeCase = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

const nodes = (row, order) => `json_build_object('nodes', coalesce(json_agg(${row} order by ${order}), '[]'))`

const one = (table, alias, id, columns) =>
  `(select ${object(alias, columns)} from ${table} ${alias} where ${alias}.tenant_id = $1 and ${alias}.id = ${id})`

const info = (table, alias, columns) =>
  `(select coalesce(json_agg(${object(alias, columns)} order by ${alias}.position), '[]') from ${table} ${alias}
    where ${alias}.tenant_id = $1 and ${alias}.entity_type = 'CONTACT' and ${alias}.entity_id = c.id)`

const SCALARS = [
  ...['id', 'firstName', 'middleName', 'lastName', 'fullName', 'jobTitle', 'department'],
  ...['emailOptIn', 'smsOptIn', 'callOptIn', 'birthDate', 'notes', 'externalId', 'version'],
  ...['createdAt', 'updatedAt', 'deletedAt'],
]

const LISTED = object('c', [
  ...['id', 'fullName', 'jobTitle'],
  `company=${one('companies', 'o', 'c.company_id', ['id', 'name'])}`,
  `owner=${one('users', 'u', 'c.owner_id', ['id', 'name'])}`,
  `emailAddresses=${info('email_addresses', 'e', ['email'])}`,
  `phoneNumbers=${info('phone_numbers', 'p', ['number'])}`,
])

const WHOLE = object('c', [
  ...SCALARS,
  `company=${one('companies', 'o', 'c.company_id', [
    ...['id', 'name', 'domain', 'status'],
    `industry=${one('industries', 'i', 'o.industry_id', ['id', 'name'])}`,
    `owner=${one('users', 'v', 'o.assigned_to_id', ['id', 'name'])}`,
  ])}`,
  `owner=${one('users', 'u', 'c.owner_id', ['id', 'name', 'email'])}`,
  `emailAddresses=${info('email_addresses', 'e', [
    ...['id', 'email', 'type', 'isPrimary', 'position', 'optedOutAt', 'createdAt', 'updatedAt'],
  ])}`,
  `phoneNumbers=${info('phone_numbers', 'p', [
    ...['id', 'number', 'e164=p.number_e164', 'extension', 'type', 'isPrimary', 'position'],
  ])}`,
  `addresses=${info('addresses', 'a', [
    ...['id', 'type', 'line1', 'line2', 'city', 'region', 'postalCode', 'country', 'latitude', 'longitude'],
    ...['isPrimary', 'position'],
  ])}`,
  `socialMediaAccounts=${info('social_media_accounts', 's', [
    ...['id', 'platform', 'handle', 'url', 'isPrimary', 'position'],
  ])}`,
])

const NEWEST = 'created_at desc, id desc'
const page = (limit, offset) =>
  `(select * from contacts where tenant_id = $1 and deleted_at is null order by ${NEWEST} limit ${limit} offset ${offset}) c`
const NEWEST_C = 'c.created_at desc, c.id desc'

const CONTACTS_OF_COMPANY = `(select ${nodes(object('c', ['id', 'fullName']), NEWEST_C)} from
  (select id, full_name, created_at from contacts where tenant_id = $1 and company_id = o.id and deleted_at is null
   order by ${NEWEST} limit 10) c)`

const FOUND = `with found as materialized (
  select c.id, c.full_name, c.job_title, c.last_name_folded, c.last_name from contacts c
    join companies o on o.tenant_id = $1 and o.id = c.company_id and o.status = $2
   where c.tenant_id = $1 and c.deleted_at is null and exists (select from email_addresses e
     where e.tenant_id = $1 and e.entity_type = 'CONTACT' and e.entity_id = c.id and e.email_domain = $3))
select json_build_object('data', json_build_object('contacts', json_build_object(
  'totalCount', (select count(*) from found), 'nodes', coalesce(json_agg(
    ${object('c', ['id', 'fullName', 'lastName', 'jobTitle'])} order by c.last_name_folded, c.id), '[]'))))::text
  from (select * from found order by last_name_folded, id limit 20) c`

const written = (name) => data(name, `json_build_object('contact', ${object('c', SCALARS)})`)

/** By work: the text, and its values after the tenant. */
export const STATEMENTS = {
  page: {
    text: `select ${data('contacts', nodes(LISTED, NEWEST_C))} from ${page('$2', 0)}`,
    values: ({ first }) => [first],
  },
  contact: {
    text: `select ${data('contact', WHOLE)} from contacts c
      where c.tenant_id = $1 and c.id = $2 and c.deleted_at is null`,
    values: ({ id }) => [id],
  },
  companies: {
    text: `select ${data('companies', nodes(object('o', ['id', 'name', `contacts=${CONTACTS_OF_COMPANY}`]), 'o.created_at desc, o.id desc'))}
      from (select id, name, created_at from companies where tenant_id = $1 and deleted_at is null
            order by ${NEWEST} limit 20) o`,
    values: () => [],
  },
  filter: { text: FOUND, values: ({ status, domain }) => [status, domain] },
  search: {
    text: `select ${data('search', `coalesce(json_agg(${object('c', ['id', 'fullName'])} order by ${NEWEST_C}), '[]')`)}
      from (select id, full_name, created_at from contacts where tenant_id = $1 and deleted_at is null
             and full_name_folded like $2 order by ${NEWEST} limit 20) c`,
    values: ({ text }) => [`%${text}%`],
  },
  aliases: {
    text: `select json_build_object('data', json_build_object(${Array.from(
      { length: 10 },
      (_, index) =>
        `'a${index}', (select ${nodes(object('c', ['id', 'fullName', 'jobTitle']), NEWEST_C)} from ${page(10, 10 * index)})`,
    ).join(', ')}))::text where $1::uuid is not null`,
    values: () => [],
  },
  update: {
    text: `with c as (update contacts set job_title = $4, version = version + 1, updated_at = now()
      where tenant_id = $1 and id = $2 and version = $3 and deleted_at is null returning *)
      select ${written('updateContact')} from c`,
    values: ({ id, version, jobTitle }) => [id, version, jobTitle],
  },
  create: {
    text: `with c as (insert into contacts (tenant_id, id, first_name, last_name, job_title, created_at, updated_at)
        values ($1, uuidv7(), $2, $3, $4, now(), now()) returning *),
      e as (insert into email_addresses (tenant_id, id, entity_type, entity_id, type, email, email_domain, is_primary, position, created_at, updated_at)
        select $1, uuidv7(), 'CONTACT', c.id, 'WORK', $5, split_part($5, '@', 2), true, 1, now(), now() from c),
      p as (insert into phone_numbers (tenant_id, id, entity_type, entity_id, type, number, number_e164, is_primary, position, created_at, updated_at)
        select $1, uuidv7(), 'CONTACT', c.id, 'WORK', $6, replace($6, ' ', ''), true, 1, now(), now() from c)
      select ${written('createContact')} from c`,
    values: ({ firstName, lastName, jobTitle, email, phone }) => [firstName, lastName, jobTitle, email, phone],
  },
}
