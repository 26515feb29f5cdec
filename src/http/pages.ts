import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { ApolloServerPlugin, GraphQLServerContext } from '@apollo/server'
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default'
import type { FastifyInstance, onRequestHookHandler } from 'fastify'
import { refusePage } from './page-guard.js'

/** The query that both pages open with. */
export const FIRST_QUERY = `# The newest contacts, with their company and addresses.
query FirstContacts {
  contacts(first: 5) {
    totalCount
    totalCountIsExact
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

/** What the pages are filled in with: locally a token of the demo tenant, signed anew each time a page asks. */
export interface PageOptions {
  /** undefined where there is nobody to be signed in as */
  readonly token: () => Promise<string | undefined>
  readonly tokenTtlSeconds: number
}

async function headers({ token }: PageOptions): Promise<Record<string, string>> {
  const signed = await token()
  return signed ? { authorization: `Bearer ${signed}` } : {}
}

const OFFLINE = 'it appears that you might be offline.'

/**
 * Apollo Sandbox as the landing page of `/graphql`, with a token of its own each time; it needs the browser to reach
 * Apollo's hosts. What a browser shows that can't points to GraphiQL, where that is served.
 */
export function sandboxPlugin<Context extends object>(
  options: PageOptions,
  hasGraphiQL: boolean,
): ApolloServerPlugin<Context> {
  const hint = `${OFFLINE} <a href="/graphiql">GraphiQL</a> works offline.`
  const html = async (server: GraphQLServerContext): Promise<string> => {
    const listener = await sandbox<Context>(await headers(options)).serverWillStart?.(server)
    const page = (await listener?.renderLandingPage?.())?.html ?? ''
    const text = typeof page === 'string' ? page : await page()
    return hasGraphiQL ? text.replace(OFFLINE, hint) : text
  }
  return {
    serverWillStart: async (server) => ({ renderLandingPage: async () => ({ html: () => html(server) }) }),
  }
}

// Apollo's plugin takes its headers once and for all; it does no more than to render the page.
function sandbox<Context extends object>(sharedHeaders: Record<string, string>): ApolloServerPlugin<Context> {
  return ApolloServerPluginLandingPageLocalDefault({
    footer: false,
    document: FIRST_QUERY,
    headers: sharedHeaders,
    embed: {
      endpointIsEditable: false,
      runTelemetry: false,
      initialState: { sharedHeaders, pollForSchemaUpdates: false },
    },
  })
}

const ENCODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const

/**
 * GraphiQL at `/graphiql`, from the built page alone: it works without any other host. For browsers on this machine; the
 * options, which hold the token, for this page alone.
 */
export function addGraphiQL(app: FastifyInstance, builtPage: URL, options: PageOptions): void {
  const plain = readFileSync(builtPage)
  const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 27)}"`
  const packed = ENCODINGS.map(([encoding, suffix]) => ({
    encoding,
    body: readFileSync(new URL(`${builtPage.href}${suffix}`)),
  }))
  // The page brings a policy of its own, which lets it talk to this server alone.
  const config = { helmet: { contentSecurityPolicy: false as const }, compress: false as const }
  const guard =
    (rules: { mayBeLinked: boolean }): onRequestHookHandler =>
    (request, reply, done) => {
      if (!refusePage(request, reply, rules)) done()
    }
  app.get('/graphiql', { ...config, onRequest: guard({ mayBeLinked: true }) }, (request, reply) => {
    void reply.headers({ etag, 'cache-control': 'no-cache', vary: 'accept-encoding' })
    if (request.headers['if-none-match'] === etag) return reply.code(304).send()
    const accepted = request.headers['accept-encoding'] ?? ''
    const choice = packed.find(({ encoding }) => accepted.includes(encoding))
    void reply.type('text/html; charset=utf-8')
    return choice ? reply.header('content-encoding', choice.encoding).send(choice.body) : reply.send(plain)
  })
  app.get('/graphiql/options.json', { onRequest: guard({ mayBeLinked: false }) }, async (_request, reply) => {
    const filledIn = await headers(options)
    const { tokenTtlSeconds: expiresInSeconds } = options
    return reply.header('cache-control', 'no-store').send({
      title: 'Kith',
      query: FIRST_QUERY,
      ...(filledIn['authorization'] ? { headers: JSON.stringify(filledIn, null, 2), expiresInSeconds } : {}),
    })
  })
}
