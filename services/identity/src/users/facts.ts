import { type DataOf, userCreated, userUpdated } from '@hospital/contracts'
import { appendEvent, type GlobalTx, sql, type TenantContext, type TenantTx } from '@hospital/database'
import { Type } from '@sinclair/typebox'
import { statusOf } from './queries.ts'

const FactsRow = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  email: Type.String(),
  status: Type.Union([Type.Literal('active'), Type.Literal('inactive'), Type.Literal('invited')]),
  is_doctor: Type.Boolean(),
  version: Type.Integer(),
})

type Facts = DataOf<typeof userUpdated>

const columns = sql.fragment`
  u.id, u.name, u.email, ${statusOf('u')} AS status, u.version,
  EXISTS (SELECT FROM user_roles ur JOIN roles r ON r.id = ur.role_id
          WHERE ur.user_id = u.id AND r.tenant_id IS NULL AND r.name = 'Doctor') AS is_doctor`

/** What other services copy of a user. */
export const findFacts = (tx: TenantTx | GlobalTx, id: number): Promise<Facts | null> =>
  tx.maybeOne(sql.type(FactsRow)`SELECT ${columns} FROM users u WHERE u.id = ${id}`)

export const listFacts = (tx: TenantTx, afterId: number, limit: number): Promise<readonly Facts[]> =>
  tx.any(sql.type(FactsRow)`
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
  const data = await findFacts(tx, userId)
  if (data) await appendEvent(tx as GlobalTx, userCreated, { id: userId, data, context })
}

/** Tells the other services what a user is now. */
export async function tellUpdated(tx: TenantTx, userId: number): Promise<void> {
  const data = await findFacts(tx, userId)
  if (data) await appendEvent(tx, userUpdated, { id: userId, data })
}
