import { expect, test } from '@jest/globals'
import { lazyGroups } from '../../src/lib/lazy-groups.js'

test('a group is made when a property of it is first read, once an object', () => {
  const made: string[] = []
  const things = lazyGroups<string>()(
    (name) => (made.push(`${name} a`), { a: `${name} a`, one: { name } }),
    (name) => (made.push(`${name} b`), { b: `${name} b` }),
  )
  const first = things.create('first')
  // What properties there are is learnt from the first one.
  expect(made.splice(0)).toEqual(['first a', 'first b'])
  const second = things.create('second')
  expect(things.madeOf(second)).toEqual([])
  expect([second.one, second.a, second.one === second.one]).toEqual([{ name: 'second' }, 'second a', true])
  expect(made.splice(0)).toEqual(['second a'])
  expect(things.madeOf(second)).toEqual([{ a: 'second a', one: { name: 'second' } }])
  expect([first.b, second.b]).toEqual(['first b', 'second b'])
  expect(made).toEqual(['first b', 'second b'])
})
