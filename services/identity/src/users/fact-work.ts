import { UserFacts, userCreated, userUpdated } from '@hospital/contracts'
import { announce, type GlobalTx, sql, type TenantContext, type TenantTx, table } from '@hospital/database'
import { type Static, Type } from '@sinclair/typebox'
import { statusOf } from './queries.ts'

type Facts = Static<typeof UserFacts>

const columns = sql.fragment`
  ${table('users', Type.Omit(UserFacts, ['status', 'is_doctor', 'roles']), { made: [] }).columns('u')}, ${statusOf('u')} AS status,
  EXISTS (SELECT FROM user_roles ur JOIN roles r ON r.id = ur.role_id
          WHERE ur.user_id = u.id AND r.tenant_id IS NULL AND r.name = 'Doctor') AS is_doctor,
  coalesce((SELECT json_agg(r.name ORDER BY r.id) FROM user_roles ur JOIN roles r ON r.id = ur.role_id
            WHERE ur.user_id = u.id), '[]'::json) AS roles`

/** What other services copy of a user. */
export const findFacts = (tx: TenantTx | GlobalTx, id: number): Promise<Facts | null> =>
  tx.maybeOne(sql.type(UserFacts)`SELECT ${columns} FROM users u WHERE u.id = ${id}`)

export const listFacts = (tx: TenantTx, afterId: number, limit: number): Promise<readonly Facts[]> =>
  tx.any(sql.type(UserFacts)`
    SELECT ${columns} FROM users u WHERE u.tenant_id = ${tx.context.tenantId} AND u.id > ${afterId}
    ORDER BY u.id LIMIT ${limit}`)

const Versions = Type.Object({ versions: Type.String() })

/** `id:version` of every user of the hospital, in order: what copies are compared with. */
export const listVersions = (tx: TenantTx) =>
  tx.oneFirst(sql.type(Versions)`
    SELECT coalesce(string_agg(id || ':' || version, ',' ORDER BY id), '') AS versions
    FROM users WHERE tenant_id = ${tx.context.tenantId}`)

/** Tells the other services of a new user. In a global transaction `context` says whose. */
export async function tellCreated(tx: TenantTx | GlobalTx, userId: number, context: TenantContext): Promise<void> {
  const facts = await findFacts(tx, userId)
  if (facts) await announce(tx as GlobalTx, userCreated, facts, context)
}

/** Tells the other services what a user is now. In a global transaction `context` says whose. */
export async function tellUpdated(tx: TenantTx, userId: number): Promise<void>
export async function tellUpdated(tx: GlobalTx, userId: number, context: TenantContext): Promise<void>
export async function tellUpdated(tx: TenantTx | GlobalTx, userId: number, context?: TenantContext): Promise<void> {
  const facts = await findFacts(tx, userId)
  if (facts) await announce(tx as GlobalTx, userUpdated, facts, context ?? (tx as TenantTx).context)
}
