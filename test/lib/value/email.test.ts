import { expect, test } from '@jest/globals'
import { checkEmail } from '../../../src/lib/value/email.js'

const LABEL = 'x'.repeat(63)
const NO_DOMAIN = 'after the @ it needs a domain such as example.com.'
const BAD_LOCAL = "before the @ it needs letters, digits or any of !#$%&'*+/=?^_`{|}~-, with single dots between them."

test.each([
  ['maria.garcia@example.com', 'maria.garcia@example.com', 'maria.garcia@example.com', 'example.com'],
  ['  Maria.Garcia+CRM@Example.COM\n', 'Maria.Garcia+CRM@Example.COM', 'maria.garcia+crm@example.com', 'example.com'],
  ["o'brien@sub.example.co.uk", "o'brien@sub.example.co.uk", "o'brien@sub.example.co.uk", 'sub.example.co.uk'],
  ['!#$%&*+/=?^_`{|}~-@example.com', '!#$%&*+/=?^_`{|}~-@example.com', '!#$%&*+/=?^_`{|}~-@example.com', 'example.com'],
  ['Info@MÜNCHEN.de', 'Info@MÜNCHEN.de', 'info@xn--mnchen-3ya.de', 'xn--mnchen-3ya.de'],
  ['info@xn--mnchen-3ya.de', 'info@xn--mnchen-3ya.de', 'info@xn--mnchen-3ya.de', 'xn--mnchen-3ya.de'],
  ['山田@例え.jp', '山田@例え.jp', '山田@xn--r8jz45g.jp', 'xn--r8jz45g.jp'],
  ['Ame\u0301lie@example.fr', 'Am\u00e9lie@example.fr', 'am\u00e9lie@example.fr', 'example.fr'],
  ['1@2.co', '1@2.co', '1@2.co', '2.co'],
  [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`, 'example.com'],
])('%j', (value, email, key, domain) => {
  expect(checkEmail(value)).toEqual({ ok: true, value: { email, key, domain } })
})

test.each([
  ['', 'The e-mail address is empty.'],
  ['maria', '“maria” is not an e-mail address: it has no @.'],
  ['a@b', `“a@b” is not an e-mail address: ${NO_DOMAIN}`],
  ['a@localhost', `“a@localhost” is not an e-mail address: ${NO_DOMAIN}`],
  ['a@', `“a@” is not an e-mail address: ${NO_DOMAIN}`],
  ['@example.com', `“@example.com” is not an e-mail address: ${BAD_LOCAL}`],
  ['a@b@example.com', `“a@b@example.com” is not an e-mail address: ${BAD_LOCAL}`],
  ['.a@example.com', `“.a@example.com” is not an e-mail address: ${BAD_LOCAL}`],
  ['a.@example.com', `“a.@example.com” is not an e-mail address: ${BAD_LOCAL}`],
  ['a..b@example.com', `“a..b@example.com” is not an e-mail address: ${BAD_LOCAL}`],
  ['a b@example.com', `“a b@example.com” is not an e-mail address: ${BAD_LOCAL}`],
  ['"a b"@example.com', `“"a b"@example.com” is not an e-mail address: ${BAD_LOCAL}`],
  ['Ada <ada@example.com>', `“Ada <ada@example.com>” is not an e-mail address: ${BAD_LOCAL}`],
  ['a@example.com, b@example.com', `“a@example.com, b@example.com” is not an e-mail address: ${BAD_LOCAL}`],
  ['a@[192.168.0.1]', `“a@[192.168.0.1]” is not an e-mail address: ${NO_DOMAIN}`],
  ['a@192.168.0.1', `“a@192.168.0.1” is not an e-mail address: ${NO_DOMAIN}`],
  ['a@0x7f.1', `“a@0x7f.1” is not an e-mail address: ${NO_DOMAIN}`],
  ['a@ex%41mple.com', `“a@ex%41mple.com” is not an e-mail address: ${NO_DOMAIN}`],
  ['a@-example.com', `“a@-example.com” is not an e-mail address: ${NO_DOMAIN}`],
  ['a@example-.com', `“a@example-.com” is not an e-mail address: ${NO_DOMAIN}`],
  ['a@exa_mple.com', `“a@exa_mple.com” is not an e-mail address: ${NO_DOMAIN}`],
  ['a@example..com', `“a@example..com” is not an e-mail address: ${NO_DOMAIN}`],
  ['a@example.com.', `“a@example.com.” is not an e-mail address: ${NO_DOMAIN}`],
  ['a@example.c', `“a@example.c” is not an e-mail address: ${NO_DOMAIN}`],
  ['x@gmail.c0m', `“x@gmail.c0m” is not an e-mail address: ${NO_DOMAIN}`],
  ['a@example.123', `“a@example.123” is not an e-mail address: ${NO_DOMAIN}`],
  [`a@x${LABEL}.com`, `“a@${'x'.repeat(58)}…” is not an e-mail address: ${NO_DOMAIN}`],
  [`${'a'.repeat(65)}@b.co`, 'The e-mail address has 65 characters before the @; at most 64 are allowed.'],
  ['a\u0000@example.com', 'The e-mail address holds the control character U+0000 at position 2.'],
  [
    'a@example.com\nBcc: b@example.com',
    'The e-mail address holds a line break (U+000A), which a single line may not have, at position 14.',
  ],
])('refuses %j', (value, problem) => {
  expect(checkEmail(value)).toEqual({ ok: false, problem })
})

test('254 characters pass, 255 do not', () => {
  const domain = `${LABEL}.${LABEL}.${'x'.repeat(59)}.co`
  const longest = `${'a'.repeat(63)}@${domain}`
  expect(longest).toHaveLength(254)
  expect(checkEmail(longest)).toEqual({ ok: true, value: { email: longest, key: longest, domain } })
  expect(checkEmail(`a${longest}`)).toEqual({
    ok: false,
    problem: 'The e-mail address has 255 characters; at most 254 are allowed.',
  })
})
