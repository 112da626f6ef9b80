import { sql, type TenantTx } from '@hospital/database'
import { randomToken, tokenHash } from '../keys.ts'

/**
 * Makes the device known to the account: one that was known keeps its token, any other gets a new one. The token opens
 * nothing; it only lets guesses from this device count apart from those of strangers.
 */
export async function rememberDevice(tx: TenantTx, userId: number, sent: string | undefined): Promise<string> {
  if (sent !== undefined) {
    const { rowCount } = await tx.query(sql.unsafe`
      UPDATE known_devices SET last_seen_at = now()
      WHERE token_hash = ${sql.binary(tokenHash(sent))} AND user_id = ${userId}`)
    if (rowCount === 1) return sent
  }
  const token = randomToken()
  await tx.query(sql.unsafe`
    INSERT INTO known_devices (user_id, token_hash) VALUES (${userId}, ${sql.binary(tokenHash(token))})`)
  return token
}
