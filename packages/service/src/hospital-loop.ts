import { isServerAway } from './hospital-faults.ts'
import type { Troubles } from './troubles.ts'

interface LoopOptions {
  /** How long a hospital rests after its first failure; each further one doubles it. */
  firstRestMs: number
  longestRestMs: number
}

/** How everything that goes over hospitals goes over them. */
interface HospitalLoop {
  /**
   * Does `work` for each hospital, a few at a time. One that fails is reported, rests for a while, and keeps no other from
   * its turn. Rejects only when the database itself is away.
   */
  run(tenantIds: Iterable<string>, work: (tenantId: string) => Promise<void>): Promise<void>
  /** Notes a failure that was met outside of `run`. */
  failed(tenantId: string, error: unknown): void
  /** True from a failure until `run` has succeeded. */
  isFailing(tenantId: string): boolean
  failing(): string[]
}

const atOnce = 4

/** @param part names the work where its failures are reported */
export function hospitalLoop(troubles: Troubles, part: string, options: LoopOptions): HospitalLoop {
  const failing = new Map<string, { failures: number; restsUntil: number }>()

  const failed = (tenantId: string, error: unknown): void => {
    const failures = (failing.get(tenantId)?.failures ?? 0) + 1
    const restMs = Math.min(options.firstRestMs * 2 ** (failures - 1), options.longestRestMs)
    failing.set(tenantId, { failures, restsUntil: performance.now() + restMs })
    troubles.failed(part, tenantId, error)
  }
  const attempt = async (tenantId: string, work: (tenantId: string) => Promise<void>): Promise<void> => {
    try {
      await work(tenantId)
      failing.delete(tenantId)
      troubles.over(part, tenantId)
    } catch (error) {
      if (isServerAway(error)) throw error
      failed(tenantId, error)
    }
  }
  return {
    async run(tenantIds, work) {
      const now = performance.now()
      const due = [...tenantIds].filter((tenantId) => (failing.get(tenantId)?.restsUntil ?? 0) <= now)
      // Those that failed before come last: each may take as long as the database waits for a lock.
      const queue = due.sort((one, other) => Number(failing.has(one)) - Number(failing.has(other)))
      const lane = async () => {
        for (let next = queue.shift(); next !== undefined; next = queue.shift()) await attempt(next, work)
      }
      const lanes = await Promise.allSettled(Array.from({ length: atOnce }, lane))
      const away = lanes.find((outcome) => outcome.status === 'rejected')
      if (away) throw away.reason
    },
    failed,
    isFailing: (tenantId) => failing.has(tenantId),
    failing: () => [...failing.keys()],
  }
}
