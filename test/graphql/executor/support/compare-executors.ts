import { execute, GraphQLError, parse, validate, type ExecutionResult } from 'graphql'
import { createExecutor } from '../../../../src/graphql/executor/executor.js'
import { choicesOf } from './chance.js'
import { createOddSchema, rootOf } from './odd-schema.js'
import type { OddContext } from './odd-values.js'
import { randomOperation } from './random-operation.js'

/** What a comparison found. */
export interface Comparison {
  readonly operations: number
  /** how many of them gave errors */
  readonly failing: number
  /** how many were answered at once, without a promise */
  readonly immediate: number
  /** the first operation that the two answered otherwise, with both answers and calls; null where none was */
  readonly difference: object | null
  /** promises that the executor left to fail unheard */
  readonly unheard: readonly string[]
}

const MAX_COERCION_ERRORS = 3

// In a process of its own, as graphql-js 16 leaves promises behind that fail unheard, where a list ends at once while
// its items go on; jest fails for them.
const [seed = '', count = ''] = process.argv.slice(2)
// Writing the stack of each error would take most of the time.
Error.stackTraceLimit = 0
console.log(JSON.stringify(await compareExecutors(seed, Number(count))))

/** Runs so many random operations through graphql-js and through the executor, until one differs. */
async function compareExecutors(seed: string, count: number): Promise<Comparison> {
  const schema = createOddSchema()
  const executor = createExecutor(schema, {
    maxCoercionErrors: MAX_COERCION_ERRORS,
    cache: { documents: 50, size: 5000 },
  })
  const unheard: string[] = []
  let isOurs = false
  process.on('unhandledRejection', (reason) => void (isOurs && unheard.push(String(reason))))
  let [operations, failing, immediate] = [0, 0, 0]
  let difference: object | null = null
  for (; operations < count && difference === null; operations++) {
    const name = `${seed} ${operations}`
    const { text, operationName, variables } = randomOperation(schema, name)
    const document = parse(text)
    const invalid = validate(schema, document).map(({ message }) => message)
    const theirs = await tell(name, (contextValue) =>
      execute({
        ...{
          schema,
          document,
          operationName,
          variableValues: variables,
          contextValue,
          rootValue: rootOf(contextValue),
        },
        options: { maxCoercionErrors: MAX_COERCION_ERRORS },
      }),
    )
    isOurs = true
    const ours = await tell(name, (context) =>
      executor({ document, operationName, variables, context, rootValue: rootOf(context) }),
    )
    isOurs = false
    if (invalid.length > 0 || JSON.stringify(ours) !== JSON.stringify(theirs)) {
      difference = { name, text, variables, invalid, theirs, ours }
    }
    if (theirs.errors) failing += 1
    if (!theirs.isLate) immediate += 1
  }
  return { operations, failing, immediate, difference, unheard }
}

/** A whole result with the order of its keys, all that its errors carry, and the calls that were made for it. */
async function tell(name: string, run: (context: OddContext) => ReturnType<typeof execute>) {
  const { pick } = choicesOf(`${name} context`)
  const calls: string[] = []
  const context = {
    seed: name,
    trouble: pick([0, 0.02, 0.1, 0.4]),
    delay: pick([0, 0.2, 0.6]),
    calls,
    loader: { queue: [] },
  }
  const running = run(context)
  const isLate = running instanceof Promise
  const result: ExecutionResult = await running
  const errors = result.errors?.map((error) => ({
    ...error.toJSON(),
    isError: error instanceof GraphQLError,
    positions: error.positions,
    nodes: error.nodes?.map(({ kind, loc }) => [kind, loc?.start, loc?.end]),
    original: error.originalError && `${error.originalError.name}: ${error.originalError.message}`,
  }))
  const told = { isLate, keys: Object.keys(result), data: JSON.stringify(result.data), errors, calls }
  // A field that failed doesn't end what goes on beside it: ten levels may wait for a turn of the event loop each.
  for (let turn = 0; turn < 12; turn++) await new Promise((resolve) => setImmediate(resolve))
  return told
}
