/** A name or a word as it is written, and in the letters of addresses. */
export interface Name {
  readonly text: string
  readonly latin: string
}

const LETTERS = new Map(
  [
    'а=a б=b в=v г=g д=d е=e ж=zh з=z и=i к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=kh ц=ts ч=ch ш=sh щ=shch',
    'ъ= ы=y ь= э=e ю=yu я=ya є=ye і=i ґ=g',
    'α=a β=v γ=g δ=d ε=e ζ=z η=i θ=th ι=i κ=k λ=l μ=m ν=n ξ=x ο=o π=p ρ=r σ=s ς=s τ=t υ=y φ=f χ=ch ψ=ps ω=o',
    'ß=ss ø=o æ=ae ł=l ı=i đ=d œ=oe',
  ].flatMap((line) => line.split(' ').map((pair) => pair.split('=') as [string, string])),
)

/** A text in small letters from a to z, digits and hyphens: `Łódź` is `lodz`, `Ткаченко` is `tkachenko`. */
export function toLatin(text: string): string {
  // й and ё lose their marks with the accents, which is how they are written in Latin anyway.
  const plain = text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '')
  return [...plain]
    .map((letter) => LETTERS.get(letter) ?? letter)
    .join('')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
}

/** The names of a line, which has spaces between them; `林/lin` brings its Latin writing along, `_` is a space in it. */
export function parseNames(line: string, separator = ' '): Name[] {
  return line.split(separator).map((entry) => {
    const [text = '', latin = toLatin(text)] = entry.replaceAll('_', ' ').split('/')
    return { text, latin }
  })
}
