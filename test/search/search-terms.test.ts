import { describe, expect, test } from '@jest/globals'
import { parseSearch, type SearchTerm } from '../../src/search/terms.js'

const word = (text: string): SearchTerm => ({ kind: 'word', text, isShort: false })
const short = (text: string): SearchTerm => ({ kind: 'word', text, isShort: true })
const phone = (number: string, digits = number, words: SearchTerm[] = []) => ({ kind: 'phone', number, digits, words })
const email = (local: string, domain: string, asciiDomain = domain) => ({ kind: 'email', local, domain, asciiDomain })
const domain = (asciiDomain: string, ...words: SearchTerm[]) => ({ kind: 'domain', asciiDomain, words })

describe('the words of a search', () => {
  const cases: [string, string, SearchTerm[]][] = [
    ['nothing', '', []],
    ['white space of all kinds', ' \t\n\u00a0\u3000\ufeff', []],
    ['punctuation alone', '%%% _ \\ \' " - !?. @ @@ ()', []],
    ['pictures', '🙂 ❤️', []],
    ['several, in their order', ' smith\u3000john ', [word('smith'), word('john')]],
    [
      'punctuation within',
      "o'brien anna-marie a_b%c\\d",
      [short('o'), word('brien'), word('anna'), word('marie'), short('a'), short('b'), short('c'), short('d')],
    ],
    ['each once, whatever its case', 'Smith smith SMITH', [word('SMITH')]],
    ['composed', 'Jose\u0301', [word('José')]],
    ['two letters with accents', 'éà', [short('éà')]],
    ['a ligature, which is two letters, and one more', 'ﬁn', [word('ﬁn')]],
    ['one Chinese character, two, three', '横 横山 横山太', [short('横'), short('横山'), word('横山太')]],
    ['Korean ones', '김 민수 김민수', [short('김'), short('민수'), word('김민수')]],
    ['half-width ones', 'ﾀﾞﾅ ﾀﾞﾅﾊ', [short('ﾀﾞﾅ'), word('ﾀﾞﾅﾊ')]],
    ['signs of India, which are letters of their own', 'अनु', [word('अनु')]],
    ['fewer than four digits', '007 54', [word('007'), short('54')]],
    ['four digits that are zeros', '0000 0042', [word('0000'), word('0042')]],
    ['digits among letters', 'anna1984 r2d2', [word('anna1984'), word('r2d2')]],
    ['control characters, which part words', 'a\0bcd\u0007efg', [short('a'), word('bcd'), word('efg')]],
    ['half of a surrogate pair', 'abc\ud800def', [word('abc'), word('def')]],
    ['ten at most', 'a b c d e f g h i j k l', [...'abcdefghij'].map(short)],
  ]

  test.each(cases)('%s: %j', (_, text, terms) => {
    expect(parseSearch(text, 'US')).toEqual(terms)
  })

  test('are read of 500 characters', () => {
    expect(parseSearch(`${'🙂'.repeat(495)} abcdefgh`, 'US')).toEqual([word('abcd')])
    expect(parseSearch('\u0301'.repeat(2_000_000), 'US')).toEqual([])
  })
})

describe('e-mail addresses and domains', () => {
  const cases: [string, string, object[]][] = [
    ['a whole address', 'Anna.Schmidt@Example.com', [email('Anna.Schmidt', 'Example.com', 'example.com')]],
    ['what stands before the @', 'anna@', [email('anna', '')]],
    ['what stands behind it', '@example.com', [email('', 'example.com')]],
    ['the beginning of a domain', 'anna@exam', [email('anna', 'exam')]],
    ['an international domain', 'anna@müller.de', [email('anna', 'müller.de', 'xn--mller-kva.de')]],
    ['wildcards', 'a_%@b_%.com', [email('a_%', 'b_%.com')]],
    ['an address from a letter head', 'Anna <anna@example.com>,', [word('Anna'), email('anna', 'example.com')]],
    ['a link', 'mailto:anna@example.com', [email('anna', 'example.com')]],
    ['two @, which make words', 'anna@bert@example', [word('anna'), word('bert'), word('example')]],
    ['a domain', 'example.com', [domain('example.com', word('example'), word('com'))]],
    ['a domain that may be a name', 'Anna.Schmidt', [domain('anna.schmidt', word('Anna'), word('Schmidt'))]],
    [
      'a web address',
      'https://www.acme-tools.co.uk/about',
      [domain('acme-tools.co.uk', word('www'), word('acme'), word('tools'), short('co'), short('uk'))],
    ],
    ['an international one', 'müller.de', [domain('xn--mller-kva.de', word('müller'), short('de'))]],
    ['initials', 'J.R.R. Smith', [short('J'), short('R'), word('Smith')]],
    ['two things that a slash parts', 'Meier/St.Gallen', [word('Meier'), short('St'), word('Gallen')]],
  ]

  test.each(cases)('%s: %j', (_, text, terms) => {
    expect(parseSearch(text, 'US')).toEqual(terms)
  })
})

describe('phone numbers', () => {
  const us = [
    '(202) 224-3441',
    '202.224.3441',
    '202 224 3441',
    '202/224-3441',
    '(202)224‑3441',
    '２０２２２４３４４１',
    '٢٠٢ ٢٢٤ ٣٤٤١',
  ]

  test.each(us)('of the own country: %s', (text) => {
    expect(parseSearch(text, 'US')).toMatchObject([phone('12022243441', '2022243441', expect.any(Array) as never)])
  })

  const abroad = [
    '+1 202 224 3441',
    '+12022243441',
    '+1 (202) 224-3441',
    '\u202a+1 202 224 3441\u202c',
    'tel:+1-202-224-3441',
  ]

  test.each(abroad)('with their country code: %s', (text) => {
    for (const country of ['US', 'DE', null]) {
      expect(parseSearch(text, country)).toMatchObject([
        { kind: 'phone', number: '12022243441', digits: '12022243441' },
      ])
    }
  })

  const cases: [string, string, string | null, object[]][] = [
    ['the last digits', '3441', 'US', [phone('3441')]],
    ['a part of one', '224 3441', 'US', [phone('2243441', '2243441', [word('224'), word('3441')])]],
    [
      'a zero for calls within the country',
      '030 901820',
      'DE',
      [phone('4930901820', '30901820', [word('030'), word('901820')])],
    ],
    [
      'the same where the country is unknown',
      '030 901820',
      null,
      [phone('30901820', '30901820', [word('030'), word('901820')])],
    ],
    [
      'a zero in brackets',
      '+49 (0)30 901820',
      'US',
      [phone('4930901820', '4930901820', [short('49'), short('0'), short('30'), word('901820')])],
    ],
    [
      'zeros for calls abroad',
      '0049 30 901820',
      null,
      [phone('4930901820', '4930901820', [word('0049'), short('30'), word('901820')])],
    ],
    [
      'a trunk prefix that is no zero',
      '8 (495) 123-45-67',
      'RU',
      [phone('74951234567', '74951234567', [short('8'), word('495'), word('123'), short('45'), short('67')])],
    ],
    [
      'an extension',
      '202 224 3441 ext. 12',
      'US',
      [phone('12022243441', '12022243441', [word('202'), word('224'), word('3441'), word('ext'), short('12')])],
    ],
    [
      'a name beside',
      'Anna 202 224 3441 Smith',
      'US',
      [word('Anna'), phone('12022243441', '2022243441', [word('202'), word('224'), word('3441')]), word('Smith')],
    ],
    ['a dash before', 'Anna - 2243441', 'US', [word('Anna'), phone('2243441')]],
    ['more digits than a number has', '1234567890123456', 'US', [word('1234567890123456')]],
  ]

  test.each(cases)('%s: %s', (_, text, country, terms) => {
    expect(parseSearch(text, country)).toEqual(terms)
  })
})
