import type { ChildProcess } from 'node:child_process'
import { hasExited } from './embedded/child.ts'
import { explain } from './failure.ts'

/** A process, and how to end it. */
export interface Started {
  process: ChildProcess
  stop(): Promise<void>
}

export interface Supervised {
  pid(): number | undefined
  /** How often it ended by itself. */
  ends(): number
  stop(): Promise<void>
}

interface SuperviseOptions {
  name: string
  start(): Promise<Started>
  /** It runs again, under another pid. */
  onRestart(): void
  say(line: string): void
}

const firstPauseMs = 100
const longestPauseMs = 10_000
/** Who ran this long is healthy: the next end is the first again. */
const healthyAfterMs = 30_000

/** Starts a process and starts it again whenever it ends, with growing pauses, until it is stopped. */
export async function supervise(options: SuperviseOptions): Promise<Supervised> {
  const stopping = Promise.withResolvers<void>()
  let isStopping = false
  let ends = 0
  let failures = 0
  let current = await options.start()

  const restart = async (): Promise<void> => {
    while (!isStopping) {
      const pauseMs = Math.min(firstPauseMs * 2 ** Math.max(failures - 1, 0), longestPauseMs)
      await Promise.race([new Promise((resolve) => setTimeout(resolve, pauseMs)), stopping.promise])
      if (isStopping) return
      try {
        current = await options.start()
        options.onRestart()
        return
      } catch (error) {
        failures += 1
        options.say(`${options.name} did not start: ${explain(error)}`)
      }
    }
  }

  const watch = async (): Promise<void> => {
    while (!isStopping) {
      const startedAt = Date.now()
      const how = await ended(current.process)
      if (isStopping) return
      ends += 1
      failures = Date.now() - startedAt > healthyAfterMs ? 1 : failures + 1
      options.say(`${options.name} ended (${how}); starting it again`)
      await restart()
    }
  }
  const watching = watch()

  return {
    pid: () => current.process.pid,
    ends: () => ends,
    async stop() {
      isStopping = true
      stopping.resolve()
      await current.stop()
      await watching
      await current.stop() // in case it was being started at that moment
    },
  }
}

async function ended(child: ChildProcess): Promise<string> {
  if (!hasExited(child)) await new Promise((resolve) => child.once('exit', resolve))
  return child.signalCode ?? `exit code ${child.exitCode}`
}
