import { globSync, watch } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const folders = ['{gateway,services/*,packages/*}/{src,test}', 'migrations']
/** An editor writes in several steps, a checkout writes many files. */
const settleMs = 200

/** Carries out a round, and another after each change of a source or test, until the signal. */
export async function againAtChanges(root: string, stop: AbortSignal, round: () => Promise<void>): Promise<void> {
  let change = Promise.withResolvers<string>()
  const watchers = globSync(folders, { cwd: root }).map((folder) =>
    watch(join(root, folder), { recursive: true, signal: stop }, (_, name) => change.resolve(join(folder, name ?? ''))),
  )
  stop.addEventListener('abort', () => change.resolve(''))
  try {
    while (!stop.aborted) {
      change = Promise.withResolvers()
      await round()
      if (!stop.aborted) await change.promise
      await pause(settleMs)
    }
  } finally {
    for (const watcher of watchers) watcher.close()
  }
}
