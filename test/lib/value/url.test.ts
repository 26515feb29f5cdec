import { expect, test } from '@jest/globals'
import { checkUrl } from '../../../src/lib/value/url.js'

test.each([
  ['https://www.example.com', 'https://www.example.com'],
  ['https://www.example.com/', 'https://www.example.com/'],
  ['acme.com', 'https://acme.com'],
  ['  ACME.com  ', 'https://acme.com'],
  ['acme.com/', 'https://acme.com/'],
  ['acme.com:8080', 'https://acme.com:8080'],
  ['acme.com:8080/a?b=c#d', 'https://acme.com:8080/a?b=c#d'],
  ['//acme.com/a', 'https://acme.com/a'],
  ['https://a_b.acme.com', 'https://a_b.acme.com'],
  ['https://_a_.b_c.acme.co.uk/x', 'https://_a_.b_c.acme.co.uk/x'],
  ['https://acme.com.', 'https://acme.com'],
  ['acme.com.:8080/a', 'https://acme.com:8080/a'],
  ['https://acme.com/\u200b', 'https://acme.com/'],
  ['https://acme.xn--p1ai', 'https://acme.xn--p1ai'],
  ['HTTP://Acme.COM:80/Path', 'http://acme.com/Path'],
  ['https://acme.com?q=1', 'https://acme.com?q=1'],
  ['https://acme.com#top', 'https://acme.com#top'],
  ['https://acme.com/?q=a/b', 'https://acme.com/?q=a/b'],
  ['https://acme.com?q=a/b', 'https://acme.com?q=a/b'],
  ['https://acme.com/a/../b/./c', 'https://acme.com/b/c'],
  ['https://acme.com/..', 'https://acme.com/'],
  ['https://acme.com/über uns', 'https://acme.com/%C3%BCber%20uns'],
  ['https://münchen.de/', 'https://xn--mnchen-3ya.de/'],
  ['https://例え.jp/山', 'https://xn--r8jz45g.jp/%E5%B1%B1'],
  ['https://acme.com/%zz', 'https://acme.com/%zz'],
  ['https://acme.com/@ada', 'https://acme.com/@ada'],
  ['http://www.reed.senate.gov/rss/feed/?type=press&x=%20', 'http://www.reed.senate.gov/rss/feed/?type=press&x=%20'],
])('%j', (value, url) => {
  expect(checkUrl(value)).toEqual({ ok: true, value: url })
})

const SCHEME = 'is not a web address: it must begin with https:// or http://.'
const FORM = 'is not a web address such as https://example.com/page.'
const HOST = 'is not a web address: its host must be a domain name such as example.com.'

test.each([
  ['', 'The URL is empty.'],
  ['ftp://acme.com', `“ftp://acme.com” ${SCHEME}`],
  ['hhttps://acme.com', `“hhttps://acme.com” ${SCHEME}`],
  ['javascript:alert(1)', `“javascript:alert(1)” ${SCHEME}`],
  ['JavaScript://acme.com/%0aalert(1)', `“JavaScript://acme.com/%0aalert(1)” ${SCHEME}`],
  ['data:text/html,x', `“data:text/html,x” ${SCHEME}`],
  ['mailto:ada@acme.com', `“mailto:ada@acme.com” ${SCHEME}`],
  ['file:///etc/passwd', `“file:///etc/passwd” ${SCHEME}`],
  ['http:acme.com', `“http:acme.com” ${SCHEME}`],
  ['https://', `“https://” ${FORM}`],
  ['https://acme.com:99999', `“https://acme.com:99999” ${FORM}`],
  ['see our site acme.com', `“see our site acme.com” ${FORM}`],
  ['n/a', `“n/a” ${HOST}`],
  ['localhost:4000', `“localhost:4000” ${HOST}`],
  ['https://localhost/', `“https://localhost/” ${HOST}`],
  ['http://192.168.0.1/', `“http://192.168.0.1/” ${HOST}`],
  ['http://2130706433', `“http://2130706433” ${HOST}`],
  ['http://0x7f.1/', `“http://0x7f.1/” ${HOST}`],
  ['http://[::1]/', `“http://[::1]/” ${HOST}`],
  ['12.5', `“12.5” ${HOST}`],
  ['https://acme.c0m', `“https://acme.c0m” ${HOST}`],
  ['https://a_b.com', `“https://a_b.com” ${HOST}`],
  ['https://user:secret@acme.com', 'The URL may not hold a user name or a password.'],
  ['https://user@acme.com', 'The URL may not hold a user name or a password.'],
  ['ada@acme.com', 'The URL may not hold a user name or a password.'],
  ['https://acme.com/\u0000', 'The URL holds the control character U+0000 at position 18.'],
  [
    'https://acme.com/\ud800',
    'The URL holds half of a surrogate pair (U+D800), which is no character, at position 18.',
  ],
])('refuses %j', (value, problem) => {
  expect(checkUrl(value)).toEqual({ ok: false, problem })
})

test('2,048 characters pass; one more does not, nor what is longer once encoded', () => {
  const longest = `https://acme.com/${'x'.repeat(2031)}`
  expect(checkUrl(longest)).toEqual({ ok: true, value: longest })
  expect(checkUrl(`${longest}x`)).toEqual({
    ok: false,
    problem: 'The URL has 2,049 characters; at most 2,048 are allowed.',
  })
  expect(checkUrl(`https://acme.com/${'山'.repeat(226)}`)).toEqual({
    ok: false,
    problem: 'The URL has 2,051 characters once encoded; at most 2,048 are allowed.',
  })
})

test('an international domain is still read when the check has run ten thousand times', () => {
  const refused = Array.from({ length: 10_000 }, () => checkUrl('https://münchen.de/')).filter(({ ok }) => !ok)
  expect(refused).toEqual([])
})
