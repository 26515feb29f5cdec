/** What asks a process to stop. */
export const STOP_SIGNALS = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGUSR2', 'SIGTERM'] as const

const SAME_SIGNAL_MS = 1000

/**
 * Calls `onSignal` for each stop signal from now on, but not for a copy: Ctrl-C reaches the server from the terminal and from
 * npm, milliseconds apart. The listeners stay for good, so close-with-grace is not to have these signals: it takes its own
 * away at the first one before it adds others, and a copy in that gap ended the process at once (4 of 60).
 */
export function onStopSignals(onSignal: (signal: NodeJS.Signals) => void): void {
  const lastSeenAtMs = new Map<NodeJS.Signals, number>()
  for (const signal of STOP_SIGNALS) {
    process.on(signal, () => {
      const nowMs = performance.now()
      const isCopy = nowMs - (lastSeenAtMs.get(signal) ?? -Infinity) < SAME_SIGNAL_MS
      lastSeenAtMs.set(signal, nowMs)
      if (!isCopy) onSignal(signal)
    })
  }
}
