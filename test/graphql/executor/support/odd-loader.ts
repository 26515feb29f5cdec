interface Loading {
  readonly calls: string[]
  readonly loader: { queue: { readonly key: string; readonly settle: (value: string) => void }[] }
}

/** Loads together what is asked for before the event loop goes on, as DataLoader does; batches are told among the calls. */
export function batchLoad({ calls, loader }: Loading, key: string): Promise<string> {
  return new Promise((settle) => {
    if (loader.queue.push({ key, settle }) > 1) return
    void Promise.resolve().then(() =>
      process.nextTick(() => {
        const { queue } = loader
        loader.queue = []
        calls.push(`batch ${queue.map((queued) => queued.key).join(' ')}`)
        for (const queued of queue) queued.settle(`loaded ${queued.key}`)
      }),
    )
  })
}
