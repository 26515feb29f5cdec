/** A city with what belongs to an address there; `postal` has # for digits and @ for letters. */
export interface City {
  readonly name: string
  readonly region: string | null
  readonly postal: string
  readonly latitude: number
  readonly longitude: number
}

/** A country of the demo: what names, companies, phones and addresses look like there. */
export interface Country {
  readonly code: string
  /** out of 100 companies */
  readonly share: number
  readonly names:
    | 'en'
    | 'de'
    | 'fr'
    | 'es'
    | 'it'
    | 'pt'
    | 'pl'
    | 'sv'
    | 'tr'
    | 'cs'
    | 'ru'
    | 'uk'
    | 'el'
    | 'nl'
    | 'zh'
    | 'ja'
    | 'ko'
    | 'ar'
    | 'he'
  readonly currency: string
  readonly tld: string
  /** legal forms as they stand behind a company's name */
  readonly forms: readonly string[]
  /** a street with a number in it; {name} and {n} are filled in */
  readonly street: string
  readonly cities: readonly City[]
}

function city(name: string, region: string | null, postal: string, latitude: number, longitude: number): City {
  return { name, region, postal, latitude, longitude }
}

/**
 * Where the demo's companies are. Their domains lie under the real top-level domains of these countries because
 * reserved ones (.example) would not look like data; the names are invented and mail is never sent.
 */
export const COUNTRIES: readonly Country[] = [
  {
    code: 'US',
    share: 30,
    names: 'en',
    currency: 'USD',
    tld: 'com',
    forms: ['Inc.', 'LLC', 'Corp.', 'Group'],
    street: '{n} {name} Street',
    cities: [
      city('Boston', 'MA', '021##', 42.36, -71.06),
      city('Austin', 'TX', '787##', 30.27, -97.74),
      city('Denver', 'CO', '802##', 39.74, -104.99),
      city('Portland', 'OR', '972##', 45.52, -122.68),
      city('Chicago', 'IL', '606##', 41.88, -87.63),
      city('Atlanta', 'GA', '303##', 33.75, -84.39),
    ],
  },
  {
    code: 'GB',
    share: 9,
    names: 'en',
    currency: 'GBP',
    tld: 'co.uk',
    forms: ['Ltd', 'plc', 'Partners'],
    street: '{n} {name} Road',
    cities: [
      city('London', 'England', 'EC#A #@@', 51.51, -0.13),
      city('Leeds', 'England', 'LS# #@@', 53.8, -1.55),
      city('Edinburgh', 'Scotland', 'EH# #@@', 55.95, -3.19),
    ],
  },
  {
    code: 'DE',
    share: 11,
    names: 'de',
    currency: 'EUR',
    tld: 'de',
    forms: ['GmbH', 'AG', 'GmbH & Co. KG', 'KG'],
    street: '{name}straße {n}',
    cities: [
      city('Köln', 'Nordrhein-Westfalen', '506##', 50.94, 6.96),
      city('München', 'Bayern', '803##', 48.14, 11.58),
      city('Hamburg', null, '200##', 53.55, 10),
      city('Düsseldorf', 'Nordrhein-Westfalen', '402##', 51.23, 6.78),
    ],
  },
  {
    code: 'FR',
    share: 7,
    names: 'fr',
    currency: 'EUR',
    tld: 'fr',
    forms: ['SARL', 'SA', 'SAS'],
    street: '{n} rue {name}',
    cities: [
      city('Lyon', 'Auvergne-Rhône-Alpes', '6900#', 45.76, 4.84),
      city('Orléans', 'Centre-Val de Loire', '450##', 47.9, 1.91),
      city('Nîmes', 'Occitanie', '300##', 43.84, 4.36),
    ],
  },
  {
    code: 'ES',
    share: 5,
    names: 'es',
    currency: 'EUR',
    tld: 'es',
    forms: ['S.L.', 'S.A.'],
    street: 'Calle {name} {n}',
    cities: [city('Málaga', 'Andalucía', '290##', 36.72, -4.42), city('Zaragoza', 'Aragón', '500##', 41.65, -0.89)],
  },
  {
    code: 'IT',
    share: 5,
    names: 'it',
    currency: 'EUR',
    tld: 'it',
    forms: ['S.r.l.', 'S.p.A.'],
    street: 'Via {name} {n}',
    cities: [
      city('Bologna', 'Emilia-Romagna', '401##', 44.49, 11.34),
      city('Torino', 'Piemonte', '101##', 45.07, 7.69),
    ],
  },
  {
    code: 'BR',
    share: 4,
    names: 'pt',
    currency: 'BRL',
    tld: 'com.br',
    forms: ['Ltda.', 'S.A.'],
    street: 'Rua {name}, {n}',
    cities: [
      city('São Paulo', 'SP', '01###-###', -23.55, -46.63),
      city('Belo Horizonte', 'MG', '30###-###', -19.92, -43.94),
    ],
  },
  {
    code: 'PL',
    share: 4,
    names: 'pl',
    currency: 'PLN',
    tld: 'pl',
    forms: ['Sp. z o.o.', 'S.A.'],
    street: 'ul. {name} {n}',
    cities: [city('Łódź', 'łódzkie', '90-###', 51.76, 19.46), city('Kraków', 'małopolskie', '30-###', 50.06, 19.94)],
  },
  {
    code: 'SE',
    share: 3,
    names: 'sv',
    currency: 'SEK',
    tld: 'se',
    forms: ['AB'],
    street: '{name}gatan {n}',
    cities: [city('Göteborg', 'Västra Götaland', '41# ##', 57.71, 11.97), city('Malmö', 'Skåne', '21# ##', 55.6, 13)],
  },
  {
    code: 'NL',
    share: 3,
    names: 'nl',
    currency: 'EUR',
    tld: 'nl',
    forms: ['B.V.', 'N.V.'],
    street: '{name}straat {n}',
    cities: [
      city('Utrecht', 'Utrecht', '35## @@', 52.09, 5.12),
      city('Eindhoven', 'Noord-Brabant', '56## @@', 51.44, 5.48),
    ],
  },
  {
    code: 'TR',
    share: 3,
    names: 'tr',
    currency: 'TRY',
    tld: 'com.tr',
    forms: ['A.Ş.', 'Ltd. Şti.'],
    street: '{name} Caddesi No: {n}',
    cities: [city('İzmir', 'İzmir', '35###', 38.42, 27.14), city('Ankara', 'Ankara', '06###', 39.93, 32.86)],
  },
  {
    code: 'CZ',
    share: 2,
    names: 'cs',
    currency: 'CZK',
    tld: 'cz',
    forms: ['s.r.o.', 'a.s.'],
    street: '{name} {n}',
    cities: [
      city('Plzeň', 'Plzeňský kraj', '301 ##', 49.74, 13.37),
      city('Brno', 'Jihomoravský kraj', '602 ##', 49.2, 16.61),
    ],
  },
  {
    code: 'UA',
    share: 2,
    names: 'uk',
    currency: 'UAH',
    tld: 'com.ua',
    forms: ['ТОВ', 'ПрАТ'],
    street: 'вул. {name}, {n}',
    cities: [
      city('Львів', 'Львівська область', '79###', 49.84, 24.03),
      city('Одеса', 'Одеська область', '65###', 46.48, 30.73),
    ],
  },
  {
    code: 'KZ',
    share: 1,
    names: 'ru',
    currency: 'KZT',
    tld: 'kz',
    forms: ['ТОО', 'АО'],
    street: 'ул. {name}, {n}',
    cities: [city('Алматы', null, '05####', 43.24, 76.91), city('Астана', null, '01####', 51.17, 71.43)],
  },
  {
    code: 'GR',
    share: 2,
    names: 'el',
    currency: 'EUR',
    tld: 'gr',
    forms: ['Α.Ε.', 'Ε.Π.Ε.'],
    street: '{name} {n}',
    cities: [
      city('Θεσσαλονίκη', 'Κεντρική Μακεδονία', '546 ##', 40.64, 22.94),
      city('Πάτρα', 'Δυτική Ελλάδα', '262 ##', 38.25, 21.73),
    ],
  },
  {
    code: 'CN',
    share: 3,
    names: 'zh',
    currency: 'CNY',
    tld: 'cn',
    forms: ['有限公司', '股份有限公司'],
    street: '{name}路{n}号',
    cities: [city('杭州', '浙江', '3100##', 30.27, 120.16), city('成都', '四川', '6100##', 30.57, 104.07)],
  },
  {
    code: 'JP',
    share: 3,
    names: 'ja',
    currency: 'JPY',
    tld: 'co.jp',
    forms: ['株式会社', '合同会社'],
    street: '{name}町{n}',
    cities: [
      city('横浜市', '神奈川県', '220-00##', 35.44, 139.64),
      city('札幌市', '北海道', '060-00##', 43.06, 141.35),
    ],
  },
  {
    code: 'KR',
    share: 1,
    names: 'ko',
    currency: 'KRW',
    tld: 'co.kr',
    forms: ['주식회사'],
    street: '{name}로 {n}',
    cities: [city('부산', '부산광역시', '48###', 35.18, 129.08), city('대전', '대전광역시', '34###', 36.35, 127.38)],
  },
  {
    code: 'AE',
    share: 1,
    names: 'ar',
    currency: 'AED',
    tld: 'ae',
    forms: ['ش.ذ.م.م'],
    street: 'شارع {name} {n}',
    cities: [city('دبي', 'دبي', '#####', 25.2, 55.27)],
  },
  {
    code: 'IL',
    share: 1,
    names: 'he',
    currency: 'ILS',
    tld: 'co.il',
    forms: ['בע״מ'],
    street: 'רחוב {name} {n}',
    cities: [city('חיפה', 'מחוז חיפה', '31#####', 32.79, 34.99)],
  },
]
