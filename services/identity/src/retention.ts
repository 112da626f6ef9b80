import { sql } from '@hospital/database'
import { type Deps, type Running, startJob } from '@hospital/service'

const tenMinutesMs = 10 * 60_000

/** What has lost its use, and after how long it goes; a bounded number at a time. */
const expired = [
  sql.unsafe`DELETE FROM login_attempts WHERE id IN
    (SELECT id FROM login_attempts WHERE at < now() - interval '1 day' ORDER BY at LIMIT 5000)`,
  sql.unsafe`DELETE FROM mfa_challenges WHERE expires_at < now() - interval '1 day'`,
  sql.unsafe`DELETE FROM user_verification WHERE expires_at < now() - interval '1 day'`,
  sql.unsafe`DELETE FROM known_devices WHERE last_seen_at < now() - interval '90 days'`,
  sql.unsafe`DELETE FROM sessions WHERE id IN
    (SELECT id FROM sessions WHERE expires_at < now() - interval '30 days' ORDER BY expires_at LIMIT 1000)`,
]

/** Forgets what is only kept for a time. */
export const forgetExpired = ({ database, log }: Deps): Running =>
  startJob('forget what has expired', tenMinutesMs, log, () =>
    database.inGlobal(async (tx) => {
      for (const statement of expired) await tx.query(statement)
    }),
  )
