import type { FastifyBaseLogger } from 'fastify'
import type { Running } from './process.ts'

/**
 * Runs `work` every `everyMs`, never twice at the same time in this process. A failure is logged and tried again at the
 * next turn; several instances must agree in the database (locks), not here.
 */
export function startJob(name: string, everyMs: number, log: FastifyBaseLogger, work: () => Promise<void>): Running {
  let running: Promise<void> | null = null
  const turn = () => {
    running ??= work()
      .catch((error: unknown) => log.error({ err: error, job: name }, 'job failed'))
      .finally(() => {
        running = null
      })
  }
  const timer = setInterval(turn, everyMs)
  return {
    async close() {
      clearInterval(timer)
      await running
    },
  }
}
