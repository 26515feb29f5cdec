import { expect, test } from '@jest/globals'
import pg from 'pg'
import { scramVerifier } from '../../../src/database/admin/scram.js'
import { runAsAdmin, testRun } from '../../setup/test-run.js'
import { queryOnce } from '../../support/embedded-process.js'

test('a verifier has the form that PostgreSQL stores, salted anew each time, without the password', () => {
  const [first, second] = [scramVerifier('secret'), scramVerifier('secret')]
  expect(first).toMatch(/^SCRAM-SHA-256\$4096:[\w+/]{22}==\$[\w+/]{43}=:[\w+/]{43}=$/)
  expect(first).not.toBe(second)
})

test('PostgreSQL takes it in place of the password', async () => {
  const { adminUrl, id } = testRun()
  const name = `kith_test_${id}_scram`
  await runAsAdmin(adminUrl, `CREATE ROLE ${name} LOGIN PASSWORD ${pg.escapeLiteral(scramVerifier('pass word'))}`)
  const url = Object.assign(new URL(adminUrl), { username: name, password: 'pass word' }).href
  expect(await queryOnce(url, 'select current_user::text as role')).toEqual([{ role: name }])
  const wrong = Object.assign(new URL(url), { password: 'password' }).href
  await expect(queryOnce(wrong, 'select 1')).rejects.toMatchObject({ code: '28P01' })
  await runAsAdmin(adminUrl, `DROP ROLE ${name}`)
})
