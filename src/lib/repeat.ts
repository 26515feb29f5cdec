/** Work that is done again and again. */
export interface Repeated {
  /** Does it now, or waits for the end of what runs: it never runs twice at once. */
  readonly tick: () => Promise<void>
  /** It isn't begun again by itself. Waits for the end of what runs. */
  readonly stop: () => Promise<void>
}

/** Does work every `intervalSeconds`, which keeps no process alive; 0 for never by itself. `work` must not throw. */
export function repeat(work: () => Promise<void>, intervalSeconds: number): Repeated {
  let running: Promise<void> | undefined
  const tick = (): Promise<void> => (running ??= work().finally(() => (running = undefined)))
  const timer = intervalSeconds === 0 ? undefined : setInterval(() => void tick(), intervalSeconds * 1000)
  timer?.unref()
  return {
    tick,
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
