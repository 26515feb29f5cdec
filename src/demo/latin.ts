const CYRILLIC: Record<string, string> = Object.fromEntries(
  [...'абвгдезийклмнопрстуфыэ'].map((letter, index) => [letter, [...'abvgdeziiklmnoprstufye'][index] as string]),
)
const LETTERS: Record<string, string> = {
  ...CYRILLIC,
  ё: 'e',
  ж: 'zh',
  х: 'kh',
  ц: 'ts',
  ч: 'ch',
  ш: 'sh',
  щ: 'shch',
  ъ: '',
  ь: '',
  ю: 'yu',
  я: 'ya',
  є: 'ye',
  і: 'i',
  ї: 'yi',
  ґ: 'g',
  α: 'a',
  β: 'v',
  γ: 'g',
  δ: 'd',
  ε: 'e',
  ζ: 'z',
  η: 'i',
  θ: 'th',
  ι: 'i',
  κ: 'k',
  λ: 'l',
  μ: 'm',
  ν: 'n',
  ξ: 'x',
  ο: 'o',
  π: 'p',
  ρ: 'r',
  σ: 's',
  ς: 's',
  τ: 't',
  υ: 'y',
  φ: 'f',
  χ: 'ch',
  ψ: 'ps',
  ω: 'o',
  ß: 'ss',
  ø: 'o',
  æ: 'ae',
  ł: 'l',
  ı: 'i',
  đ: 'd',
  œ: 'oe',
}

/** A name in the letters of addresses: small a to z and digits, other characters as hyphens. */
export function toLatin(text: string): string {
  // й and ё lose their marks with the accents, which is how they are written in Latin anyway.
  const plain = text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '')
  return [...plain]
    .map((letter) => LETTERS[letter] ?? letter)
    .join('')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
}
