import { describe, expect, test } from '@jest/globals'
import { isFromThisMachine, type GuardedRequest } from '../../src/http/page-guard.js'

// All that needs no socket of its own is tested through the server: test/server/pages.test.ts.

const from = (remoteAddress: string | undefined): GuardedRequest => ({
  url: '/graphiql',
  headers: { host: 'localhost' },
  headersDistinct: { host: ['localhost'] },
  socket: { remoteAddress },
})

describe('the address of the socket', () => {
  test.each(['127.0.0.1', '127.255.255.254', '::1', '::ffff:127.0.0.1'])('%s is on this machine', (address) => {
    expect(isFromThisMachine(from(address))).toBe(true)
  })

  test.each([
    '10.0.0.1',
    '192.168.1.27',
    '172.17.0.1',
    '0.0.0.0',
    '128.0.0.1',
    '1.127.0.0',
    '::',
    '::2',
    '::10',
    '::ffff:10.0.0.1',
    'fe80::1',
    'fd00::127.0.0.1',
    '',
    undefined,
  ])('%s is not', (address) => {
    expect(isFromThisMachine(from(address))).toBe(false)
  })
})
