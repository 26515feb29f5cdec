import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { createUploadUpkeep } from '../../../src/features/import/import-file.service.js'
import { TEST_SECRET } from '../../support/api.js'
import { runCommandProcess } from '../../support/command-process.js'
import { openDesk, openTenant, type Desk } from '../../support/desk.js'
import { upload } from './import-desk.js'

let desk: Desk
let folder: string

beforeAll(async () => {
  desk = await openDesk()
  folder = mkdtempSync(join(tmpdir(), 'kith-import-'))
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await desk.close()
})

const [, section = ''] = /\n## Bring your data\n([\s\S]*?)\n## /.exec(readFileSync('README.md', 'utf8')) ?? []
const blockOf = (language: string): string =>
  new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(section)?.[1] ?? ''

test('what the README says of an import happens', async () => {
  const { admin } = await openTenant(desk, { slug: 'demo' })
  writeFileSync(join(folder, 'people.csv'), blockOf('csv'))
  writeFileSync(join(folder, 'map.json'), blockOf('json'))
  const inFolder = (word: string): string => (/\.(csv|json)$/.test(word) ? join(folder, word) : word)
  const commands = blockOf('sh')
    .trim()
    .split('\n')
    .map((line) => line.replace('npm run -s import -- ', '').split(' ').map(inFolder))
  const environment = { DATABASE_URL: desk.databaseUrl, KITH_SECRET: TEST_SECRET }
  const answers: unknown[] = []
  for (const command of commands) {
    const { stdout, code } = await runCommandProcess('import', command, environment)
    const { status, rows } = JSON.parse(stdout) as Record<string, unknown>
    const { contacts } = await desk.ask(admin, '{ contacts { totalCount } }')
    answers.push({ code, status, rows, contacts: (contacts as { totalCount: number }).totalCount })
  }
  const counts = { read: 3, created: 2, updated: 0, unchanged: 0, skipped: 0, failed: 1 }
  expect(answers).toEqual([
    { code: 2, status: 'SUCCEEDED', rows: counts, contacts: 0 },
    { code: 2, status: 'SUCCEEDED', rows: counts, contacts: 2 },
  ])
  expect(readFileSync(join(folder, 'errors.csv'), 'utf8')).toMatch(/\n103,Alan,.*,4,Email,BAD_USER_INPUT,.*\n$/)
}, 60_000)

test('uploads go when they have expired', async () => {
  const { tenant, admin } = await openTenant(desk)
  const fileId = await upload(desk, admin, 'A\n1\n')
  const left = () => desk.sql('select number from import_file_parts where tenant_id = $1', [tenant.settings.id])
  const at = async (days: number) => {
    const now = () => new Date(Date.now() + days * 86_400_000)
    const report = (error: Error): never => {
      throw error
    }
    await createUploadUpkeep({ database: desk.api.database, report, now, everySeconds: 0 }).tick()
    const { importFile } = await desk.ask(admin, `{ importFile(id: "${fileId}") { id } }`)
    return [importFile, await left()]
  }
  expect(await at(6)).toEqual([{ id: fileId }, [{ number: 0 }]])
  expect(await at(8)).toEqual([null, []])
})
