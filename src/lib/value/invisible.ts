/** Scripts whose letters change their form where a joiner stands between them: Arabic, Devanagari, Mongolian … */
const JOINING =
  '[\\p{sc=Arab}\\p{sc=Syrc}\\p{sc=Nkoo}\\p{sc=Mand}\\p{sc=Mong}\\p{sc=Adlm}\\p{sc=Rohg}\\p{sc=Deva}\\p{sc=Beng}\\p{sc=Guru}' +
  '\\p{sc=Gujr}\\p{sc=Orya}\\p{sc=Taml}\\p{sc=Telu}\\p{sc=Knda}\\p{sc=Mlym}\\p{sc=Sinh}\\p{sc=Khmr}\\p{sc=Mymr}\\p{sc=Tibt}' +
  '\\p{sc=Bali}\\p{sc=Java}\\u064B-\\u0655]'
// A joiner behind one says how the letter before it ends, at the end of a word too.
const VIRAMA =
  '[\\u094D\\u09CD\\u0A4D\\u0ACD\\u0B4D\\u0BCD\\u0C4D\\u0CCD\\u0D3B\\u0D3C\\u0D4D\\u0DCA\\u1039\\u103A\\u17D2\\u1B44\\uA9C0]'
const PICTURE = '(?<=\\p{Extended_Pictographic}[\\uFE0F\\p{Emoji_Modifier}]?)'

// Emoji (black on white or coloured), keycaps, and the forms of ideographs, Mongolian and Myanmar letters.
const FORM = /[\u180B-\u180D\u180F\uFE00-\uFE0F\u{E0100}-\u{E01EF}]/u
const FORM_IN_PLACE =
  /(?<=[\p{Extended_Pictographic}\p{sc=Han}\p{sc=Mymr}\p{sc=Phag}\p{sc=Mong}])[\u180B-\u180D\u180F\uFE00-\uFE0F\u{E0100}-\u{E01EF}]|(?<=[0-9#*])\uFE0F(?=\u20E3)/u
const STRAY_FORM = stray(FORM_IN_PLACE.source, FORM.source)
const STRAY_JOINER = stray(
  `(?<=${JOINING})[\\u200C\\u200D](?=${JOINING})|(?<=${VIRAMA})[\\u200C\\u200D]|${PICTURE}\\u200D(?=\\p{Extended_Pictographic})`,
  '[\\u200C\\u200D]',
)
// The flags of England, Scotland and Wales are a black flag with letters that are drawn as nothing.
const STRAY_TAG = stray('(?<=\\u{1F3F4})[\\u{E0020}-\\u{E007E}]+\\u{E007F}', '[\\u{E0000}-\\u{E007F}]')
const DIRECTION = '\\u061C\\u200E\\u200F\\u202A-\\u202E\\u2066-\\u2069'
const OTHERS = '\\u200C\\u200D\\u180B-\\u180D\\u180F\\uFE00-\\uFE0F\\u{E0000}-\\u{E007F}\\u{E0100}-\\u{E01EF}'
const PLAIN = new RegExp(`(?![${OTHERS}${DIRECTION}])[\\p{Default_Ignorable_Code_Point}\\uFFF9-\\uFFFB]`, 'gu')
const MARKS_OF_DIRECTION = /[\u061C\u200E\u200F]/g
const ANY = /[\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB]/u

/**
 * The text without characters that are drawn as nothing (U+200B, U+2060, U+00AD, U+FEFF …), wherever they stand. What
 * changes how its neighbours are drawn stays where it does so:
 *
 * | stays                                    | where                                                                |
 * | ---------------------------------------- | -------------------------------------------------------------------- |
 * | U+200C, U+200D                           | between letters of scripts that join (می‌خواهم), behind a virama      |
 * | U+200D                                   | between the pictures of one emoji (👩‍💻)                               |
 * | variation selectors                      | behind an emoji, a keycap's digit, an ideograph, a Mongolian letter  |
 * | tags                                     | behind a black flag                                                  |
 * | U+061C, U+200E, U+200F                   | in texts of several lines, `multiline`                               |
 * | U+202A to U+202E, U+2066 to U+2069       | everywhere: they do more than hide, whoever takes a line refuses them |
 *
 * Doing it twice changes nothing.
 */
export function removeInvisible(text: string, { multiline = false }: { readonly multiline?: boolean } = {}): string {
  if (!ANY.test(text)) return text
  const shown = text
    .replace(PLAIN, '')
    .replace(multiline ? /(?!)/g : MARKS_OF_DIRECTION, '')
    .replace(STRAY_TAG, '$1')
    .replace(STRAY_FORM, '$1')
  return shown.replace(/([\u200C\u200D])[\u200C\u200D]+/g, '$1').replace(STRAY_JOINER, '$1')
}

/** Finds what is in its place, as group 1, or what is not. */
function stray(inPlace: string, any: string): RegExp {
  return new RegExp(`(${inPlace})|${any}`, 'gu')
}
