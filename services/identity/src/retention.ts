import { sql } from '@hospital/database'
import { type Deps, type Job, startJob } from '@hospital/service'

const tenMinutesMs = 10 * 60_000

/** What has lost its use, and after how long it goes; a bounded number at a time. */
const expired = [
  sql.unsafe`DELETE FROM login_attempts WHERE id IN
    (SELECT id FROM login_attempts WHERE at < now() - interval '1 day' ORDER BY at LIMIT 5000 FOR UPDATE SKIP LOCKED)`,
  sql.unsafe`DELETE FROM mfa_challenges WHERE token_hash IN
    (SELECT token_hash FROM mfa_challenges WHERE expires_at < now() - interval '1 day' LIMIT 5000 FOR UPDATE SKIP LOCKED)`,
  sql.unsafe`DELETE FROM user_verification WHERE id IN
    (SELECT id FROM user_verification WHERE expires_at < now() - interval '1 day' LIMIT 5000 FOR UPDATE SKIP LOCKED)`,
  sql.unsafe`DELETE FROM known_devices WHERE id IN
    (SELECT id FROM known_devices WHERE last_seen_at < now() - interval '90 days' LIMIT 5000 FOR UPDATE SKIP LOCKED)`,
  sql.unsafe`DELETE FROM sessions WHERE id IN
    (SELECT id FROM sessions WHERE expires_at < now() - interval '30 days' ORDER BY expires_at LIMIT 1000
     FOR UPDATE SKIP LOCKED)`,
]

/** Forgets what is only kept for a time. Rows that somebody holds, of whatever hospital, are left for the next turn. */
export const forgetExpired = (deps: Deps): Job =>
  startJob(deps, 'forget what has expired', tenMinutesMs, () =>
    deps.database.inGlobal(async (tx) => {
      for (const statement of expired) await tx.query(statement)
    }),
  )
