import { randomUUID } from 'node:crypto'
import { systemContext } from '@hospital/contracts'
import { type Deps, type Job, provisionedTenants, startHospitalJob } from '@hospital/service'
import { escalateOverdue, handOverDeserted } from './critical-results/clock-work.ts'

/** In this order: what has nobody to ask any more escalates in the same round. */
const duties = { handOverDeserted, escalateOverdue } as const

/**
 * What has to be done in one hospital because time passes: in batches, each its own transaction, until nothing is left.
 * Each batch locks its rows and passes over those of another instance of the service.
 */
export async function makeRound(deps: Pick<Deps, 'database' | 'log'>, tenantId: string, now: Date): Promise<void> {
  for (const [duty, work] of Object.entries(duties)) {
    for (;;) {
      const done = await deps.database.inTenant(systemContext(tenantId, randomUUID()), (tx) => work(tx, now))
      if (done === 0) break
      deps.log.info({ tenant: tenantId, duty, done }, 'round')
    }
  }
}

const everyMs = 15_000

/** The clocks of critical results of all hospitals, four times a minute. */
export const startRounds = (deps: Deps): Job =>
  startHospitalJob(deps, 'rounds', {
    everyMs,
    hospitals: () => provisionedTenants(deps, 'clinical'),
    work: (tenantId) => makeRound(deps, tenantId, deps.clock()),
  })
