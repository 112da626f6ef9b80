import type { DevRun } from '@hospital/stack'
import { readConfig } from '@hospital/stack/config'
import { explain } from '@hospital/stack/failure'
import { complain, say } from '@hospital/stack/terminal'
import { startStack } from '../start/start-stack.ts'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** `hospital start`: everything on this machine, until Ctrl-C. `dev` is how programs run while somebody works on them. */
export async function start(_words: string[] = [], dev?: DevRun): Promise<number> {
  const config = readConfig()
  const asked = Promise.withResolvers<void>()
  const stop = new AbortController()
  for (const signal of signals) {
    process.on(signal, () => {
      stop.abort()
      asked.resolve()
    })
  }
  const stack = await startStack(config, stop.signal, dev).catch((error: unknown) => {
    if (stop.signal.aborted) return undefined
    throw error
  })
  if (stack === undefined) {
    say('Stopped before everything was up.')
    return 130
  }
  await asked.promise
  say('\nStopping …')
  try {
    await stack.stop()
  } catch (error) {
    complain(explain(error))
    return 1
  }
  say('Stopped. The data stays; "npm start" continues with it.')
  return 0
}
