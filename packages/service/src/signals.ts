import type { FastifyBaseLogger } from 'fastify'

/** Ends the process once, in good order, at SIGTERM or SIGINT; and at once after a fault that nobody handled. */
export function stopOnSignal(log: FastifyBaseLogger, stop: () => Promise<void>): void {
  let stopping = false
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping) return
      stopping = true
      log.info({ signal }, 'stopping')
      stop()
        .then(() => process.exit(0))
        .catch((error: unknown) => {
          log.error({ err: error }, 'stopped with an error')
          process.exit(1)
        })
    })
  }
  process.on('unhandledRejection', (error) => {
    // It leaves unknown state behind: end, and be started again.
    log.fatal({ err: error }, 'unhandled rejection')
    process.exit(1)
  })
}
