// A country: code, share of 100 companies, language of names and trades, faker's locale, currency, its units for a
// dollar, top-level domain, legal forms, and an address's first line: {street} is one of the locale's streets, {name} a
// family name. Domains lie under real top-level domains, because reserved ones (.example) don't look like data; the
// names are invented and mail is never sent.
const COUNTRY_ROWS = [
  ['US', 30, 'en', 'en_US', 'USD', 1, 'com', 'Inc.|LLC|Corp.|Group', '{n} {street}'],
  ['GB', 9, 'en', 'en_GB', 'GBP', 0.8, 'co.uk', 'Ltd|plc|Partners', '{n} {street}'],
  ['DE', 11, 'de', 'de', 'EUR', 0.9, 'de', 'GmbH|AG|GmbH & Co. KG|KG', '{street} {n}'],
  ['FR', 7, 'fr', 'fr', 'EUR', 0.9, 'fr', 'SARL|SA|SAS', '{n} rue {name}'],
  ['ES', 5, 'es', 'es', 'EUR', 0.9, 'es', 'S.L.|S.A.', 'Calle {name} {n}'],
  ['IT', 5, 'it', 'it', 'EUR', 0.9, 'it', 'S.r.l.|S.p.A.', 'Via {name} {n}'],
  ['BR', 4, 'pt', 'pt_BR', 'BRL', 5.4, 'com.br', 'Ltda.|S.A.', 'Rua {name}, {n}'],
  ['PL', 4, 'pl', 'pl', 'PLN', 3.9, 'pl', 'Sp. z o.o.|S.A.', 'ul. {name} {n}'],
  ['SE', 3, 'sv', 'sv', 'SEK', 10, 'se', 'AB', '{name}gatan {n}'],
  ['NL', 3, 'nl', 'nl', 'EUR', 0.9, 'nl', 'B.V.|N.V.', '{name}straat {n}'],
  ['TR', 3, 'tr', 'tr', 'TRY', 38, 'com.tr', 'A.Ş.|Ltd. Şti.', '{street} No: {n}'],
  ['CZ', 2, 'cs', 'cs_CZ', 'CZK', 22, 'cz', 's.r.o.|a.s.', '{street} {n}'],
  ['UA', 2, 'uk', 'uk', 'UAH', 41, 'com.ua', 'ТОВ|ПрАТ', 'вул. {name}, {n}'],
  ['KZ', 1, 'ru', 'ru', 'KZT', 500, 'kz', 'ТОО|АО', 'ул. {name}, {n}'],
  ['GR', 2, 'el', 'el', 'EUR', 0.9, 'gr', 'Α.Ε.|Ε.Π.Ε.', '{street} {n}'],
  ['CN', 3, 'zh', 'zh_CN', 'CNY', 7.1, 'cn', '有限公司|股份有限公司', '{street}{n}号'],
  ['JP', 3, 'ja', 'ja', 'JPY', 150, 'co.jp', '株式会社|合同会社', '{name}町{n}'],
  ['KR', 1, 'ko', 'ko', 'KRW', 1380, 'co.kr', '주식회사', '{name}로 {n}'],
  ['AE', 1, 'ar', 'ar', 'AED', 3.7, 'ae', 'ش.ذ.م.م', 'شارع {name} {n}'],
  ['IL', 1, 'he', 'he', 'ILS', 3.6, 'co.il', 'בע״מ', 'רחוב {name} {n}'],
] as const

// A city: country, name, region, postal code (null where there is none), latitude, longitude, national number of a land
// line. # stands for a digit, N for 2 to 9, @ for a letter.
const CITY_ROWS = [
  ['US', 'Boston', 'MA', '021##', 42.36, -71.06, '617N######'],
  ['US', 'Austin', 'TX', '787##', 30.27, -97.74, '512N######'],
  ['US', 'Denver', 'CO', '802##', 39.74, -104.99, '303N######'],
  ['US', 'Chicago', 'IL', '606##', 41.88, -87.63, '312N######'],
  ['GB', 'London', 'England', 'EC1A #@@', 51.51, -0.13, '2079######'],
  ['GB', 'Leeds', 'England', 'LS# #@@', 53.8, -1.55, '1132######'],
  ['DE', 'Köln', 'Nordrhein-Westfalen', '506##', 50.94, 6.96, '221N######'],
  ['DE', 'München', 'Bayern', '803##', 48.14, 11.58, '89N#######'],
  ['DE', 'Hamburg', null, '200##', 53.55, 10, '40N#######'],
  ['FR', 'Lyon', 'Auvergne-Rhône-Alpes', '6900#', 45.76, 4.84, '472######'],
  ['FR', 'Orléans', 'Centre-Val de Loire', '450##', 47.9, 1.91, '238######'],
  ['ES', 'Málaga', 'Andalucía', '290##', 36.72, -4.42, '952######'],
  ['ES', 'Zaragoza', 'Aragón', '500##', 41.65, -0.89, '976######'],
  ['IT', 'Torino', 'Piemonte', '101##', 45.07, 7.69, '011N######'],
  ['BR', 'São Paulo', 'SP', '01###-###', -23.55, -46.63, '113#######'],
  ['PL', 'Łódź', 'łódzkie', '90-###', 51.76, 19.46, '426######'],
  ['PL', 'Kraków', 'małopolskie', '30-###', 50.06, 19.94, '126######'],
  ['SE', 'Göteborg', 'Västra Götaland', '41# ##', 57.71, 11.97, '317######'],
  ['NL', 'Utrecht', 'Utrecht', '35## @@', 52.09, 5.12, '302######'],
  ['TR', 'İzmir', 'İzmir', '35###', 38.42, 27.14, '2324######'],
  ['CZ', 'Brno', 'Jihomoravský kraj', '602 ##', 49.2, 16.61, '541######'],
  ['UA', 'Львів', 'Львівська область', '79###', 49.84, 24.03, '322######'],
  ['KZ', 'Алматы', null, '05####', 43.24, 76.91, '7272######'],
  ['GR', 'Θεσσαλονίκη', 'Κεντρική Μακεδονία', '546 ##', 40.64, 22.94, '2310######'],
  ['CN', '杭州', '浙江', '3100##', 30.27, 120.16, '5718#######'],
  ['CN', '成都', '四川', '6100##', 30.57, 104.07, '288#######'],
  ['JP', '横浜市', '神奈川県', '220-00##', 35.44, 139.64, '452######'],
  ['JP', '札幌市', '北海道', '060-00##', 43.06, 141.35, '112######'],
  ['KR', '부산', '부산광역시', '48###', 35.18, 129.08, '517######'],
  ['AE', 'دبي', 'دبي', null, 25.2, 55.27, '43######'],
  ['IL', 'חיפה', 'מחוז חיפה', '31#####', 32.79, 34.99, '48######'],
] as const

/** Where the demo's companies and people are. */
export const COUNTRIES = COUNTRY_ROWS.map(
  ([code, share, language, locale, currency, unitsPerDollar, tld, forms, street]) => {
    const cities = CITY_ROWS.filter(([country]) => country === code).map(
      ([, name, region, postalCode, latitude, longitude, phone]) => {
        return { name, region, postalCode, latitude, longitude, phone }
      },
    )
    const facts = { code, share, language, locale, currency, unitsPerDollar, tld, street }
    return { ...facts, forms: forms.split('|'), cities }
  },
)
export type Country = (typeof COUNTRIES)[number]
export type City = Country['cities'][number]
