import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { ApolloServerPlugin } from '@apollo/server'
import type { FastifyInstance, onRequestHookHandler } from 'fastify'
import { refusePage } from './page-guard.js'
import { sandboxPage } from './sandbox-page.js'

/** The query that both pages open with. */
export const FIRST_QUERY = `# The newest contacts, with their company, addresses and custom fields.
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
      customFields {
        key
        value
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`

/** For whom the pages are, and what they are filled in with. */
export interface PageOptions {
  /** for browsers on this machine alone, as they hold a token; else for everyone, without one */
  readonly isLocal: boolean
  /**
   * a token of the demo tenant, signed anew each time a page asks; undefined where there is nobody to be signed in as
   */
  readonly token: () => Promise<string | undefined>
  readonly tokenTtlSeconds: number
}

async function headers({ isLocal, token }: PageOptions): Promise<Record<string, string>> {
  const signed = isLocal ? await token() : undefined
  return signed ? { authorization: `Bearer ${signed}` } : {}
}

/**
 * Apollo Sandbox as the landing page of `/graphql`, locally with a token of its own each time; it needs the browser to
 * reach Apollo's hosts. What a browser shows that can't points to GraphiQL, where that is served.
 */
export function sandboxPlugin<Context extends object>(
  options: PageOptions,
  hasGraphiQL: boolean,
): ApolloServerPlugin<Context> {
  const html = async (): Promise<string> =>
    sandboxPage({ document: FIRST_QUERY, headers: await headers(options), hasGraphiQL })
  return { serverWillStart: async () => ({ renderLandingPage: async () => ({ html }) }) }
}

const ENCODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const

const POLICY_IN_PAGE = /<meta http-equiv="Content-Security-Policy" content="([^"]+)"/

/** The policy that a built page brings; as a header it can also keep the page out of frames. */
function policyOf(page: string): string {
  return `${POLICY_IN_PAGE.exec(page)?.[1] ?? "default-src 'none'"}; frame-ancestors 'none'`
}

/**
 * GraphiQL at `/graphiql`, from the built page alone: it works without any other host. Locally for browsers on this
 * machine; the options, which hold the token, for this page alone. In production for everyone, without a token.
 */
export function addGraphiQL(app: FastifyInstance, builtPage: URL, options: PageOptions): void {
  const plain = readFileSync(builtPage)
  const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 27)}"`
  const packed = ENCODINGS.map(([encoding, suffix]) => ({
    encoding,
    body: readFileSync(new URL(`${builtPage.href}${suffix}`)),
  }))
  const policy = policyOf(plain.toString())
  const guard =
    (rules: { mayBeLinked: boolean }): onRequestHookHandler =>
    (request, reply, done) => {
      if (!options.isLocal || !refusePage(request, reply, rules)) done()
    }
  app.get('/graphiql', { compress: false, onRequest: guard({ mayBeLinked: true }) }, (request, reply) => {
    void reply.headers({
      etag,
      'cache-control': 'no-cache',
      vary: 'accept-encoding',
      'content-security-policy': policy,
    })
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
