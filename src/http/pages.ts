import { readFileSync } from 'node:fs'
import type { ApolloServerPlugin } from '@apollo/server'
import type { FastifyInstance } from 'fastify'
import { findBuiltFile, sendBuiltFile } from './built-files.js'
import { guardPage } from './page-guard.js'
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
  /** an operator's, the same way; asked for locally alone */
  readonly operatorToken: () => Promise<string>
  readonly tokenTtlSeconds: number
}

async function headers(
  { isLocal, token, operatorToken }: PageOptions,
  isOperator = false,
): Promise<Record<string, string>> {
  const signed = isLocal ? await (isOperator ? operatorToken() : token()) : undefined
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

const POLICY_IN_PAGE = /<meta http-equiv="Content-Security-Policy" content="([^"]+)"/

// A text that is cut out of another one keeps all of that in memory: 18 MB of a page.
const HEAD_BYTES = 8192

/** The policy that the head of a built page brings; as a header it can also keep the page out of frames. */
function policyOf(head: string): string {
  return `${POLICY_IN_PAGE.exec(head)?.[1] ?? "default-src 'none'"}; frame-ancestors 'none'`
}

/**
 * GraphiQL at `/graphiql`, from the built page alone: it works without any other host. Locally for browsers on this
 * machine; the options, which hold the token, for this page alone: an operator's with `?as=operator`, which `/graphiql#operator`
 * asks for. In production for everyone, without a token.
 */
export function addGraphiQL(app: FastifyInstance, builtPage: URL, options: PageOptions): void {
  const file = findBuiltFile(builtPage)
  const policy = policyOf(readFileSync(builtPage).toString('latin1', 0, HEAD_BYTES))
  const { isLocal } = options
  app.get('/graphiql', { compress: false, onRequest: guardPage(isLocal, { mayBeLinked: true }) }, (request, reply) =>
    sendBuiltFile(request, reply.header('content-security-policy', policy), file, 'text/html; charset=utf-8'),
  )
  app.get(
    '/graphiql/options.json',
    { onRequest: guardPage(isLocal, { mayBeLinked: false }) },
    async ({ query }, reply) => {
      const filledIn = await headers(options, (query as { as?: unknown }).as === 'operator')
      const { tokenTtlSeconds: expiresInSeconds } = options
      return reply.header('cache-control', 'no-store').send({
        title: 'Kith',
        query: FIRST_QUERY,
        ...(filledIn['authorization'] ? { headers: JSON.stringify(filledIn, null, 2), expiresInSeconds } : {}),
      })
    },
  )
}
