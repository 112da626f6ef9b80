import { Nullable } from '@hospital/contracts'
import { type GlobalTx, sql, type TenantTx } from '@hospital/database'
import { Type } from '@sinclair/typebox'
import { statusOf } from '../users/queries.ts'

const Linked = Type.Object({
  id: Type.Integer(),
  user_id: Type.Integer(),
  tenant_id: Type.String(),
  signed_out_at: Nullable(Type.String()),
})

/** The users that are known to be this person of the identity provider. */
export const listLinked = (tx: GlobalTx, issuer: string, subject: string) =>
  tx.any(sql.type(Linked)`
    SELECT e.id, e.user_id, u.tenant_id, e.signed_out_at
    FROM external_identities e JOIN users u ON u.id = e.user_id
    WHERE e.issuer = ${issuer} AND e.subject = ${subject} ORDER BY e.id`)

/** First tokens of one person take turns, until the transaction ends. */
export const lockNewcomer = (tx: GlobalTx, issuer: string, subject: string) =>
  tx.query(sql.unsafe`SELECT pg_advisory_xact_lock(hashtextextended(${`${issuer}\n${subject}`}, 0))`)

const UserRow = Type.Object({ user_id: Type.Integer(), tenant_id: Type.String() })

/** Users with this e-mail that could be the person; those linked to somebody else of the same provider are not. */
export const listByEmail = (tx: GlobalTx, email: string, issuer: string) =>
  tx.any(sql.type(UserRow)`
    SELECT u.id AS user_id, u.tenant_id FROM users u
    WHERE lower(u.email) = ${email} AND ${statusOf('u')} <> 'inactive'
      AND NOT EXISTS (SELECT FROM external_identities e WHERE e.user_id = u.id AND e.issuer = ${issuer})
    ORDER BY u.id LIMIT 20`)

const IdRow = Type.Object({ id: Type.Integer() })

/** Remembers who the person is here. */
export async function insertLink(tx: GlobalTx, userId: number, issuer: string, subject: string): Promise<number> {
  await tx.query(sql.unsafe`
    INSERT INTO external_identities (user_id, issuer, subject) VALUES (${userId}, ${issuer}, ${subject})
    ON CONFLICT DO NOTHING`)
  return tx.oneFirst(sql.type(IdRow)`
    SELECT id FROM external_identities WHERE user_id = ${userId} AND issuer = ${issuer} AND subject = ${subject}`)
}

/** An invited user who comes through the identity provider needs no password to be active. */
export const activateInvited = async (tx: GlobalTx, userId: number): Promise<boolean> => {
  const { rowCount } = await tx.query(sql.unsafe`
    UPDATE users SET status = 'active', email_verified_at = coalesce(email_verified_at, now()), version = version + 1,
      updated_at = now()
    WHERE id = ${userId} AND lower(status) = 'invited'`)
  return rowCount === 1
}

/** From now on only tokens issued later are accepted, of one link of the user or of all. */
export const signOutExternal = (tx: TenantTx, userId: number, linkId?: number) =>
  tx.query(sql.unsafe`
    UPDATE external_identities SET signed_out_at = now()
    WHERE user_id = ${userId} AND ${linkId === undefined ? sql.fragment`TRUE` : sql.fragment`id = ${linkId}`}`)
