import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import type { TraceOptions } from '../../../src/metrics/tracing.js'
import { cloneDatabase } from '../../setup/database.js'
import { freePort } from '../../support/free-port.js'
import { startServerOver, type HttpServer } from '../support/http-server.js'

interface Attribute {
  readonly key: string
  readonly value: { readonly stringValue?: string; readonly intValue?: number | string; readonly doubleValue?: number }
}

/** A span as OTLP's JSON has it. */
interface OtlpSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: readonly Attribute[]
  readonly status: { readonly code?: number }
}

interface OtlpBody {
  readonly resourceSpans: {
    readonly resource: { readonly attributes: readonly Attribute[] }
    readonly scopeSpans: { readonly spans: OtlpSpan[] }[]
  }[]
}

const SECRET_NAME = 'Ada Secretson'

let collector: Server
let endpoint: string
let received: { url: string; headers: IncomingHttpHeaders; body: OtlpBody }[] = []

beforeAll(async () => {
  collector = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString()))
    request.on('end', () => {
      received.push({ url: request.url ?? '', headers: request.headers, body: JSON.parse(text) as OtlpBody })
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  }).listen(0, '127.0.0.1')
  await once(collector, 'listening')
  endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`
})

afterAll(() => {
  collector.closeAllConnections()
  collector.close()
})

beforeEach(() => {
  received = []
})

/** Sends some requests to a server with traces; its end sends what is left. */
async function traced(
  changes: Partial<TraceOptions>,
  work: (server: HttpServer, send: (query: string, traceparent?: string) => Promise<number>) => Promise<void>,
): Promise<{ spans: OtlpSpan[]; log: HttpServer['log'] }> {
  const traces = { endpoint, headers: { 'x-key': 'k' }, part: 1, ...changes }
  const server = await startServerOver(await cloneDatabase(), { traces })
  try {
    await work(server, async (query, traceparent) => {
      const authorization = `Bearer ${await server.token()}`
      const headers = { 'content-type': 'application/json', authorization, ...(traceparent ? { traceparent } : {}) }
      const options = { method: 'POST', headers, body: JSON.stringify({ query }) }
      return (await fetch(`${server.base}/graphql`, options)).status
    })
  } finally {
    await server.close()
  }
  const spans = received.flatMap(({ body }) =>
    body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)),
  )
  return { spans, log: server.log }
}

const attributesOf = ({ attributes }: Pick<OtlpSpan, 'attributes'>): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))

test('a request is a span, its statements and transactions are below it, in their time, without parameters', async () => {
  const { spans } = await traced({}, async ({ tenant }, send) => {
    await send(`mutation Make { createContact(input: { firstName: "${SECRET_NAME}" }) { contact { id } } }`)
    await send('query Page { contacts(first: 5) { nodes { fullName } totalCount } }')
    expect(tenant.settings.id).toMatch(/-/)
  })
  expect(received[0]).toMatchObject({
    url: '/v1/traces',
    headers: { 'content-type': 'application/json', 'x-key': 'k' },
  })
  const resource = attributesOf({ attributes: received[0]?.body.resourceSpans[0]?.resource.attributes ?? [] })
  expect(resource).toMatchObject({ 'service.name': 'kith', 'service.version': expect.any(String) })
  const page = spans.find(({ name }) => name === 'Page')
  expect(page).toMatchObject({ kind: 2, status: {} })
  expect(page?.parentSpanId).toBeUndefined()
  expect(attributesOf(page!)).toEqual({
    'graphql.operation.name': 'Page',
    'kith.statements': expect.anything(),
    'kith.rows': expect.anything(),
    'kith.tenant.id': expect.stringMatching(/^[0-9a-f-]{36}$/),
  })
  const below = spans.filter(({ parentSpanId }) => parentSpanId === page?.spanId)
  expect(below.map(({ name }) => name).toSorted()).toEqual([
    'count.contacts',
    'findContactsByIds',
    'list.contacts',
    'transaction keys',
    'transaction keys',
    'transaction read',
  ])
  for (const span of below) {
    expect(span.traceId).toBe(page?.traceId)
    const [from, to] = [BigInt(span.startTimeUnixNano), BigInt(span.endTimeUnixNano)]
    expect(to >= from).toBe(true)
    // Clocks of a millisecond.
    expect(from >= BigInt(page!.startTimeUnixNano) - 2_000_000n).toBe(true)
    expect(to <= BigInt(page!.endTimeUnixNano) + 2_000_000n).toBe(true)
  }
  const rows = below.find(({ name }) => name === 'findContactsByIds')
  expect([rows?.kind, attributesOf(rows!)]).toEqual([
    3,
    {
      'db.system.name': 'postgresql',
      'db.query.summary': 'findContactsByIds',
      'db.response.returned_rows': 1,
      'kith.database.role': 'kith_app',
    },
  ])
  expect(spans.some(({ name }) => name === 'insertRows.contacts')).toBe(true)
  expect(JSON.stringify(received)).not.toContain(SECRET_NAME)
})

test("a caller's trace goes on here, a wrong one begins anew, and a request that failed says so", async () => {
  const [traceId, spanId] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331']
  const { spans } = await traced({}, async (_, send) => {
    await send('query Called { me { role } }', `00-${traceId}-${spanId}-01`)
    await send('query Unwanted { me { role } }', `00-${traceId}-${spanId}-00`)
    await send('query Wrong { me { role } }', `00-${'0'.repeat(32)}-${spanId}-01`)
    await send('query Nonsense { me { role } }', 'x')
    await send('query Fails { contacts(first: 5, after: "x") { nodes { id } } }')
  })
  const byName = new Map(spans.map((span) => [span.name, span]))
  expect(byName.get('Called')).toMatchObject({ traceId, parentSpanId: spanId })
  for (const name of ['Wrong', 'Nonsense']) {
    expect(byName.get(name)?.traceId).not.toBe(traceId)
    expect(byName.get(name)?.parentSpanId).toBeUndefined()
  }
  expect(byName.get('Fails')?.status).toEqual({ code: 2 })
  expect([...byName.keys()].includes('Unwanted')).toBe(false)
})

test('a part of all requests alone is traced, whatever callers say', async () => {
  const { spans } = await traced({ part: 1e-12 }, async (_, send) => {
    for (let index = 0; index < 20; index++) {
      await send(
        'query Many { me { role } }',
        `00-ffffffffffffffffffffffffffffff${String(10 + index)}-b7ad6b7169203331-01`,
      )
    }
  })
  expect(spans).toEqual([])
})

test('without its collector the server serves all the same, says so once, and ends', async () => {
  const port = await freePort()
  const { log } = await traced({ endpoint: `http://127.0.0.1:${port}` }, async (_, send) => {
    for (let index = 0; index < 5; index++) expect(await send('{ me { role } }')).toBe(200)
  })
  expect(log.filter(({ msg }) => msg === 'traces could not be sent').length).toBeLessThanOrEqual(1)
})
