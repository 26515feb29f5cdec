import { Agent, request } from 'node:http'

/** One connection's part of a work: what it sends next, and what it makes of each answer. */
export interface Sender {
  readonly variables: () => object
  /** @throws Error where the answer isn't what it should be */
  readonly accept: (answer: string) => void
}

/** The token of the metrics of the servers that are measured. */
export const METRICS_TOKEN = 'a token for the metrics of a bench'

/** A GraphQL request that is sent again and again. */
export interface Work {
  readonly name: string
  readonly query: string
  /** The part of one connection, by its number from 0. */
  readonly open: (connection: number) => Sender
}

/** Where requests go. */
export interface Target {
  /** of the server, as `http://127.0.0.1:4000` */
  readonly address: string
  /** of an ADMIN unless another role is asked for */
  readonly token: string
}

/** What came of a load, latencies in milliseconds. */
export interface Load {
  readonly latencies: readonly number[]
  readonly durationMs: number
}

/**
 * Sends the work over so many connections for some time, each waiting for its answer before it sends again.
 * @throws Error at the first answer that the work doesn't accept
 */
export async function drive(target: Target, work: Work, connections: number, durationMs: number): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const latencies: number[] = []
  const startedAtMs = performance.now()
  const loop = async (connection: number): Promise<void> => {
    const { variables, accept } = work.open(connection)
    while (performance.now() - startedAtMs < durationMs) {
      const body = JSON.stringify({ query: work.query, variables: variables() })
      const sentAtMs = performance.now()
      const answer = await send(agent, target, '/graphql', body)
      latencies.push(performance.now() - sentAtMs)
      accept(answer)
    }
  }
  try {
    await Promise.all(Array.from({ length: connections }, (_, connection) => loop(connection)))
    return { latencies, durationMs: performance.now() - startedAtMs }
  } finally {
    agent.destroy()
  }
}

/** The data of an answer. @throws Error with the answer where it holds errors or no data */
export function dataOf(answer: string): Record<string, unknown> {
  const { data, errors } = JSON.parse(answer) as { data?: Record<string, unknown>; errors?: unknown }
  if (!data || errors) throw new Error(`The server answered: ${answer.slice(0, 500)}`)
  return data
}

/** The data of one request. @throws Error with the answer where it holds errors or no data */
export async function ask(target: Target, query: string, variables: object = {}): Promise<Record<string, unknown>> {
  const agent = new Agent()
  try {
    return dataOf(await send(agent, target, '/graphql', JSON.stringify({ query, variables })))
  } finally {
    agent.destroy()
  }
}

/** What a server has done since its start. */
export interface ServerWork {
  /** SQL statements; BEGIN and COMMIT are none */
  readonly statements: number
  /** CPU time of its own process, without the database's */
  readonly cpuMs: number
}

/** What a server has done, by its own metrics. @throws Error where they don't say */
export async function readServerWork(target: Target): Promise<ServerWork> {
  const agent = new Agent()
  try {
    const metrics = await send(agent, { ...target, token: METRICS_TOKEN }, '/metrics')
    const counts = [...metrics.matchAll(/^kith_statement_duration_seconds_count\{.*\} (\d+)$/gm)]
    const [, cpuSeconds] = /^kith_process_cpu_seconds_total (\S+)$/m.exec(metrics) ?? []
    if (counts.length === 0 || !cpuSeconds) throw new Error(`not the metrics of Kith: ${metrics.slice(0, 500)}`)
    return { statements: counts.reduce((sum, [, count]) => sum + Number(count), 0), cpuMs: Number(cpuSeconds) * 1000 }
  } finally {
    agent.destroy()
  }
}

/** Posts a body, or gets the path where there is none, and returns the text of the answer, whatever its status. */
export function send(agent: Agent, { address, token }: Target, path: string, body?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const content =
      body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    const options = {
      method: body === undefined ? 'GET' : 'POST',
      agent,
      headers: { ...content, authorization: `Bearer ${token}` },
    }
    const sent = request(`${address}${path}`, options, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve(Buffer.concat(chunks).toString()))
      response.on('error', reject)
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
