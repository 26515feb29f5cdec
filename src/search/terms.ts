import { parseDigits } from 'libphonenumber-js/max'
import { checkDomain, toAsciiDomain } from '../lib/value/domain.js'
import { removeInvisible } from '../lib/value/invisible.js'
import { checkPhone } from '../lib/value/phone.js'

/** A part of a search: a record is found where all of them are, each anywhere. */
export type SearchTerm = WordTerm | PhoneTerm | EmailTerm | DomainTerm

/** Letters and digits, as they were given; the database folds them. */
export interface WordTerm {
  readonly kind: 'word'
  readonly text: string
  /** one or two characters: looked for where words start, because a trigram index finds nothing so short elsewhere */
  readonly isShort: boolean
}

/** A phone number, or the end of one, or some digits out of it. */
export interface PhoneTerm {
  readonly kind: 'phone'
  /** digits of the whole number: of its E.164 form where that is known, else as given without leading zeros */
  readonly number: string
  /** digits as given without leading zeros: the last ones of `number` */
  readonly digits: string
  /** the same digits as words, as in the name `Studio 54 1999`; empty where that says no more */
  readonly words: readonly WordTerm[]
}

/** `x@y`, `x@` or `@y`; what is missing is empty, and the domain may be its start alone. */
export interface EmailTerm {
  readonly kind: 'email'
  readonly local: string
  /** as given */
  readonly domain: string
  /** in ASCII, as it is stored, where it is whole; else as given */
  readonly asciiDomain: string
}

/** A domain, which may be a name with a dot just as well: `anna.schmidt`. */
export interface DomainTerm {
  readonly kind: 'domain'
  readonly asciiDomain: string
  readonly words: readonly WordTerm[]
}

/** How much of a search is read: what lies behind is left out. */
const MAX_CODE_POINTS = 500
const MAX_TERMS = 10
const MIN_PHONE_DIGITS = 4
/** The longest number of E.164. */
const MAX_PHONE_DIGITS = 15
/** A trigram index finds three characters anywhere in a word, fewer at its start alone. */
const MIN_PART_LENGTH = 3
const PHONE_CHARACTERS = /^[\p{Nd}()+\-./\u2010-\u2015\u2212]+$/u
// Controls of direction, which address books put around what is copied.
const DIRECTION = /[\u202A-\u202E\u2066-\u2069]/gu
const DIGIT = /\p{Nd}/u
const NO_TEXT = /[\p{Cc}\p{Cs}]/gu
const WRAPPING = /^[<("'[{,;:]+|[>)"'\]},;:.!?]+$/g
const ASCII_PUNCTUATION = /[\0-/:-@[-`{-\x7f]+/

/**
 * The terms of a search, ten at most, none twice, in the order given. Empty where nothing can be looked for: white
 * space and punctuation alone. `country` is the one whose phone numbers need no country code; here it is `US`.
 *
 *   given                   terms                                           because
 *   `anna o'brien`          word `anna`, short word `o`, word `brien`       punctuation parts words, as a space does
 *   `007`                   word `007`                                      fewer than four digits are no number
 *   `(202) 224-3441`        phone 12022243441, or words 202, 224, 3441      four to fifteen digits, in any usual writing
 *   `Anna 224 3441`         word `Anna`, phone 2243441, or words 224, 3441  neighbours of digits are one number
 *   `Anna <anna@a.com>,`    word `Anna`, e-mail `anna` at `a.com`           an `@`; brackets and commas around it go
 *   `@a.com`                e-mail at `a.com`                               what stands before the `@` may be anything
 *   `anna@`                 e-mail of `anna`                                and what stands behind it
 *   `https://www.a.com/b`   domain `a.com`, or words www, a, com            a dot; of a web address the host alone
 *   `Anna.Schmidt`          domain `anna.schmidt`, or words Anna, Schmidt   it may be either
 *   `a@b@c`                 short words a, b, c                             two `@` are no address
 *   `%_!?`                  –                                               punctuation alone
 */
export function parseSearch(text: string, country: string | null): SearchTerm[] {
  const read = [...text].slice(0, MAX_CODE_POINTS).join('').replace(NO_TEXT, ' ').replace(DIRECTION, '')
  const plain = removeInvisible(read).normalize('NFC')
  // Without a digit it is no number, which the check takes a tenth of a millisecond to say.
  const number = checkPhone(DIGIT.test(plain) ? plain : '', country)
  // As a whole it may have an extension, which has letters: `202 224 3441 ext. 12`.
  if (number.ok && digitsOf(plain).length >= MIN_PHONE_DIGITS) return [phoneTerm(plain, number.value.e164)]
  const tokens = plain.split(/\s+/u).filter((token) => token !== '')
  const terms: SearchTerm[] = []
  for (let index = 0; index < tokens.length;) {
    const run = tokens.slice(index, endOfNumber(tokens, index))
    terms.push(...(run.length > 0 ? readNumber(run, country) : readToken(tokens[index] ?? '')))
    index += Math.max(run.length, 1)
  }
  const unique = new Map(terms.map((term) => [JSON.stringify(term).toLowerCase(), term]))
  return [...unique.values()].slice(0, MAX_TERMS)
}

/** Where the run of tokens ends that could all be parts of one phone number; `start` where there is none. */
function endOfNumber(tokens: readonly string[], start: number): number {
  let end = start
  while (end < tokens.length && PHONE_CHARACTERS.test((tokens[end] ?? '').normalize('NFKC'))) end++
  return end
}

function readNumber(run: readonly string[], country: string | null): SearchTerm[] {
  const text = run.join(' ').normalize('NFKC')
  const digits = digitsOf(text).replace(/^0+/, '')
  const isNumber = digits.length >= MIN_PHONE_DIGITS && digits.length <= MAX_PHONE_DIGITS
  if (!isNumber) return readWords(text)
  const checked = checkPhone(text.replace(/^[^\p{Nd}+(]+|[^\p{Nd}]+$/gu, ''), country)
  return [phoneTerm(text, checked.ok ? checked.value.e164 : null)]
}

function phoneTerm(text: string, e164: string | null): PhoneTerm {
  // `+49 (0)30`: the zero in brackets is left out behind a country code.
  const typed = digitsOf(text.replace(/^(.*[1-9].*)\(0\)/su, '$1')).replace(/^0+/, '')
  const number = e164?.slice(1) ?? typed
  const words = readWords(text)
  return {
    kind: 'phone',
    number,
    // What was given may be no end of the number: a trunk prefix that is no zero (8 in Russia), or an extension.
    digits: number.endsWith(typed) ? typed : number,
    words: words.length === 1 && words[0]?.text === typed ? [] : words,
  }
}

function digitsOf(text: string): string {
  return parseDigits(text)
}

function readToken(token: string): SearchTerm[] {
  const text = token.replace(/^mailto:/i, '').replace(WRAPPING, '')
  const [local = '', domain, more] = text.split('@')
  if (domain !== undefined && more === undefined && local + domain !== '') {
    return [{ kind: 'email', local, domain, asciiDomain: toAsciiDomain(domain) ?? domain }]
  }
  if (!/^(?:https?:\/\/[^/]|[^/]*$)/i.test(text)) return readWords(text)
  const checked = checkDomain(text)
  if (!checked.ok) return readWords(text)
  const name = text.replace(/^https?:\/\//i, '').replace(/[/?#:].*$/su, '')
  return [{ kind: 'domain', asciiDomain: checked.value, words: readWords(name) }]
}

function readWords(text: string): WordTerm[] {
  const words = text.split(ASCII_PUNCTUATION).filter((word) => /[\p{L}\p{N}]/u.test(word))
  return words
    .slice(0, MAX_TERMS)
    .map((word) => ({ kind: 'word', text: word, isShort: lengthOf(word) < MIN_PART_LENGTH }))
}

/** Characters of what the database will make of a text: compatibility forms spelt out (`ﬁ` is two), accents gone. */
export function lengthOf(text: string): number {
  return [
    ...text
      .normalize('NFKD')
      .replace(/[\u0300-\u036f]/g, '')
      .normalize('NFC'),
  ].length
}
