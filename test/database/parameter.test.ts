import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import pg from 'pg'
import { parameterText } from '../../src/database/parameter.js'
import { rowDecoder } from '../../src/database/row-decoder.js'
import { cloneDatabase } from '../setup/database.js'
import { testSeed } from '../setup/test-run.js'

let client: pg.Client

beforeAll(async () => {
  client = new pg.Client({ connectionString: (await cloneDatabase()).adminUrl })
  await client.connect()
})

afterAll(() => client.end())

/** What PostgreSQL makes of a parameter, as text. */
async function asText(value: unknown, type: string): Promise<unknown> {
  const { rows } = await client.query<{ text: unknown }>(`select ($1::${type})::text as text`, [parameterText(value)])
  return rows[0]?.text
}

describe('a value as a parameter', () => {
  test.each([
    [null, 'text', null],
    [undefined, 'text', null],
    ['', 'text', ''],
    [-1.5, 'float8', '-1.5'],
    [9_007_199_254_740_993n, 'bigint', '9007199254740993'],
    [false, 'boolean', 'false'],
    [new Date(Date.UTC(2026, 1, 3, 4, 5, 6, 7)), `timestamptz`, '2026-02-03 04:05:06.007+00'],
    [{ a: [1, null] }, 'jsonb', '{"a": [1, null]}'],
    [['a', null, undefined, 'NULL', ''], 'text[]', '{a,NULL,NULL,"NULL",""}'],
    [
      [
        [1, 2],
        [3, 4],
      ],
      'int[]',
      '{{1,2},{3,4}}',
    ],
    [[new Date(0)], 'timestamptz[]', '{"1970-01-01 00:00:00+00"}'],
  ])('%j as %s is %s', async (value, type, text) => {
    await client.query(`set timezone = 'UTC'`)
    expect(await asText(value, type)).toBe(text)
  })

  test.each([[() => 1], [Symbol('s')]])('%p is none', (value) => {
    expect(() => parameterText(value)).toThrow(TypeError)
  })

  test('texts come back as they were, alone and in arrays', async () => {
    const text = fc.string({ unit: 'binary' }).filter((value) => !value.includes('\0') && value.isWellFormed())
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(text)), async (texts) => {
        const { rows } = await client.query<{ texts: unknown }>('select to_jsonb($1::text[]) as texts', [
          parameterText(texts),
        ])
        expect(rows[0]?.texts).toEqual(texts)
      }),
      { seed: testSeed(), numRuns: 200 },
    )
  })
})

describe('a row from its texts', () => {
  /** The row of a SELECT, decoded; its texts come as PostgreSQL writes them. */
  async function decoded(select: string): Promise<unknown> {
    const { fields, rows } = await client.query<(string | null)[]>({
      text: select,
      rowMode: 'array',
      types: { getTypeParser: () => (text: string) => text },
    } as never)
    return rows.map((row) => rowDecoder(fields)(row))
  }

  test('each type as it is said', async () => {
    await client.query(`set timezone = 'UTC'`)
    expect(
      await decoded(`select 1::int2 as a, -2::int4 as b, 9007199254740993::int8 as c, 1.10::numeric as d, 1.5::float8 as e,
        true as f, false as g, null::int as h, date '0044-03-15' as i, '{"a":1}'::jsonb as j, array['x', null] as k,
        array[1, 2] as l, 'é'::text as m, '00000000-0000-0000-0000-00000000000a'::uuid as n`),
    ).toEqual([
      {
        ...{ a: 1, b: -2, c: '9007199254740993', d: '1.10', e: 1.5, f: true, g: false, h: null },
        ...{ i: '0044-03-15', j: { a: 1 }, k: ['x', null], l: [1, 2], m: 'é' },
        n: '00000000-0000-0000-0000-00000000000a',
      },
    ])
  })

  test('a column may have any name', async () => {
    expect(await decoded(`select 1 as "it's \\ ""quoted""", 2 as "__proto", 3 as "constructor"`)).toEqual([
      { [`it's \\ "quoted"`]: 1, __proto: 2, constructor: 3 },
    ])
  })

  test.each(['UTC', 'Asia/Kathmandu', 'America/St_Johns'])('moments are ISO texts in UTC, read in %s', async (zone) => {
    await client.query(`set timezone = '${zone}'`)
    const moments = fc.date({
      min: new Date('0100-01-01T00:00:00Z'),
      max: new Date('9999-12-31T00:00:00Z'),
      noInvalidDate: true,
    })
    await fc.assert(
      fc.asyncProperty(fc.array(moments, { minLength: 1 }), async (dates) => {
        const texts = dates.map((date) => date.toISOString())
        const rows = await decoded(
          `select m from unnest(array[${texts.map((text) => `'${text}'`).join()}]::timestamptz[]) as m`,
        )
        expect(rows).toEqual(texts.map((m) => ({ m })))
      }),
      { seed: testSeed(), numRuns: 50 },
    )
  })
})
