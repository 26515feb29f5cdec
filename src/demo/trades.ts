import { parseNames } from './latin.js'

const INDUSTRY_NAMES =
  'Software|Retail|Manufacturing|Consulting|Construction|Logistics|Healthcare|Financial Services|Food and Beverage|Real Estate|Hospitality|Education|Media|Energy|Automotive|Telecommunications|Agriculture|Pharmaceuticals|Legal Services|Chemicals'
// Of 100 companies.
const SHARES = [15, 12, 11, 9, 8, 7, 6, 5, 5, 4, 3, 3, 3, 2, 2, 1, 1, 1, 1, 1]

/** The tenant's industries with their share of all companies, the most frequent first. */
export const INDUSTRIES = INDUSTRY_NAMES.split('|').map((name, position) => {
  return { name, position, share: SHARES[position] ?? 0 }
})

// What companies call themselves, one entry for each of the industries, in their order; `|` stands between words that
// mean about the same. Where the writing can't be turned into Latin letter by letter, the Latin word of the domain
// stands behind the slash; `_` stands for a space.
const TRADE_WORDS = {
  en: 'Software|Systems|Data|Cloudworks Retail|Stores|Markets Manufacturing|Machinery|Tools Consulting|Advisory Construction|Builders Logistics|Freight|Shipping Health|Clinics|Care Capital|Finance|Insurance Foods|Bakery|Coffee Properties|Estates Hotels|Travel Academy|Learning Media|Studios|Press Energy|Solar|Power Motors|Automotive Telecom|Networks Farms|Seeds Pharma|Labs Legal Chemicals|Coatings',
  de: 'Software|Systeme|Daten Handel|Warenhaus Maschinenbau|Werkzeuge|Metallbau Beratung Bau|Hochbau Logistik|Spedition Pflege|Medizintechnik Finanz|Versicherungen Feinkost|Bäckerei Immobilien Hotels|Reisen Akademie Medien|Verlag Energie|Solar Automobile Telekom Saatgut Pharma Recht Chemie|Lacke',
  fr: 'Logiciels|Systèmes Distribution|Magasins Mécanique|Outillage Conseil Bâtiment|Construction Logistique|Transports Santé|Cliniques Finance|Assurances Boulangerie|Épicerie Immobilier Hôtels|Voyages Formation Médias|Éditions Énergie|Solaire Automobiles Télécom Semences Pharma Juridique Chimie',
  es: 'Software|Sistemas Comercio|Tiendas Maquinaria|Herramientas Consultores Construcciones|Obras Logística|Transportes Salud|Clínicas Finanzas|Seguros Alimentos|Panadería Inmobiliaria Hoteles|Viajes Academia|Formación Medios|Editorial Energía|Solar Automoción Telecom Semillas Farma Abogados Química',
  it: 'Software|Sistemi Commercio|Negozi Macchine|Utensili Consulenza Costruzioni|Edilizia Logistica|Trasporti Salute|Cliniche Finanza|Assicurazioni Alimentari|Caffè Immobiliare Alberghi|Viaggi Formazione Editoria|Media Energia|Solare Automobili Telecom Sementi Farma Legale Chimica',
  pt: 'Software|Sistemas Comércio|Lojas Máquinas|Ferramentas Consultoria Construções|Obras Logística|Transportes Saúde|Clínicas Finanças|Seguros Alimentos|Café Imóveis Hotéis|Viagens Educação Mídia|Editora Energia|Solar Automóveis Telecom Sementes Farma Advocacia Química',
  pl: 'Oprogramowanie|Systemy Handel|Sklepy Maszyny|Narzędzia Doradztwo Budownictwo Logistyka|Transport Zdrowie|Kliniki Finanse|Ubezpieczenia Piekarnia|Kawa Nieruchomości Hotele|Podróże Edukacja Media|Wydawnictwo Energia Motoryzacja Telekom Nasiona Farmacja Prawo Chemia',
  sv: 'Programvara|System Handel|Butiker Maskin|Verktyg Konsult Bygg Logistik|Transport Vård|Hälsa Finans|Försäkring Bageri|Kaffe Fastigheter Hotell|Resor Utbildning Media|Förlag Energi|Solkraft Bil Telekom Lantbruk Läkemedel Juridik Kemi',
  nl: 'Software|Systemen Handel|Winkels Machines|Gereedschap Advies Bouw Logistiek|Transport Zorg|Klinieken Financiën|Verzekeringen Bakkerij|Koffie Vastgoed Hotels|Reizen Opleidingen Media|Uitgeverij Energie|Zonnestroom Autobedrijf Telecom Zaden Farma Recht Chemie',
  tr: 'Yazılım|Sistem Ticaret|Mağazaları Makine|Takım Danışmanlık İnşaat|Yapı Lojistik|Nakliyat Sağlık|Klinik Finans|Sigorta Gıda|Kahve Emlak Otel|Turizm Eğitim Medya|Yayınları Enerji|Güneş Otomotiv Telekom Tarım İlaç Hukuk Kimya',
  cs: 'Software|Systémy Obchod Strojírny|Nářadí Poradenství Stavby Logistika|Doprava Zdraví|Klinika Finance|Pojištění Pekárna|Káva Reality Hotely|Cestování Vzdělávání Média|Nakladatelství Energie Automobily Telekom Osiva Farmacie Právo Chemie',
  ru: 'Софт|Системы Торговля|Маркет Машины|Инструмент Консалтинг Строй Логистика|Транспорт Здоровье|Клиника Финанс|Страхование Продукты|Кофе Недвижимость Отели|Туризм Академия Медиа|Издательство Энергия Авто Телеком Агро Фарм Право Химия',
  uk: 'Софт|Системи Торгівля|Маркет Машини|Інструмент Консалтинг Буд Логістика|Транспорт Медицина|Клініка Фінанси|Страхування Продукти|Кава Нерухомість Готелі|Туризм Академія Медіа|Видавництво Енергія Авто Телеком Агро Фарма Право Хімія',
  el: 'Λογισμικό|Συστήματα Εμπορική|Καταστήματα Μηχανές|Εργαλεία Σύμβουλοι Κατασκευές Μεταφορές Υγεία|Κλινικές Ασφάλειες Τρόφιμα|Καφές Ακίνητα Ξενοδοχεία|Ταξίδια Ακαδημία Εκδόσεις Ενέργεια Αυτοκίνητα Τηλεπικοινωνίες Σπόροι Φάρμακα Νομική Χημικά',
  zh: '软件/ruanjian|数据/shuju 商贸/shangmao|百货/baihuo 机械/jixie|工具/gongju 咨询/zixun 建筑/jianzhu|工程/gongcheng 物流/wuliu|运输/yunshu 医疗/yiliao|健康/jiankang 金融/jinrong|保险/baoxian 食品/shipin|茶业/chaye 地产/dichan 酒店/jiudian|旅游/lvyou 教育/jiaoyu 传媒/chuanmei|出版/chuban 能源/nengyuan|光伏/guangfu 汽车/qiche 通信/tongxin 农业/nongye 制药/zhiyao 法律/falv 化工/huagong',
  ja: 'ソフトウェア/software|システム/system 商店/shoten|ストア/store 製作所/seisakusho|機械/kikai コンサルティング/consulting 建設/kensetsu|工務店/komuten 物流/butsuryu|運輸/unyu 医療/iryo|ヘルスケア/healthcare 金融/kinyu|保険/hoken 食品/shokuhin|珈琲/coffee 不動産/fudosan ホテル/hotel|観光/kanko 学院/gakuin 出版/shuppan|メディア/media 電力/denryoku|ソーラー/solar 自動車/jidosha 通信/tsushin 農園/noen 製薬/seiyaku 法務/homu 化学/kagaku',
  ko: '소프트/soft|시스템/system 유통/yutong|상회/sanghoe 기계/gigye|공구/gonggu 컨설팅/consulting 건설/geonseol 물류/mullyu|운송/unsong 의료/uiryo|헬스케어/healthcare 금융/geumyung|보험/boheom 식품/sikpum|커피/coffee 부동산/budongsan 호텔/hotel|여행/yeohaeng 교육/gyoyuk 미디어/media|출판/chulpan 에너지/energy|솔라/solar 자동차/jadongcha 통신/tongsin 농산/nongsan 제약/jeyak 법률/beomnyul 화학/hwahak',
  ar: 'للبرمجيات/software|للأنظمة/systems للتجارة/trading|للتسوق/stores للصناعة/industries|للآلات/machinery للاستشارات/consulting للمقاولات/contracting|للبناء/builders للنقل/transport|للشحن/shipping للرعاية_الصحية/healthcare للتمويل/finance|للتأمين/insurance للأغذية/foods|للقهوة/coffee للعقارات/properties للفنادق/hotels|للسياحة/travel للتعليم/learning للإعلام/media|للنشر/press للطاقة/energy للسيارات/motors للاتصالات/telecom للزراعة/farms للأدوية/pharma للمحاماة/legal للكيماويات/chemicals',
  he: 'תוכנה/software|מערכות/systems סחר/trade|חנויות/stores תעשיות/industries|מכונות/machines ייעוץ/consulting בנייה/building הובלה/transport|לוגיסטיקה/logistics בריאות/health|מרפאות/clinics פיננסים/finance|ביטוח/insurance מזון/foods|קפה/coffee נדל״ן/nadlan מלונות/hotels|תיירות/travel לימודים/learning מדיה/media|הוצאה/press אנרגיה/energy רכב/motors תקשורת/telecom זרעים/seeds פארמה/pharma משפטים/legal כימיה/chemicals',
}

/** What companies call themselves, by language: the words of each industry. */
export const TRADES = new Map(
  Object.entries(TRADE_WORDS).map(([language, line]) => [
    language,
    line.split(' ').map((entry) => parseNames(entry, '|')),
  ]),
)

/** The tenant's company sizes with their share of all companies. */
export const SIZES = [
  { name: '1-10', min: 1, max: 10, share: 42 },
  { name: '11-50', min: 11, max: 50, share: 27 },
  { name: '51-200', min: 51, max: 200, share: 15 },
  { name: '201-500', min: 201, max: 500, share: 8 },
  { name: '501-1,000', min: 501, max: 1000, share: 4 },
  { name: '1,001-5,000', min: 1001, max: 5000, share: 3 },
  { name: '5,000+', min: 5001, max: null, share: 1 },
] as const

const TITLES = {
  Management: 'Chief Executive Officer|Managing Director|Office Manager',
  Finance: 'Chief Financial Officer|Controller|Accountant',
  Sales: 'Head of Sales|Account Executive|Sales Development Representative|Key Account Manager',
  Marketing: 'Head of Marketing|Marketing Manager|Content Strategist',
  Engineering: 'Engineering Manager|Software Engineer|Data Analyst|Product Designer',
  IT: 'Head of IT|IT Administrator',
  Operations: 'Operations Manager|Plant Manager|Logistics Coordinator|Procurement Manager|Buyer',
  'Human Resources': 'HR Business Partner|Recruiter',
  Legal: 'Legal Counsel',
  'Customer Success': 'Customer Success Manager|Support Specialist',
}

/** Job titles with the department that has them. */
export const JOBS = Object.entries(TITLES).flatMap(([department, titles]) =>
  titles.split('|').map((title) => ({ title, department })),
)
