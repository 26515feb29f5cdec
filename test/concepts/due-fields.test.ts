import { expect, test } from '@jest/globals'
import { createDueFields } from '../../src/concepts/due-fields.js'

function open() {
  const clock = { nowMs: 0 }
  return { clock, due: createDueFields(() => clock.nowMs) }
}

test('that there are none is known for a second from before they were read, of that tenant and type alone', () => {
  const { clock, due } = open()
  expect(due.hasNone('a', 'CONTACT')).toBe(false)
  const tell = due.watch('a', 'CONTACT')
  clock.nowMs = 400
  tell(true)
  expect([due.hasNone('a', 'CONTACT'), due.hasNone('a', 'COMPANY'), due.hasNone('b', 'CONTACT')]).toEqual([
    true,
    false,
    false,
  ])
  clock.nowMs = 999
  expect(due.hasNone('a', 'CONTACT')).toBe(true)
  clock.nowMs = 1000
  expect(due.hasNone('a', 'CONTACT')).toBe(false)
})

test('that there are some is asked again', () => {
  const { due } = open()
  due.watch('a', 'CONTACT')(false)
  expect(due.hasNone('a', 'CONTACT')).toBe(false)
})

test('what was being read when fields changed is not believed', () => {
  const { due } = open()
  const tell = due.watch('a', 'CONTACT')
  due.forget('a')
  tell(true)
  expect(due.hasNone('a', 'CONTACT')).toBe(false)
})

test('1,000 tenants are known at most', () => {
  const { due } = open()
  for (let tenant = 0; tenant <= 1000; tenant++) due.watch(`t${tenant}`, 'CONTACT')(true)
  expect([due.hasNone('t0', 'CONTACT'), due.hasNone('t1', 'CONTACT'), due.hasNone('t1000', 'CONTACT')]).toEqual([
    false,
    true,
    true,
  ])
})
