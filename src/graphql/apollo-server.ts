import { ApolloServer, type ApolloServerPlugin } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled'
import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql'
import { AppError, ERROR_CODES } from '../lib/errors.js'
import type { Tracing } from '../metrics/tracing.js'
import type { Metrics, RequestTiming } from '../metrics/metrics.js'
import { askedFields } from './asked-fields.js'
import type { GraphQLContext } from './context.js'
import { formatError, isFault, logFault, statusOfAnswer, toGraphQLError, type FaultLog } from './errors.js'
import { createSchema } from './executable-schema.js'
import { createExecutor, type ExecutorOptions } from './executor/executor.js'
import { executionBy, type Execution } from './executor/gateway.js'
import { isLarge } from './limits.js'
import { boundedErrors, checkRequest } from './request-checks.js'
import { addCustomFields } from './scope-fields.js'
import type { Services } from './services.js'
import { stringifyInTurns } from './stringify.js'

export interface ApolloOptions {
  /** the text of schema.graphql */
  readonly typeDefs: string
  /** whether the schema may be read by everyone; else by those with a token */
  readonly isIntrospectionOpen: boolean
  readonly log: FaultLog
  readonly metrics: Metrics
  /** undefined where nobody is told of requests */
  readonly tracing?: Tracing | undefined
  /** the services that the contexts of its requests have */
  readonly services: Pick<Services, 'limits' | 'turns'>
  /** makes the page that a browser gets; undefined for none */
  readonly landingPage: ApolloServerPlugin<GraphQLContext> | undefined
}

const MAX_TOKENS = 2000
// Clients choose names of operations, which may be as long as a body.
const MAX_LABEL_LENGTH = 100
const MAX_REPORTED_ERRORS = 5
const EXECUTOR: ExecutorOptions = {
  maxCoercionErrors: MAX_REPORTED_ERRORS,
  cache: { documents: 1000, size: 50_000 },
}

/** Apollo Server over the hand-written schema, with Kith's checks; not yet started. */
export function createApolloServer(options: ApolloOptions): ApolloServer<GraphQLContext> {
  const schema = createSchema(options.typeDefs)
  const { gateway, responseForOperation } = executionBy<GraphQLContext>(schema, createExecutor(schema, EXECUTOR))
  return new ApolloServer<GraphQLContext>({
    gateway,
    introspection: true,
    // What a browser sends to another site only after a preflight is no CSRF. A form or a link has none of these.
    csrfPrevention: { requestHeaders: ['authorization', 'apollo-require-preflight', 'x-apollo-operation-name'] },
    stringifyResult: (answer) => stringify(answer, options.services),
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: !options.isIntrospectionOpen,
    maxRecursiveSelections: true,
    parseOptions: { maxTokens: MAX_TOKENS },
    validationOptions: { maxErrors: MAX_REPORTED_ERRORS },
    // Fastify stops the process's signals; see main.ts.
    stopOnTerminationSignals: false,
    // It is on by default and wraps every resolver: 4.4 ms instead of 2.0 for 200 items of 8 fields.
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      requestPlugin(options, responseForOperation),
      // Without one of ours Apollo would serve its own.
      options.landingPage ?? ApolloServerPluginLandingPageDisabled(),
    ],
    formatError,
  })
}

function requestPlugin(
  { log, metrics, tracing }: ApolloOptions,
  responseForOperation: Execution<GraphQLContext>['responseForOperation'],
): ApolloServerPlugin<GraphQLContext> {
  return {
    requestDidStart({ request: { http }, contextValue: { work } }) {
      tracing?.begin(work, http?.headers.get('traceparent'))
      const startMs = performance.now()
      let requestedCost: number | null = null
      let asked: readonly string[] = []
      let leaveLane = (): void => undefined
      return Promise.resolve({
        async didResolveOperation({ schema, document, operation, request, contextValue }) {
          const { services, budget } = contextValue
          contextValue.work.label = operation?.name?.value.slice(0, MAX_LABEL_LENGTH) ?? 'anonymous'
          if (operation) asked = askedFields(schema, document, operation)
          try {
            await addCustomFields(contextValue, document, request.variables ?? {})
            if (operation) {
              checkRequest(schema, document, operation, request.variables ?? {}, contextValue, (cost) => {
                requestedCost = cost
                contextValue.visitor.cost = cost
              })
            }
            if (isLarge(requestedCost ?? 0, services.limits)) {
              budget.setLarge()
              leaveLane = await services.lane.enter(budget.deadlineMs)
            }
          } catch (error) {
            if (error instanceof AppError) throw toGraphQLError(error, { wholeRequest: true })
            throw error
          }
        },
        responseForOperation,
        unexpectedErrorProcessingRequest: () => {
          leaveLane()
          return Promise.resolve()
        },
        didEncounterErrors: ({ errors, contextValue }) => {
          for (const error of errors) logFault(log, contextValue.requestId, error)
          return Promise.resolve()
        },
        willSendResponse: ({ request, response, contextValue, operationName, queryHash, errors }) => {
          leaveLane()
          const { work, principal } = contextValue
          const client = request.http?.headers.get('apollographql-client-name') ?? ''
          const clientVersion = request.http?.headers.get('apollographql-client-version') ?? ''
          const tenantId = principal?.tenant.id ?? null
          const timing: RequestTiming = {
            label: operationName ?? 'anonymous',
            durationMs: performance.now() - startMs,
            failed: errors !== undefined && errors.length > 0,
            hash: queryHash ?? '',
            client,
            clientVersion,
            tenantId,
            fields: asked,
            statements: work.statements,
            rows: work.rows,
            isFault: contextValue.budget.failure()?.code === 'TIMEOUT' || (errors ?? []).some(isFault),
          }
          metrics.observeRequest(timing)
          tracing?.end(work, timing)
          const whole = statusOfAnswer(errors ?? [])
          if (whole) {
            response.http.status = whole.status
            for (const [name, value] of whole.headers) response.http.headers.set(name, value)
          }
          if (response.body.kind === 'single') {
            const failure = contextValue.budget.failure()
            if (failure) {
              response.http.status = ERROR_CODES[failure.code].status
              response.body = { kind: 'single', singleResult: { errors: [endedEarly(failure)] } }
            }
            const { singleResult } = response.body
            if (singleResult.errors) singleResult.errors = boundedErrors(singleResult.errors)
            if (requestedCost !== null) {
              const cost = { requested: requestedCost, limit: contextValue.services.limits.cost }
              singleResult.extensions = { ...singleResult.extensions, cost }
            }
            for (const error of singleResult.errors ?? []) {
              if (error.extensions) error.extensions['requestId'] = contextValue.requestId
            }
          }
          return Promise.resolve()
        },
      })
    },
  }
}

async function stringify(answer: FormattedExecutionResult, { limits, turns }: ApolloOptions['services']) {
  const { requested = 0 } = (answer.extensions?.['cost'] ?? {}) as { requested?: number }
  const text = isLarge(requested, limits) ? await stringifyInTurns(answer, turns) : JSON.stringify(answer)
  // For who reads it in a terminal.
  return `${text}\n`
}

/** What is said of a request that took too long or answers too much, instead of what it has by then. */
function endedEarly({ message, code, extensions }: AppError): GraphQLFormattedError {
  return { message, extensions: { ...extensions, code } }
}
