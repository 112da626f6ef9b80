import type { Deps, Running } from './deps.ts'
import { hospitalLoop } from './hospital-loop.ts'

/** Work that comes again and again. */
export interface Job extends Running {
  job: string
  /** Does one turn now, or waits for the one that runs. */
  turn(): Promise<void>
}

type JobDeps = Pick<Deps, 'troubles'>

/**
 * Runs `work` every `everyMs`, never twice at the same time in this process. A failure is reported and tried again at the
 * next turn; several instances must agree in the database (locks), not here. For work over hospitals: `startHospitalJob`.
 */
export function startJob({ troubles }: JobDeps, job: string, everyMs: number, work: () => Promise<void>): Job {
  let running: Promise<void> | null = null
  const turn = (): Promise<void> => {
    running ??= work()
      .then(
        () => troubles.over(job, null),
        (error: unknown) => troubles.failed(job, null, error),
      )
      .finally(() => {
        running = null
      })
    return running
  }
  const timer = setInterval(turn, everyMs).unref()
  return {
    job,
    turn,
    async close() {
      clearInterval(timer)
      await running
    },
  }
}

interface HospitalWork {
  everyMs: number
  /** The hospitals that there is work for. */
  hospitals: () => Promise<readonly string[]>
  work: (tenantId: string) => Promise<void>
}

const longestRestMs = 10 * 60_000

/** A job that does the same for one hospital after another: what fails for one is reported, and stops no other. */
export function startHospitalJob(deps: JobDeps, job: string, { everyMs, hospitals, work }: HospitalWork): Job {
  const loop = hospitalLoop(deps.troubles, job, { firstRestMs: everyMs / 2, longestRestMs })
  return startJob(deps, job, everyMs, async () => loop.run(await hospitals(), work))
}
