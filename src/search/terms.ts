import { parseDigits } from 'libphonenumber-js/min'
import { checkDomain, toAsciiDomain } from '../lib/value/domain.js'
import { checkPhone } from '../lib/value/phone.js'

/** A part of a search: a record is found where all of them are, each anywhere. */
export type SearchTerm = WordTerm | PhoneTerm | EmailTerm | DomainTerm

/** Letters and digits, as they were given; the database folds them. */
export interface WordTerm {
  readonly kind: 'word'
  readonly text: string
  /** one or two characters: looked for where words begin, because an index of three letters finds nothing else */
  readonly isShort: boolean
}

/** A phone number, or the end of one, or some digits out of it. */
export interface PhoneTerm {
  readonly kind: 'phone'
  /** digits of the whole number: of its E.164 form where that is known, else as given without leading zeros */
  readonly number: string
  /** digits without leading zeros: the last ones of `number` */
  readonly digits: string
  /** the same digits as words, as in the name `Studio 54 1999`; empty where that says no more */
  readonly words: readonly WordTerm[]
}

/** `x@y`, `x@` or `@y`; what is missing is empty, and the domain may be its beginning alone. */
export interface EmailTerm {
  readonly kind: 'email'
  readonly local: string
  /** as given */
  readonly domain: string
  /** as it is stored, in ASCII, where it is whole; else as given */
  readonly asciiDomain: string
}

/** A domain, which may be a name with a dot just as well: `anna.schmidt`. */
export interface DomainTerm {
  readonly kind: 'domain'
  readonly asciiDomain: string
  readonly words: readonly WordTerm[]
}

/** Code points and terms that are read of a search. */
const MAX_LENGTH = 500
const MAX_TERMS = 10
const MIN_PHONE_DIGITS = 4
const MAX_PHONE_DIGITS = 15
const MIN_PART_LENGTH = 3
const PHONE_CHARACTERS = /^[\p{Nd}()+\-./\u2010-\u2015\u2212]+$/u
// Marks of direction, which address books put around a number that is copied.
const INVISIBLE = /[\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/gu
const NO_TEXT = /[\p{Cc}\p{Cs}]/gu
const WRAPPING = /^[<("'[{,;:]+|[>)"'\]},;:.!?]+$/g
const ASCII_PUNCTUATION = /[\0-/:-@[-`{-\x7f]+/

/**
 * The terms of a search, at most ten, none twice, in the order given; what comes after the tenth is left out, and so is
 * what lies behind 500 characters. Empty where nothing can be looked for: white space and punctuation alone.
 *
 * An `@` makes an e-mail address, four digits or more a phone number in any usual writing (without country code it is one
 * of `country`), a dot a domain. Everything else is words, and punctuation between them is no more than white space.
 */
export function parseSearch(text: string, country: string | null): SearchTerm[] {
  const plain = [...text].slice(0, MAX_LENGTH).join('').normalize('NFC').replace(NO_TEXT, ' ')
  const number = checkPhone(plain, country)
  // As a whole it may have an extension, which has letters.
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

/** The words of a search that may be misspelt; null where an e-mail address or a number says exactly what is wanted. */
export function misspeltWords(terms: readonly SearchTerm[]): string | null {
  if (terms.some(({ kind }) => kind === 'email' || kind === 'phone')) return null
  const words = terms.flatMap((term) => (term.kind === 'domain' ? term.words : term.kind === 'word' ? [term] : []))
  const text = words.map((word) => word.text).join(' ')
  return lengthOf(text.replace(/ /g, '')) > MIN_PART_LENGTH ? text : null
}

/**
 * What each of some words may have been before two of its neighbouring letters changed places, the word itself first; words
 * of three letters and less are taken as they are. Trigrams don't see it: `benrard` shares a third of them with `bernard`.
 */
export function swappedWords(words: string): string[][] {
  return words.split(/\s+/u).map((word) => {
    const letters = [...word]
    if (letters.length <= MIN_PART_LENGTH) return [word]
    const swapped = letters.slice(1).map((letter, index) => {
      const before = letters.slice(0, index).join('')
      return `${before}${letter}${letters[index] ?? ''}${letters.slice(index + 2).join('')}`
    })
    return [...new Set([word, ...swapped])]
  })
}

function endOfNumber(tokens: readonly string[], start: number): number {
  let end = start
  while (end < tokens.length && PHONE_CHARACTERS.test((tokens[end] ?? '').normalize('NFKC').replace(INVISIBLE, '')))
    end++
  return end
}

function readNumber(run: readonly string[], country: string | null): SearchTerm[] {
  const text = run.join(' ').normalize('NFKC').replace(INVISIBLE, '')
  const digits = digitsOf(text).replace(/^0+/, '')
  const isNumber = digits.length >= MIN_PHONE_DIGITS && digits.length <= MAX_PHONE_DIGITS
  if (!isNumber) return readWords(text)
  const checked = checkPhone(text.replace(/^[^\p{Nd}+(]+|[^\p{Nd}]+$/gu, ''), country)
  return [phoneTerm(text, checked.ok ? checked.value.e164 : null)]
}

function phoneTerm(text: string, e164: string | null): PhoneTerm {
  // (0) stands for what is left out behind the country code.
  const typed = digitsOf(text.replace(/^(.*[1-9].*)\(0\)/su, '$1')).replace(/^0+/, '')
  const number = e164?.slice(1) ?? typed
  const words = readWords(text)
  return {
    kind: 'phone',
    number,
    // The trunk prefix of some countries is no zero, and an extension is no part of the number.
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

// Of what the database will make of it: compatibility forms spelt out, accents gone.
function lengthOf(text: string): number {
  return [
    ...text
      .normalize('NFKD')
      .replace(/[\u0300-\u036f]/g, '')
      .normalize('NFC'),
  ].length
}
