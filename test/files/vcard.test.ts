import { expect, test } from '@jest/globals'
import { bytes, readAll, short } from './support.js'

const cards = async (lines: readonly string[]) => (await readAll(bytes(lines.join('\r\n')))).rows.map(short)

test('reads version 4: names, folded lines, escapes, types, addresses with coordinates', async () => {
  expect(
    await cards([
      'BEGIN:VCARD',
      'VERSION:4.0',
      'FN:Dr. Ada Maria Lovelace',
      'N:Lovelace;Ada;Maria;Dr.;',
      'ORG:Acme\\, Inc.;Research;Engines',
      'TITLE:Countess',
      'EMAIL;TYPE=work;PREF=1:ada@acme.example',
      'EMAIL;TYPE=home:ada@home.example',
      'TEL;VALUE=uri;TYPE="voice,cell":tel:+41-79-123-45-67',
      'TEL;VALUE=uri;TYPE=work:tel:+41-44-668-18-00;ext=12',
      'ADR;TYPE=work;GEO="geo:47.37,8.54":;Floor 2;Main Street 1;Zürich;ZH;8001;Switzerland',
      'BDAY:19800517',
      'NOTE:First line\\nsecond\\; with a',
      '  folded end',
      'URL:https://acme.example',
      'UID:urn:uuid:0190f0a0-0000-4000-8000-000000000001',
      'SOCIALPROFILE;SERVICE-TYPE=Mastodon:https://example.social/@ada',
      'CATEGORIES:friends,mathematics',
      'END:VCARD',
    ]),
  ).toEqual([
    [
      1,
      {
        lastName: 'Lovelace',
        firstName: 'Ada',
        middleName: 'Maria',
        namePrefix: 'Dr.',
        'company.name': 'Acme, Inc.',
        department: 'Research, Engines',
        jobTitle: 'Countess',
        'emailAddresses.1.email': 'ada@acme.example',
        'emailAddresses.1.type': 'WORK',
        'emailAddresses.1.isPrimary': 'true',
        'emailAddresses.2.email': 'ada@home.example',
        'emailAddresses.2.type': 'PERSONAL',
        'phoneNumbers.1.number': '+41-79-123-45-67',
        'phoneNumbers.1.type': 'MOBILE',
        'phoneNumbers.2.number': '+41-44-668-18-00',
        'phoneNumbers.2.extension': '12',
        'phoneNumbers.2.type': 'WORK',
        'addresses.1.line1': 'Main Street 1',
        'addresses.1.line2': 'Floor 2',
        'addresses.1.city': 'Zürich',
        'addresses.1.region': 'ZH',
        'addresses.1.postalCode': '8001',
        'addresses.1.country': 'Switzerland',
        'addresses.1.latitude': '47.37',
        'addresses.1.longitude': '8.54',
        'addresses.1.type': 'OFFICE',
        birthDate: '1980-05-17',
        notes: 'First line\nsecond; with a folded end',
        website: 'https://acme.example',
        uid: 'urn:uuid:0190f0a0-0000-4000-8000-000000000001',
        'socialMediaAccounts.1.platform': 'MASTODON',
        'socialMediaAccounts.1.url': 'https://example.social/@ada',
        categories: 'friends,mathematics',
      },
    ],
  ])
})

test('reads versions 3 and 2.1: labels of Apple, quoted-printable, types without a name; pictures are read over', async () => {
  const picture = Array.from({ length: 30_000 }, () => ` ${'A'.repeat(74)}`)
  const { rows } = await readAll(
    bytes(
      [
        'BEGIN:VCARD',
        'VERSION:3.0',
        'N:Muster;Hans;;;',
        'item1.TEL;type=pref:044 668 18 00',
        'item1.X-ABLabel:_$!<Fax>!$_',
        'item2.EMAIL;type=INTERNET:hans@example.ch',
        'item2.X-ABLabel:work',
        'BDAY;X-APPLE-OMIT-YEAR=1604:1604-05-17',
        'PHOTO;ENCODING=b;TYPE=JPEG:AAAA',
        ...picture,
        'END:VCARD',
        '',
        'BEGIN:VCARD',
        'VERSION:2.1',
        'N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=B6rg;;;',
        'TEL;CELL;VOICE:+41 79 000 00 00',
        'NOTE;ENCODING=QUOTED-PRINTABLE:a long =',
        'note=0D=0Aof two lines',
        'END:VCARD',
      ].join('\n'),
    ),
  )
  expect(rows.map(short)).toEqual([
    [
      1,
      {
        lastName: 'Muster',
        firstName: 'Hans',
        'phoneNumbers.1.number': '044 668 18 00',
        'phoneNumbers.1.type': 'FAX',
        'phoneNumbers.1.isPrimary': 'true',
        'emailAddresses.1.email': 'hans@example.ch',
        'emailAddresses.1.type': 'WORK',
        birthDate: '--05-17',
      },
    ],
    [
      30_012,
      {
        lastName: 'Müller',
        firstName: 'Jörg',
        'phoneNumbers.1.number': '+41 79 000 00 00',
        'phoneNumbers.1.type': 'MOBILE',
        notes: 'a long note\r\nof two lines',
      },
    ],
  ])
})

test('our own cards: ids, what the format has no property for, types that are not said, names of companies', async () => {
  expect(
    await cards([
      ...['BEGIN:VCARD', 'VERSION:4.0', 'UID:urn:uuid:0190f0a0-0000-7000-8000-000000000001', 'KIND:individual'],
      ...[
        'FN:ada@acme.example',
        'N:;;;;',
        'EMAIL;PREF=1:ada@acme.example',
        'TEL;TYPE=work;VALUE=text:+41446681800 ext. 12',
      ],
      ...[
        'SOCIALPROFILE;SERVICE-TYPE=X;USERNAME=ada:https://x.example/ada',
        'X-KITH-EXTERNALID:77',
        'X-KITH-FIELD;KEY=tier:gold',
      ],
      ...['REV:20260101T000000Z', 'END:VCARD'],
      ...[
        'BEGIN:VCARD',
        'VERSION:4.0',
        'KIND:org',
        'FN:Acme',
        'ORG:Acme Holding Ltd.',
        'X-KITH-DOMAIN:acme.example',
        'END:VCARD',
      ],
    ]),
  ).toEqual([
    [
      1,
      {
        id: '0190f0a0-0000-7000-8000-000000000001',
        'emailAddresses.1.email': 'ada@acme.example',
        'emailAddresses.1.type': 'OTHER',
        'emailAddresses.1.isPrimary': 'true',
        'phoneNumbers.1.number': '+41446681800 ext. 12',
        'phoneNumbers.1.type': 'WORK',
        'socialMediaAccounts.1.platform': 'X',
        'socialMediaAccounts.1.url': 'https://x.example/ada',
        'socialMediaAccounts.1.handle': 'ada',
        externalId: '77',
        'customFields.tier': 'gold',
      },
    ],
    [14, { legalName: 'Acme Holding Ltd.', domain: 'acme.example', 'company.name': 'Acme' }],
  ])
})

test('a whole name stays whole; an organization is a company', async () => {
  expect(
    await cards([
      'BEGIN:VCARD',
      'VERSION:4.0',
      'FN:Ada Lovelace',
      'END:VCARD',
      'BEGIN:VCARD',
      'KIND:org',
      'FN:Acme',
      'END:VCARD',
    ]),
  ).toEqual([
    [1, { lastName: 'Ada Lovelace' }],
    [5, { 'company.name': 'Acme' }],
  ])
})

test('what is wrong with a card costs itself', async () => {
  const { rows } = await readAll(
    bytes(
      [
        'BEGIN:VCARD',
        'N:One;;;;',
        'BEGIN:VCARD',
        'N:Two;;;;',
        'no colon here',
        'END:VCARD',
        'between cards',
        'BEGIN:VCARD',
        `NOTE:${'x'.repeat(2_000_000)}`,
        'END:VCARD',
        'BEGIN:VCARD',
        'N:Three;;;;',
        'END:VCARD',
        'BEGIN:VCARD',
        'N:Four;;;;',
      ].join('\n'),
    ),
  )
  expect(rows.map(({ row, error, cells }) => [row, cells.get('lastName'), error?.code, error?.message])).toEqual([
    [1, 'One', 'INVALID_CARD', 'The card has no END:VCARD: write it as its last line.'],
    [3, 'Two', 'INVALID_CARD', '“no colon here” has no colon: write NAME:value.'],
    [7, undefined, 'INVALID_CARD', '“between cards” stands outside of a card: each begins with BEGIN:VCARD.'],
    [8, undefined, 'ROW_TOO_LARGE', 'The card has more than 1,048,576 characters: shorten it.'],
    [11, 'Three', undefined, undefined],
    [14, 'Four', 'INVALID_CARD', 'The card has no END:VCARD: write it as its last line.'],
  ])
})

test('a service or a type that is called as what every object has is none', async () => {
  expect(
    await cards([
      ...['BEGIN:VCARD', 'VERSION:4.0', 'N:L;;;;'],
      ...[
        'SOCIALPROFILE;SERVICE-TYPE=constructor:https://a.example',
        'X-SOCIALPROFILE;TYPE=toString:https://b.example',
      ],
      'END:VCARD',
    ]),
  ).toEqual([
    [
      1,
      {
        lastName: 'L',
        'socialMediaAccounts.1.platform': 'OTHER',
        'socialMediaAccounts.1.url': 'https://a.example',
        'socialMediaAccounts.2.platform': 'OTHER',
        'socialMediaAccounts.2.url': 'https://b.example',
      },
    ],
  ])
})
