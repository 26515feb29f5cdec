import { expect, test } from '@jest/globals'
import { checkDomain, toAsciiDomain } from '../../../src/lib/value/domain.js'

const LABEL = 'x'.repeat(63)
const LONGEST = `${LABEL}.${LABEL}.${LABEL}.${'x'.repeat(58)}.co`

test.each([
  ['Acme.com', 'acme.com'],
  ['https://www.acme.com/x', 'acme.com'],
  ['HTTP://WWW.Acme.com:8080/x?y#z', 'acme.com'],
  ['//acme.com', 'acme.com'],
  ['acme.com?x', 'acme.com'],
  ['acme.com.', 'acme.com'],
  [' www.acme.co.uk ', 'acme.co.uk'],
  ['www.www.acme.com', 'acme.com'],
  ['www.com', 'www.com'],
  ['www2.acme.com', 'www2.acme.com'],
  ['mail.acme.com', 'mail.acme.com'],
  ['münchen.de', 'xn--mnchen-3ya.de'],
  ['XN--MNCHEN-3YA.DE', 'xn--mnchen-3ya.de'],
  ['faß.de', 'xn--fa-hia.de'],
  ['例え。jp', 'xn--r8jz45g.jp'],
  ['президент.рф', 'xn--d1abbgf6aiiy.xn--p1ai'],
  ['3m.com', '3m.com'],
  ['a-b--c.travel', 'a-b--c.travel'],
  [LONGEST, LONGEST],
])('%j', (value, domain) => {
  expect(checkDomain(value)).toEqual({ ok: true, value: domain })
})

test.each([
  'acme',
  'localhost',
  'ada@acme.com',
  'ftp://acme.com',
  'acme .com',
  '-acme.com',
  'acme-.com',
  'ac_me.com',
  'acme..com',
  '.acme.com',
  'acme.c',
  '192.168.0.1',
  '１.２.３.４',
  '0x7f.1',
  '[::1]',
  'acme.123',
  'acme.c0m',
  'ex%41mple.com',
  'xn--a.com',
  '℀.com',
  '*.acme.com',
  'https://',
  'n/a',
])('refuses %j', (value) => {
  expect(checkDomain(value)).toEqual({
    ok: false,
    problem: `“${value}” is not a domain: write it as acme.com, with letters, digits and hyphens between the dots, at most 63 characters each and 253 in all.`,
  })
})

test('lengths', () => {
  expect(LONGEST).toHaveLength(253)
  expect([`x${LONGEST}`, `x.${LONGEST.slice(1)}`, `x${LABEL}.com`].map(toAsciiDomain)).toEqual([null, null, null])
  expect(checkDomain('')).toEqual({ ok: false, problem: 'The domain is empty.' })
  expect(checkDomain('x'.repeat(2049))).toEqual({
    ok: false,
    problem: 'The domain has 2,049 characters; at most 2,048 are allowed.',
  })
})
