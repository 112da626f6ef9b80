import { type GlobalTx, sql, type TenantTx } from '@hospital/database'
import { Type } from '@sinclair/typebox'
import { tenantStatusOf } from '../tenants/queries.ts'
import { statusOf } from '../users/queries.ts'
import type { CodeType } from './code-adapter.ts'

const lifetimeMinutes = 10
const maxTries = 5
/** Of one kind, to one user, in a quarter of an hour: nobody's mailbox is flooded from here. */
const maxCodes = 3

const Count = Type.Object({ count: Type.Integer() })

/** Stores a new code, unless the user got several a moment ago. True when stored. */
export async function insertCode(
  tx: TenantTx,
  code: { userId: number; email: string; type: CodeType; hash: string; now: Date },
): Promise<boolean> {
  await tx.query(sql.unsafe`SELECT id FROM users WHERE id = ${code.userId} FOR NO KEY UPDATE`)
  const recent = await tx.oneFirst(sql.type(Count)`
    SELECT count(*) AS count FROM user_verification
    WHERE user_id = ${code.userId} AND type = ${code.type} AND created_at > now() - interval '15 minutes'`)
  if (recent >= maxCodes) return false
  await tx.query(sql.unsafe`
    INSERT INTO user_verification (tenant_id, user_id, email, type, code, expires_at)
    VALUES (${tx.context.tenantId}, ${code.userId}, ${code.email}, ${code.type}, ${code.hash},
            ${code.now.toISOString()}::timestamptz + make_interval(mins => ${lifetimeMinutes}))`)
  return true
}

const LiveCode = Type.Object({
  id: Type.Integer(),
  user_id: Type.Integer(),
  tenant_id: Type.String(),
  code: Type.String(),
})

/** Counts a try against every live code of this e-mail, before any is compared, and gives those that had tries left. */
export const tryCodes = (tx: GlobalTx, email: string, type: CodeType) =>
  tx.any(sql.type(LiveCode)`
    UPDATE user_verification v SET attempts = attempts + 1
    FROM users u JOIN tenants t ON t.id = u.tenant_id
    WHERE v.user_id = u.id AND lower(u.email) = ${email} AND lower(v.email) = lower(u.email) AND v.type = ${type}
      AND v.used_at IS NULL AND v.expires_at > now() AND v.attempts < ${maxTries}
      AND ${statusOf('u')} <> 'inactive' AND ${tenantStatusOf('t')} = 'active'
    RETURNING v.id, v.user_id, u.tenant_id, v.code`)

/** Uses a code up, and with it the user's other codes of its kind. True for the one who used it. */
export async function useCode(tx: TenantTx, code: { id: number; userId: number; type: CodeType }): Promise<boolean> {
  const { rowCount } = await tx.query(sql.unsafe`
    UPDATE user_verification SET used_at = now() WHERE id = ${code.id} AND used_at IS NULL`)
  await tx.query(sql.unsafe`
    UPDATE user_verification SET used_at = now()
    WHERE user_id = ${code.userId} AND type = ${code.type} AND used_at IS NULL`)
  return rowCount === 1
}

/** True when the address was not confirmed before. */
export async function confirmEmail(tx: TenantTx, userId: number): Promise<boolean> {
  const { rowCount } = await tx.query(sql.unsafe`
    UPDATE users SET email_verified_at = now(), version = version + 1, updated_at = now()
    WHERE id = ${userId} AND email_verified_at IS NULL`)
  return rowCount === 1
}
