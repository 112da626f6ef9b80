import type { Deps, Running } from '@hospital/service'

/** Work that goes on after its answer has left. Closing waits for it. */
interface Background extends Running {
  run(name: string, work: () => Promise<void>): void
}

export function createBackground(log: Deps['log']): Background {
  const working = new Set<Promise<void>>()
  return {
    run(name, work) {
      const task = work()
        .catch((error: unknown) => log.error({ err: error, work: name }, 'work in the background failed'))
        .finally(() => working.delete(task))
      working.add(task)
    },
    async close() {
      await Promise.all(working)
    },
  }
}
