import {
  execute,
  getVariableValues,
  OperationTypeNode,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLError,
  type GraphQLSchema,
} from 'graphql'
import { CollectedErrors } from './collected-errors.js'
import type { Execution } from './execution.js'
import { rootSelectionOf } from './plan.js'
import { createPlanCache, type PlanCacheLimits } from './plan-cache.js'
import { createSchemaAnswers, type SchemaAnswers } from './schema-answers.js'
import { isPromise } from '../../lib/promise.js'
import { runFields, runFieldsSerially } from './run-plan.js'

/** What is executed. */
export interface ExecutedRequest {
  /** parsed and valid; the same object for the same text, as far as possible */
  readonly document: DocumentNode
  readonly operationName?: string | null | undefined
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined
  readonly context: unknown
  readonly rootValue?: unknown
}

/** Gives what graphql-js's `execute` gives, at once where no resolver has to be waited for. Never rejects. */
export type Executor = (request: ExecutedRequest) => ExecutionResult | Promise<ExecutionResult>

export interface ExecutorOptions {
  /** how many errors of variables are told */
  readonly maxCoercionErrors: number
  readonly cache: PlanCacheLimits
}

/**
 * An executor that plans each document once: which fields an object has, how each is resolved and completed. The answer
 * is the one of graphql-js, to the order of keys and errors, and so is the order of calls of resolvers; `info` is read
 * on demand. The arguments of a field are read once a request, so resolvers must not change them.
 */
export function createExecutor(schema: GraphQLSchema, { maxCoercionErrors, cache }: ExecutorOptions): Executor {
  const plans = createPlanCache(schema, cache)
  const schemaAnswers: SchemaAnswers = createSchemaAnswers()
  return (request) => {
    const { document, operationName, variables, context, rootValue } = request
    const planned = plans.find(document, operationName)
    if (!planned) return executeUnplanned(schema, maxCoercionErrors, request)
    const { operation, planFor } = planned
    const read = getVariableValues(schema, operation.variableDefinitions ?? [], variables ?? {}, {
      maxErrors: maxCoercionErrors,
    })
    if (read.errors) return { errors: read.errors }
    const plan = planFor(read.coerced)
    const known = schemaAnswers.find(plan)
    if (known) return { data: known }
    const run: Execution = {
      plan,
      context,
      rootValue,
      variables: read.coerced,
      errors: new CollectedErrors(),
      args: [],
      visible: [],
    }
    const end = (value: unknown): ExecutionResult => {
      plans.settle(document)
      const data = value as ExecutionResult['data'] & null
      const { errors } = run.errors
      if (errors.length === 0) schemaAnswers.keep(plan, data)
      return errors.length === 0 ? { data } : { errors, data }
    }
    const fail = (error: unknown): ExecutionResult => {
      run.errors.add(error as GraphQLError, undefined)
      return end(null)
    }
    try {
      const root = rootSelectionOf(plan)
      const isSerial = operation.operation === OperationTypeNode.MUTATION
      const data = isSerial ? runFieldsSerially(run, root, rootValue) : runFields(run, root, rootValue, undefined)
      return isPromise(data) ? data.then(end, fail) : end(data)
    } catch (error) {
      return fail(error)
    }
  }
}

// graphql-js says best what is wrong with a request without an operation.
function executeUnplanned(
  schema: GraphQLSchema,
  maxCoercionErrors: number,
  { document, operationName, variables, context, rootValue }: ExecutedRequest,
): ExecutionResult | Promise<ExecutionResult> {
  return execute({
    schema,
    document,
    rootValue,
    contextValue: context,
    operationName: operationName ?? null,
    variableValues: variables ?? null,
    options: { maxCoercionErrors },
  })
}
