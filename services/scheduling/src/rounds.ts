import { randomUUID } from 'node:crypto'
import { systemContext } from '@hospital/contracts'
import { sql, type TenantTx } from '@hospital/database'
import { type Deps, type Job, provisionedTenants, startHospitalJob } from '@hospital/service'
import { Type } from '@sinclair/typebox'
import { markMissed } from './no-shows/no-show-work.ts'
import { remind } from './reminders/reminder-work.ts'
import { expireEntries, expireOffers } from './waitlist/offer-work.ts'

/** What has to be done because time passes; each answers how much it did. */
const duties = { remind, markMissed, expireOffers, expireEntries } as const

type Duty = keyof typeof duties

/** Looking costs one question a hospital and round; most rounds find nothing. A suspended hospital rests. */
const Due = Type.Object({
  remind: Type.Boolean(),
  markMissed: Type.Boolean(),
  expireOffers: Type.Boolean(),
  expireEntries: Type.Boolean(),
})

async function findDuties(tx: TenantTx, now: Date): Promise<Duty[]> {
  const at = now.toISOString()
  const due = await tx.one(sql.type(Due)`
    SELECT
      EXISTS (
        SELECT FROM appointments WHERE status IN ('scheduled', 'confirmed')
          AND appointment_date > ${at}::timestamptz AND appointment_date <= ${at}::timestamptz + interval '24 hours'
      ) AND tenant_status <> 'suspended' AS "remind",
      EXISTS (
        SELECT FROM appointments WHERE status IN ('scheduled', 'confirmed') AND appointment_date < ${at}::timestamptz
      ) AND no_show_after_minutes IS NOT NULL AND tenant_status <> 'suspended' AS "markMissed",
      EXISTS (
        SELECT FROM waitlist WHERE status = 'offered' AND offer_expires_at <= ${at}::timestamptz
      ) AND tenant_status <> 'suspended' AS "expireOffers",
      EXISTS (SELECT FROM waitlist WHERE status = 'waiting' AND ends_at <= ${at}::timestamptz) AS "expireEntries"
    FROM hospital`)
  return (Object.keys(duties) as Duty[]).filter((duty) => due[duty])
}

const Claimed = Type.Object({ claimed: Type.Boolean() })

/** One instance of the service does a duty for a hospital at a time; the others pass on. */
const claimDuty = (tx: TenantTx, duty: Duty): Promise<boolean> =>
  tx.oneFirst(sql.type(Claimed)`
    SELECT pg_try_advisory_xact_lock(hashtextextended(${`${tx.context.tenantId}\nduty\n${duty}`}, 4)) AS claimed`)

/** Does one duty for one hospital until nothing is left; in batches, each its own transaction. */
async function doDuty(deps: Deps, tenantId: string, duty: Duty, now: Date): Promise<void> {
  for (;;) {
    const done = await deps.database.inTenant(systemContext(tenantId, randomUUID()), async (tx) =>
      (await claimDuty(tx, duty)) ? duties[duty](tx, now) : 0,
    )
    if (done === 0) return
    deps.log.info({ tenant: tenantId, duty, done }, 'round')
  }
}

/**
 * One round over a hospital. A duty that fails keeps no other from being done, and is left for the next round.
 * @throws the first duty's error
 */
export async function makeRound(deps: Deps, tenantId: string, now: Date): Promise<void> {
  const due = await deps.database.inTenant(systemContext(tenantId, randomUUID()), (tx) => findDuties(tx, now))
  const errors: unknown[] = []
  for (const duty of due) await doDuty(deps, tenantId, duty, now).catch((error: unknown) => errors.push(error))
  if (errors.length > 0) throw errors[0]
}

const everyMs = 30_000

/** Reminders, missed appointments and unanswered offers of all hospitals, twice a minute. */
export const startRounds = (deps: Deps): Job =>
  startHospitalJob(deps, 'rounds', {
    everyMs,
    hospitals: () => provisionedTenants(deps, 'scheduling'),
    work: (tenantId) => makeRound(deps, tenantId, deps.clock()),
  })
