import { Nullable, UserStatus } from '@hospital/contracts'
import { type GlobalTx, sql, type TenantTx } from '@hospital/database'
import { type Static, Type } from '@sinclair/typebox'
import { hasFactor } from '../mfa/queries.ts'
import { tenantNameOf, tenantStatusOf } from '../tenants/queries.ts'
import { statusOf } from '../users/queries.ts'

/** A user as somebody who may want to come in, or who is written to. */
const AccountRow = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  email: Type.String(),
  password: Nullable(Type.String()),
  status: UserStatus,
  tenant_id: Type.String(),
  tenant_name: Type.String(),
  tenant_status: Type.String(),
  has_mfa: Type.Boolean(),
})
export type AccountRow = Static<typeof AccountRow>

const account = sql.fragment`
  u.id, u.name, u.email, u.password, ${statusOf('u')} AS status, u.tenant_id, ${tenantNameOf('t')} AS tenant_name,
  ${tenantStatusOf('t')} AS tenant_status, ${hasFactor} AS has_mfa`

/** The accounts that an e-mail may mean, in all hospitals or the given one; before a tenant is known. */
export const listAccounts = (tx: GlobalTx, email: string, tenantId?: string) =>
  tx.any(sql.type(AccountRow)`
    SELECT ${account} FROM users u JOIN tenants t ON t.id = u.tenant_id
    WHERE lower(u.email) = ${email} AND ${tenantId === undefined ? sql.fragment`TRUE` : sql.fragment`t.id = ${tenantId}`}
    ORDER BY t.id LIMIT 20`)

export const findAccount = (tx: TenantTx, userId: number) =>
  tx.maybeOne(sql.type(AccountRow)`
    SELECT ${account} FROM users u JOIN tenants t ON t.id = u.tenant_id WHERE u.id = ${userId}`)

const PersonRow = Type.Composite([
  AccountRow,
  Type.Object({
    password_needs_mfa: Type.Boolean(),
    mfa_required_role_ids: Type.Array(Type.Integer()),
    roles: Type.Array(
      Type.Object({
        id: Type.Integer(),
        name: Type.String(),
        tenant_id: Nullable(Type.String()),
        permissions: Type.Array(Type.String()),
      }),
    ),
  }),
])
export type PersonRow = Static<typeof PersonRow>

const person = sql.fragment`
  ${account}, u.password_needs_mfa,
  coalesce(t.settings -> 'mfa_required_role_ids', '[]') AS mfa_required_role_ids,
  coalesce((SELECT json_agg(json_build_object('id', r.id, 'name', r.name, 'tenant_id', r.tenant_id,
                                              'permissions', r.permissions) ORDER BY r.id)
            FROM user_roles ur JOIN roles r ON r.id = ur.role_id WHERE ur.user_id = u.id), '[]'::json) AS roles`

/** Everything about a user that decides what they may do. */
export const findPerson = (tx: TenantTx | GlobalTx, userId: number) =>
  tx.maybeOne(sql.type(PersonRow)`
    SELECT ${person} FROM users u JOIN tenants t ON t.id = u.tenant_id WHERE u.id = ${userId}`)

/** The user of a session that is alive at this moment. */
export const findSessionPerson = (tx: GlobalTx, sessionId: string, userId: number, tenantId: string) =>
  tx.maybeOne(sql.type(PersonRow)`
    SELECT ${person}
    FROM sessions s JOIN users u ON u.id = s.user_id JOIN tenants t ON t.id = u.tenant_id
    WHERE s.id = ${sessionId} AND s.user_id = ${userId} AND s.tenant_id = ${tenantId} AND u.tenant_id = ${tenantId}
      AND s.ended_at IS NULL AND s.expires_at > now()`)

export const recordSignIn = (tx: TenantTx, userId: number, now: Date) =>
  tx.query(sql.unsafe`UPDATE users SET last_login_date = ${now.toISOString()} WHERE id = ${userId}`)

/** A hash of a better kind for the same password, unless the password was changed meanwhile. */
export const upgradePassword = (tx: TenantTx, userId: number, before: string, after: string) =>
  tx.query(sql.unsafe`UPDATE users SET password = ${after} WHERE id = ${userId} AND password = ${before}`)

export interface NewHash {
  hash: string
  needsMfa: boolean
}

/** `needsMfa`: the password is accepted only together with a second factor. */
export const setPassword = (tx: TenantTx, userId: number, { hash, needsMfa }: NewHash, now: Date) =>
  tx.query(sql.unsafe`
    UPDATE users SET password = ${hash}, password_needs_mfa = ${needsMfa}, password_changed_at = ${now.toISOString()}, version = version + 1,
      status = CASE WHEN lower(status) = 'invited' THEN 'active' ELSE status END, updated_at = now()
    WHERE id = ${userId}`)
