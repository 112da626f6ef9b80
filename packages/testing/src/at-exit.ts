const steps = new Set<() => void>()

process.once('exit', () => {
  for (const step of [...steps].reverse()) step()
})
// A test that is told to stop still tidies up: a signal alone runs no exit handler.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1))

/** Does something when the process ends, the newest first; answers how to take it back. */
export function atExit(step: () => void): () => void {
  steps.add(step)
  return () => void steps.delete(step)
}
