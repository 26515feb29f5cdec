import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { ApolloServerPlugin } from '@apollo/server'
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default'
import type { FastifyInstance } from 'fastify'

/** The query that both pages open with. */
export const FIRST_QUERY = `# The newest contacts, with their company and addresses.
query FirstContacts {
  contacts(first: 5) {
    totalCount
    nodes {
      id
      fullName
      jobTitle
      company {
        name
        industry {
          name
        }
      }
      emailAddresses {
        email
        isPrimary
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`

/** What the pages are filled in with: locally a token of the demo tenant. */
export interface PageOptions {
  readonly token: string | undefined
}

function headers({ token }: PageOptions): Record<string, string> {
  return token ? { authorization: `Bearer ${token}` } : {}
}

const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '[::1]'])
const LOOPBACK_ADDRESS = /^(127\.|::1$|::ffff:127\.)/

/**
 * Keeps the pages, which are filled in with a token, to browsers on this machine: a name that isn't loopback's may be
 * another site's that was pointed here (DNS rebinding), and an address that isn't belongs to somebody else.
 */
export function guardPages(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    const isPage = request.method === 'GET' && /^\/graph(i?)ql/.test(request.url)
    const isHere = LOOPBACK_NAMES.has(request.hostname) && LOOPBACK_ADDRESS.test(request.socket.remoteAddress ?? '')
    if (!isPage || isHere) return done()
    const extensions = { code: 'FORBIDDEN', requestId: request.id }
    void reply.code(403).send({ errors: [{ message: 'This page is for browsers on the same machine.', extensions }] })
  })
}

const OFFLINE = 'it appears that you might be offline.'

/**
 * Apollo Sandbox as the landing page of `/graphql`; it needs the browser to reach Apollo's hosts. What a browser shows
 * that can't points to GraphiQL, where that is served.
 */
export function sandboxPlugin<Context extends object>(
  options: PageOptions,
  hasGraphiQL: boolean,
): ApolloServerPlugin<Context> {
  const sandbox: ApolloServerPlugin<Context> = ApolloServerPluginLandingPageLocalDefault({
    footer: false,
    document: FIRST_QUERY,
    headers: headers(options),
    embed: {
      endpointIsEditable: false,
      runTelemetry: false,
      initialState: { sharedHeaders: headers(options), pollForSchemaUpdates: false },
    },
  })
  const hint = `${OFFLINE} <a href="/graphiql">GraphiQL</a> works offline.`
  return {
    async serverWillStart(server) {
      const listener = (await sandbox.serverWillStart?.(server)) ?? {}
      return {
        ...listener,
        async renderLandingPage() {
          const html = (await listener.renderLandingPage?.())?.html ?? ''
          const render = async (): Promise<string> => (typeof html === 'string' ? html : html())
          return { html: async () => (hasGraphiQL ? (await render()).replace(OFFLINE, hint) : render()) }
        },
      }
    },
  }
}

const ENCODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const

/** GraphiQL at `/graphiql`, from the built page alone: it works without any other host. */
export function addGraphiQL(app: FastifyInstance, builtPage: URL, options: PageOptions): void {
  const plain = readFileSync(builtPage)
  const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 27)}"`
  const packed = ENCODINGS.map(([encoding, suffix]) => ({
    encoding,
    body: readFileSync(new URL(`${builtPage.href}${suffix}`)),
  }))
  // The page brings a policy of its own, which lets it talk to this server alone.
  const config = { helmet: { contentSecurityPolicy: false as const }, compress: false as const }
  app.get('/graphiql', config, (request, reply) => {
    void reply.headers({ etag, 'cache-control': 'no-cache', vary: 'accept-encoding' })
    if (request.headers['if-none-match'] === etag) return reply.code(304).send()
    const accepted = request.headers['accept-encoding'] ?? ''
    const choice = packed.find(({ encoding }) => accepted.includes(encoding))
    void reply.type('text/html; charset=utf-8')
    return choice ? reply.header('content-encoding', choice.encoding).send(choice.body) : reply.send(plain)
  })
  app.get('/graphiql/options.json', (_request, reply) =>
    reply.header('cache-control', 'no-store').send({
      title: 'Kith',
      query: FIRST_QUERY,
      ...(options.token ? { headers: JSON.stringify(headers(options), null, 2) } : {}),
    }),
  )
}
