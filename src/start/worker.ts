import closeWithGrace from 'close-with-grace'
import { AggregatorRegistry, type Registry } from 'prom-client'
import type { Config } from '../config.js'
import { FAULT_SIGNALS } from './fault-signals.js'
import { serve, type Ready, type Serving } from './serve.js'
import { onStopSignals, STOP_SIGNALS } from './stop-signals.js'
import { reasonOf, say } from './words.js'
import type { ToPrimary, ToWorker } from './worker-messages.js'

// What the drain cuts is closed at once, and the pool with it.
const CLOSE_MS = 5000

/**
 * Serves as one of several processes: what is ready comes from the first one, and so does the word to stop. When the
 * first one is gone, Node ends its workers.
 */
export function runWorker(config: Config): void {
  let serving: Promise<Serving> | undefined
  const grace = closeWithGrace(
    {
      delay: config.KITH_DRAIN_SECONDS * 1000 + CLOSE_MS,
      logger: false,
      skip: [...STOP_SIGNALS, ...FAULT_SIGNALS],
    },
    async ({ err }) => {
      if (err) say(`kith: worker ${process.pid}: ${err.stack ?? err.message}`)
      // Where it never served, there is nothing to close.
      await (await serving?.catch(() => undefined))?.close()
    },
  )
  let isStopping = false
  const stop = (): void => {
    if (isStopping) return
    isStopping = true
    void grace.close()
  }
  // A terminal interrupts all processes at once: the first one says what is to be done.
  onStopSignals((signal) => signal !== 'SIGINT' && stop())
  const metrics = createMetricsQuestions()
  const begin = async (ready: Ready): Promise<void> => {
    try {
      serving = serve(config, ready, { shareMetrics: (own) => metrics.share(own) })
      tell({ kind: 'serving', address: (await serving).address })
    } catch (error) {
      say(`kith: worker ${process.pid}: ${reasonOf(error)}`)
      process.exit(1)
    }
  }
  // What adds up metrics sends messages of its own.
  process.on('message', (message: ToWorker | { readonly kind?: undefined }) => {
    if (message.kind === 'serve') void begin(message.ready)
    else if (message.kind === 'metrics') metrics.answer(message.id, message.text)
    else if (message.kind === 'stop') stop()
  })
  tell({ kind: 'loaded' })
}

function tell(message: ToPrimary): void {
  process.send?.(message)
}

/** Questions for the metrics of all workers, which the first process answers. */
function createMetricsQuestions() {
  const open = new Map<number, (text: string | undefined) => void>()
  let lastId = 0
  return {
    share(own: Registry) {
      AggregatorRegistry.setRegistries([own])
      // It listens for the first process's questions about this one.
      new AggregatorRegistry()
      return async (): Promise<string> => {
        const id = (lastId += 1)
        const text = await new Promise<string | undefined>((resolve) => {
          open.set(id, resolve)
          tell({ kind: 'metrics', id })
        })
        if (text === undefined) throw new Error('The metrics of all workers could not be read.')
        return text
      }
    },
    answer(id: number, text: string | undefined) {
      open.get(id)?.(text)
      open.delete(id)
    },
  }
}
