import { Agent, request } from 'node:http'

/** A GraphQL request: its document and the variables that it is sent with in turn. */
export interface Work {
  readonly query: string
  readonly variants: readonly object[]
}

/** Where requests go. */
export interface Target {
  /** of the endpoint */
  readonly url: string
  readonly token: string
}

/** What came of a load, latencies in milliseconds. */
export interface Load {
  readonly latencies: readonly number[]
  readonly durationMs: number
}

/**
 * Sends the work over so many connections for some time, each waiting for its answer before it sends again. The variants
 * are used in turn.
 * @throws Error at the first answer that isn't a whole one
 */
export async function drive(target: Target, work: Work, connections: number, durationMs: number): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const bodies = work.variants.map((variables) => JSON.stringify({ query: work.query, variables }))
  const latencies: number[] = []
  const startedAtMs = performance.now()
  let next = 0
  const loop = async (): Promise<void> => {
    while (performance.now() - startedAtMs < durationMs) {
      const sentAtMs = performance.now()
      const answer = await post(agent, target, bodies[next++ % bodies.length] ?? '')
      latencies.push(performance.now() - sentAtMs)
      if (!answer.startsWith('{"data":{')) throw new Error(`The server answered: ${answer.slice(0, 500)}`)
    }
  }
  try {
    await Promise.all(Array.from({ length: connections }, loop))
    return { latencies, durationMs: performance.now() - startedAtMs }
  } finally {
    agent.destroy()
  }
}

/** The data of one request. @throws Error with the errors of the answer */
export async function ask(target: Target, query: string, variables: object): Promise<Record<string, unknown>> {
  const agent = new Agent()
  const answer = JSON.parse(await post(agent, target, JSON.stringify({ query, variables }))) as {
    data?: Record<string, unknown>
    errors?: unknown
  }
  agent.destroy()
  if (!answer.data || answer.errors) throw new Error(`The server answered: ${JSON.stringify(answer)}`)
  return answer.data
}

function post(agent: Agent, { url, token }: Target, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      authorization: `Bearer ${token}`,
    }
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve(Buffer.concat(chunks).toString()))
      response.on('error', reject)
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
