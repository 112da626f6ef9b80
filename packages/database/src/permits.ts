import { DatabaseUnavailable } from './errors.ts'

/** Hands out as many permits as the pool has connections, and gives up on waiting after a deadline; slonik waits for ever. */
export function createPermits(size: number, deadlineMs: number) {
  let free = size
  const waiting = new Set<() => void>()

  const acquire = async (): Promise<void> => {
    if (free > 0) {
      free -= 1
      return
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const timer = setTimeout(() => {
      waiting.delete(wake)
      reject(new DatabaseUnavailable('busy'))
    }, deadlineMs)
    const wake = () => {
      clearTimeout(timer)
      resolve()
    }
    waiting.add(wake)
    return promise
  }

  const release = (): void => {
    const [next] = waiting
    if (next === undefined) {
      free += 1
    } else {
      waiting.delete(next)
      next()
    }
  }

  return {
    /** Runs `work` with a permit. */
    run: async <T>(work: () => Promise<T>): Promise<T> => {
      await acquire()
      try {
        return await work()
      } finally {
        release()
      }
    },
    inUse: () => size - free,
    waiting: () => waiting.size,
  }
}
