import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { parse } from 'csv-parse/sync'
import pg from 'pg'
import { startHttpServer, type HttpServer } from '../support/http-server.js'
import { importsOver } from '../support/import-over-http.js'

const MIB = 2 ** 20
const NONE = { read: 0, created: 0, updated: 0, unchanged: 0, skipped: 0, failed: 0 }

let server: HttpServer
let client: pg.Client
let imports: ReturnType<typeof importsOver>

beforeAll(async () => {
  server = await startHttpServer({ worker: 'on', uploadLimitBytes: 20 * MIB })
  client = new pg.Client({ connectionString: server.clone.adminUrl })
  await client.connect()
  imports = importsOver(server)
})
afterAll(async () => {
  await client.end()
  await server.close()
})

type Content = string | Uint8Array<ArrayBuffer>

/** What is stored of contacts: names with their addresses, and how many rows of anything else that imports write. */
async function stored() {
  const { rows: people } = await client.query<{ person: string }>(
    `select concat_ws(' ', c.last_name, string_agg(e.email, ' ' order by e.position)) as person
      from contacts c left join email_addresses e on e.tenant_id = c.tenant_id and e.entity_id = c.id group by c.id, c.last_name`,
  )
  const { rows: others } = await client.query(
    'select (select count(*)::int from email_addresses) as emails, (select count(*)::int from jobs) as jobs',
  )
  return { people: people.map(({ person }) => person).sort(), others: others[0] as { emails: number; jobs: number } }
}

/** Uploads a file and begins its import. */
async function start(content: Content, file: object, more: object = {}) {
  const { status, body } = await imports.upload(content)
  expect(status).toBe(201)
  const mapping = [
    { column: 'Name', key: 'lastName' },
    { column: 'E-mail', key: 'emailAddresses.1.email' },
  ]
  const input = { fileId: body['id'], type: 'CONTACT', mapping, file, ...more }
  return { fileId: body['id'], ...(await imports.start(input)) }
}

const windows1252 = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'))
const manyColumns = Array.from({ length: 100_001 }, (_, index) => `c${index}`).join()

// What can't be read as a whole: the message, and nothing is begun.
test.each<[name: string, content: Content, message: string | RegExp]>([
  ['two columns of one name', 'Name,E-mail,Name\na,b,c\n', /^Several columns in the header \(line 1\) are called “Name”/],
  ['100,001 columns', `${manyColumns}\n1\n`, /^There are 100,001 columns in the header \(line 1\); at most 1,000 are read/],
  ['a header in line 2', 'Report of May\nName,E-mail\nA,a@example.com\n', /which line the header is \(headerRow: 2/],
  ['a quote in the header that is never closed', 'Name,"E-mail\nA,a@example.com\n', /^Quotes in the header \(line 1\) are wrong/],
  ['a ZIP that is called .csv', windows1252('PK\x03\x04\x14\0\0\0'), /^The file is a ZIP archive or an Excel workbook \(\.xlsx\), whatever its name/],
  ['a ZIP within gzip', new Uint8Array(gzipSync('PK\x03\x04\x14\0\0\0')), /^The file is a ZIP archive/],
  ['a bomb', new Uint8Array(gzipSync(`Name,E-mail\n${'0'.repeat(17 * MIB)}`)), 'The gzip file unpacks to more than 200 times its size and was given up: send it unpacked.'],
  ['noise', new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8, 9, 255]), 'The file is no text: send CSV, NDJSON or vCard.'],
  ['nothing', '', 'The file is empty.'],
])('%s: the file is refused, and nothing begins', async (_, content, expected) => {
  const before = await stored()
  const { job, userErrors, fileId } = await start(content, {})
  const message = typeof expected === 'string' ? expected : expect.stringMatching(expected)
  const refused = [{ code: 'BAD_USER_INPUT', message, field: ['fileId'] }]
  expect({ job, userErrors }).toEqual({ job: null, userErrors: refused })
  const preview = `query ($input: ImportPreviewInput!) { importPreview(input: $input) { preview { format } userErrors { code message field } } }`
  const { body } = await server.ask(preview, { input: { fileId, type: 'CONTACT' } }, 'MEMBER')
  expect(body).toMatchObject({ data: { importPreview: { preview: null, userErrors: refused } } })
  expect(await stored()).toEqual(before)
}) // prettier-ignore

interface Case {
  readonly content: Content
  readonly file?: object
  readonly counts: Partial<typeof NONE>
  /** line, columns and codes of each refused row */
  readonly failures?: readonly (readonly [line: number, column: string | null, code: string])[]
  /** what is stored; lists of thousands are only counted */
  readonly people: readonly string[] | number
}

const HEADER = 'Name,E-mail'
const lines = (...rows: string[]) => [HEADER, ...rows, ''].join('\n')
const tenThousand = Array.from({ length: 10_000 }, (_, index) => (index === 6_665 ? 'ragged' : `N${index},`))

const CASES: Readonly<Record<string, Case>> = {
  'a quote that is never closed': {
    content: lines('A,"a1@example.com', 'B,b1@example.com', 'C,c1@example.com'),
    counts: { read: 3, created: 2, failed: 1 },
    failures: [[2, 'E-mail', 'UNCLOSED_QUOTE']],
    people: ['B b1@example.com', 'C c1@example.com'],
  },
  'a cell of 10 MB': {
    content: lines(`"${'some text\n'.repeat(MIB)}",a2@example.com`, 'B,b2@example.com'),
    counts: { read: 2, created: 1, failed: 1 },
    failures: [[2, 'Name', 'ROW_TOO_LARGE']],
    people: ['B b2@example.com'],
  },
  'a header in line 2, which is said': {
    content: `Report of May\n${lines('A,a3@example.com', 'B')}`,
    file: { headerRow: 2 },
    counts: { read: 2, created: 1, failed: 1 },
    failures: [[4, null, 'RAGGED_ROW']],
    people: ['A a3@example.com'],
  },
  'ragged rows': {
    content: lines('A', 'B,b4@example.com,more', 'C,c4@example.com,', 'D,d4@example.com'),
    counts: { read: 4, created: 2, failed: 2 },
    failures: [
      [2, null, 'RAGGED_ROW'],
      [3, null, 'RAGGED_ROW'],
    ],
    people: ['C c4@example.com', 'D d4@example.com'],
  },
  'lines that end with CR alone': {
    content: lines('A,a5@example.com', 'B,bad', 'C,c5@example.com').replaceAll('\n', '\r'),
    counts: { read: 3, created: 2, failed: 1 },
    failures: [[3, 'E-mail', 'BAD_USER_INPUT']],
    people: ['A a5@example.com', 'C c5@example.com'],
  },
  'bytes 0x80 to 0x9F': {
    content: windows1252(
      lines('\x93A\x94 \x80 \x9f,a6@example.com', 'M\xfcller,b6@example.com', '\x81,c6@example.com'),
    ),
    counts: { read: 3, created: 2, failed: 1 },
    failures: [[4, 'Name', 'INVALID_ENCODING']],
    people: ['Müller b6@example.com', '“A” € Ÿ a6@example.com'],
  },
  'bytes 0x80 to 0x9F that are said to be ISO-8859-1': {
    content: windows1252(lines('\x93A\x94,a7@example.com', 'M\xfcller,b7@example.com')),
    file: { encoding: 'ISO_8859_1' },
    counts: { read: 2, created: 1, failed: 1 },
    failures: [[2, 'Name', 'BAD_USER_INPUT']],
    people: ['Müller b7@example.com'],
  },
  'an encoding that is not that of the file': {
    content: windows1252(lines('M\xfcller,a8@example.com', 'B,b8@example.com')),
    file: { encoding: 'UTF_8' },
    counts: { read: 2, created: 1, failed: 1 },
    failures: [[2, 'Name', 'INVALID_ENCODING']],
    people: ['B b8@example.com'],
  },
  'UTF-16': {
    content: new Uint8Array(Buffer.from(`\ufeff${lines('Ünal,a9@example.com', 'B,bad')}`, 'utf16le')),
    counts: { read: 2, created: 1, failed: 1 },
    failures: [[3, 'E-mail', 'BAD_USER_INPUT']],
    people: ['Ünal a9@example.com'],
  },
  'NUL characters': {
    content: lines('A\0,a10@example.com', 'B,b10@example.com'),
    counts: { read: 2, created: 1, failed: 1 },
    failures: [[2, 'Name', 'NUL_CHARACTER']],
    people: ['B b10@example.com'],
  },
  'two rows for one e-mail address': {
    content: lines(
      'A,a11@example.com',
      'B,A11@Example.com',
      'B,a11@example.com',
      'B,a11@example.com',
      'C,c11@example.com',
    ),
    counts: { read: 5, created: 2, updated: 2, unchanged: 1 },
    people: ['B a11@example.com', 'C c11@example.com'],
  },
  'one bad row in 10,000': {
    content: lines(...tenThousand),
    counts: { read: 10_000, created: 9_999, failed: 1 },
    failures: [[6_667, null, 'RAGGED_ROW']],
    people: 9_999,
  },
}

test.each(Object.entries(CASES))('%s: each row is in the books', async (_, { content, file = {}, ...expected }) => {
  const { counts, failures = [], people } = expected
  const before = await stored()
  const { job } = await start(content, file)
  if (!job) throw new Error('refused')
  const { status, error, rows, import: about } = await imports.finished(job.id)
  expect({ status, error, rows }).toEqual({ status: 'SUCCEEDED', error: null, rows: { ...NONE, ...counts } })
  const { read, ...others } = { ...NONE, ...rows }
  expect(Object.values(others).reduce((sum, count) => sum + count)).toBe(read)
  expect(about.failures.map(({ line, errors }) => errors.map(({ column, code }) => [line, column, code]))).toEqual(
    failures.map((failure) => [failure]),
  )
  const after = await stored()
  const known = new Set(before.people)
  const added = after.people.filter((person) => !known.has(person))
  expect(typeof people === 'number' ? added.length : added).toEqual(people)
  expect(after.people.length).toBe(before.people.length + added.length)
  expect(after.others.emails - before.others.emails).toBe(typeof people === 'number' ? 0 : people.length)
  if (failures.length === 0) return expect(about.errorFile).toBeNull()
  const told = parse<Record<string, string>>((await imports.errorsOf(job.id)).text, { bom: true, columns: true })
  expect(
    told.map((row) => [row['error.row'], row['error.column'], row['error.code'], row['error.message']]),
  ).toEqual(
    about.failures.map(({ line, errors: [first] }) => [
      String(line), first?.column ?? '', first?.code, first?.message,
    ]),
  )
  expect(Object.keys(told[0] ?? {}).slice(0, 2)).toEqual(['Name', 'E-mail'])
}) // prettier-ignore

test('a bomb behind good rows ends its import with what was read before, and the books balance', async () => {
  const good = Array.from({ length: 600 }, (_, index) => `G${index},"${'y'.repeat(3_000)}"`)
  const before = await stored()
  const text = `Name,Note\n${good.join('\n')}\n${'0'.repeat(17 * MIB)}`
  const mapping = [{ column: 'Name', key: 'lastName' }]
  const { job } = await start(new Uint8Array(gzipSync(text)), {}, { mapping })
  if (!job) throw new Error('refused')
  const { status, error, rows } = await imports.finished(job.id)
  expect({ status, code: error?.code, message: error?.message }).toEqual({
    status: 'FAILED',
    code: 'BAD_USER_INPUT',
    message: 'The gzip file unpacks to more than 200 times its size and was given up: send it unpacked.',
  })
  const { people } = await stored()
  expect(people.length - before.people.length).toBe(rows['created'])
  expect(rows).toEqual({ ...NONE, read: rows['read'], created: rows['read'] })
})
