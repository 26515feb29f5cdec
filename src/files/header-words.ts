/** A header without case, accents and punctuation, with its words apart: `E-Mail 1 - Value` is `e mail 1 value`. */
export function headerWords(header: string): string {
  return header
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .replace(/\b(linked in|you tube|git hub)\b/g, (name) => name.replace(' ', ''))
}

/** Headers of usual exports (English and German), each with the keys it may mean: the first that the record has. */
export const PLAIN_HEADERS = meanings([
  [['firstName'], 'first name|firstname|given name|forename|vorname|rufname'],
  [['middleName'], 'middle name|additional name|zweiter vorname'],
  [['lastName'], 'last name|lastname|family name|surname|nachname|familienname'],
  [
    ['jobTitle'],
    'job title|jobtitle|title|position|organization title|organization 1 title|funktion|stelle|beruf|berufsbezeichnung',
  ],
  [['department'], 'department|abteilung|organization department|organization 1 department'],
  [['birthDate'], 'birthday|birth date|birthdate|date of birth|dob|geburtstag|geburtsdatum'],
  [['notes'], 'notes|note|comments|comment|description|notizen|notiz|bemerkung|bemerkungen|beschreibung|about us'],
  [['emailOptIn'], 'email opt in|marketing consent|newsletter|email marketing consent'],
  [['smsOptIn'], 'sms opt in'],
  [['callOptIn'], 'call opt in'],
  [
    ['externalId'],
    'external id|record id|object id|contact id|uid|foreign id|externe id|fremdschlussel|kundennummer|customer id',
  ],
  [
    ['company.name', 'name'],
    'company|company name|organization|organisation|organization name|organization 1 name|associated company|employer|account|account name|firma|firmenname|unternehmen|arbeitgeber',
  ],
  [['company.domain', 'domain'], 'company domain|company domain name|domain|domain name'],
  [
    ['company.externalId', 'externalId'],
    'company id|account id|associated company id|associated company ids|company external id',
  ],
  [['name'], 'name'],
  [['legalName'], 'legal name|registered name'],
  [['website'], 'website|website url|web page|webpage|web site|url|homepage|webseite|internet|company website'],
  [['industry.name'], 'industry|branche|sector'],
  [['size.name'], 'size|company size|grosse|unternehmensgrosse'],
  [['employeeCount'], 'number of employees|employees|employee count|mitarbeiter|mitarbeiterzahl|anzahl mitarbeiter'],
  [['annualRevenue'], 'annual revenue|revenue|umsatz|jahresumsatz'],
  [['annualRevenueCurrency'], 'annual revenue currency|revenue currency|currency|wahrung'],
  [['foundedYear'], 'year founded|founded year|founded|grundungsjahr'],
  [['leadScore'], 'lead score|hubspot score|score'],
  [['status'], 'status|lifecycle stage|lead status'],
  [['priority'], 'priority|prioritat'],
  [['owner.email'], 'owner email|contact owner|company owner|owner|account owner|lead owner|zustandig'],
  [['lastContactedAt'], 'last contacted|last activity date'],
  [['nextFollowUpAt'], 'next follow up|next activity date'],
])

/** Where a person is said to be reached, and what the value is for: `[type of phones, of addresses, of e-mail]`. */
export const TYPE_WORDS = new Map([
  ...same('work|business|office|company|main|geschaftlich|geschaft|dienstlich|arbeit', {
    emailAddresses: 'WORK',
    phoneNumbers: 'WORK',
    addresses: 'OFFICE',
  }),
  ...same('home|private|personal|privat', { emailAddresses: 'PERSONAL', phoneNumbers: 'HOME', addresses: 'HOME' }),
  ...same('mobile|cell|handy|mobil|natel', { phoneNumbers: 'MOBILE' }),
  ...same('fax|telefax', { phoneNumbers: 'FAX' }),
  ...same('other|andere', { emailAddresses: 'OTHER', phoneNumbers: 'OTHER', addresses: 'OTHER' }),
  ...same('billing|rechnung|rechnungs', { addresses: 'BILLING' }),
  ...same('shipping|delivery|liefer|lieferung', { addresses: 'SHIPPING' }),
  ...same('mailing', { addresses: 'OFFICE' }),
  ...same('primary|secondary|alternate|alternative', {}),
])

/** What is left of a header of contact info without its number and type, with the list and field it means. */
export const ITEM_HEADERS = meanings([
  [
    ['emailAddresses', 'email'],
    'email|e mail|mail|email address|e mail address|email adresse|e mail adresse|email value|e mail value|mailadresse',
  ],
  [['emailAddresses', 'type'], 'email type|e mail type|email label|e mail label|email typ|e mail typ'],
  [
    ['phoneNumbers', 'number'],
    'phone|phone number|telephone|telephone number|tel|telefon|telefonnummer|phone value|mobilephone|mobiltelefon|mobilnummer|handynummer|faxnummer|rufnummer',
  ],
  [['phoneNumbers', 'type'], 'phone type|phone label|telefon typ'],
  [['phoneNumbers', 'extension'], 'phone extension|phone ext|ext|extension|durchwahl'],
  [
    ['addresses', 'line1'],
    'street|street address|address|address street|address line|strasse|adresse|anschrift|strasse nr|strasse und hausnummer',
  ],
  [['addresses', 'line2'], 'suite|apartment|adresszusatz|address extended address|address extended'],
  [['addresses', 'city'], 'city|town|locality|address city|ort|stadt|wohnort'],
  [
    ['addresses', 'region'],
    'state|province|region|state region|state province|address region|address state|kanton|bundesland|county',
  ],
  [
    ['addresses', 'postalCode'],
    'zip|zip code|zipcode|postal code|postalcode|postcode|address postal code|address zip|plz|postleitzahl',
  ],
  [['addresses', 'country'], 'country|country region|address country|land|country code'],
  [['addresses', 'latitude'], 'latitude|lat'],
  [['addresses', 'longitude'], 'longitude|lng|lon'],
  [['addresses', 'type'], 'address type|address label'],
])

/** Names of social networks in headers. */
export const PLATFORM_WORDS: ReadonlyMap<string, string> = new Map([
  ['linkedin', 'LINKEDIN'],
  ['twitter', 'X'],
  ['facebook', 'FACEBOOK'],
  ['instagram', 'INSTAGRAM'],
  ['youtube', 'YOUTUBE'],
  ['mastodon', 'MASTODON'],
  ['github', 'GITHUB'],
])

function meanings(
  rows: readonly (readonly [meanings: readonly string[], words: string])[],
): ReadonlyMap<string, readonly string[]> {
  return new Map(rows.flatMap(([meant, words]) => words.split('|').map((word) => [word, meant] as const)))
}

function same(
  words: string,
  types: Readonly<Record<string, string>>,
): (readonly [word: string, types: Readonly<Record<string, string>>])[] {
  return words.split('|').map((word) => [word, types])
}
