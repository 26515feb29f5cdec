import { afterAll, beforeAll, test } from '@jest/globals'
import { cloneDatabase, type ClonedDatabase } from '../setup/database.js'
import { TEST_SECRET } from '../support/api.js'
import { invalid, openCommands, said, START, type Commands } from '../support/commands.js'

const TOKEN = 'tools/command.mjs token'
const TENANT = 'tools/command.mjs tenant'
const EXPORT = 'tools/command.mjs export --tenant acme --type CONTACT'
const ABSENT = 'postgresql://kith@127.0.0.1:1/kith'
const SPELLING = 'An @ or # in the password is written %40 or %23.'

let clone: ClonedDatabase
let commands: Commands

beforeAll(async () => {
  clone = await cloneDatabase()
  commands = await openCommands()
}, 400_000)

afterAll(async () => {
  await clone.drop()
  commands.remove()
})

test('a DATABASE_URL that leads nowhere is named, with what to look at', () => {
  const changed = (changes: Partial<URL>): string => Object.assign(new URL(clone.databaseUrl), changes).href
  const user = decodeURIComponent(new URL(clone.databaseUrl).username)
  const urls = [
    [ABSENT, 'connect ECONNREFUSED 127.0.0.1:1. Look at its host and port, and whether the server runs.'],
    // Here a part of the password would be said to be the host.
    ['postgresql://kith:se@cret#1@127.0.0.1:1/kith', `its host is not known. Look at its host. ${SPELLING}`],
    [
      changed({ password: 'wrong' }),
      `password authentication failed for user "${user}". Look at its user and password. ${SPELLING}`,
    ],
    [
      changed({ pathname: '/nodb' }),
      'database "nodb" does not exist. Look at the name of the database, or make it: ADMIN_DATABASE_URL=postgresql://… npm run db:provision',
    ],
  ] as const
  return commands.expectAll(
    [START, TOKEN].flatMap((command) =>
      urls.map(([url, message]) => ({
        command: command === TOKEN ? `${TOKEN} --tenant acme` : command,
        env: { DATABASE_URL: url, KITH_SECRET: TEST_SECRET },
        code: 1,
        stderr: said(command, `DATABASE_URL: ${message}`),
      })),
    ),
  )
}, 60_000)

test('a HOST that is not of this machine is named', () =>
  commands.expectAll([
    {
      command: START,
      env: { HOST: '192.0.2.1', KITH_SECRET: TEST_SECRET },
      code: 1,
      stderr: invalid(
        START,
        'HOST: listen EADDRNOTAVAIL: address not available 192.0.2.1:4000; it must be an address of this machine, as 127.0.0.1, or 0.0.0.0 for all of them',
      ),
    },
  ]))

test("a KITH_DATA_DIR that can't be made is named", () =>
  commands.expectAll(
    [START, TENANT].map((command) => ({
      command: command === TENANT ? `${TENANT} --slug acme --name Acme --admin-email ann@acme.example` : command,
      env: { KITH_DATA_DIR: '/etc/passwd' },
      code: 1,
      stderr: said(
        command,
        "KITH_DATA_DIR is /etc/passwd, and that folder can't be made (EEXIST: file already exists, mkdir '/etc/passwd'). Let it name a folder that you may write to.",
      ),
    })),
  ))

test('an --out where no file can be is refused before anything is read', () =>
  commands.expectAll(
    [
      ['/nope/x.csv', 'there is no folder /nope; make it, or name another one.'],
      [commands.folder, `${commands.folder} is a folder; name a file in it.`],
    ].map(([out, message]) => ({
      command: `${EXPORT} --out ${out}`,
      env: { DATABASE_URL: ABSENT, KITH_SECRET: TEST_SECRET },
      code: 1,
      stderr: `--out: ${message}\n`,
    })),
  ))
