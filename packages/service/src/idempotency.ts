import { createHmac } from 'node:crypto'
import { Nullable, problem, type RouteContract } from '@hospital/contracts'
import { type GlobalTx, sql, type TenantTx } from '@hospital/database'
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'

/** One use of an Idempotency-Key: hospital (the transaction's) + user (0 before sign-in) + operation + key. */
export interface KeyUse {
  userId: number
  operation: string
  key: string
  /** What makes another request another request: the row that its path names, query and body. */
  fingerprint: string
}

export interface StoredReply {
  status: number
  etag: string | null
  body: unknown
}

const StoredRow = Type.Object({
  body_hash: Type.String(),
  status: Type.Integer(),
  etag: Nullable(Type.String()),
  body: Type.Unknown(),
})

/**
 * The key that an operation takes; null when none was sent, or the operation takes none.
 * @throws problem `invalid-request` for a key of the wrong length, or where the answer is a secret
 */
export function readKey(contract: RouteContract, sent: string | undefined): string | null {
  const wrong = (detail: string) =>
    problem('invalid-request', { errors: [{ pointer: 'header:Idempotency-Key', detail }] })
  if (sent !== undefined && contract.secretAnswer)
    throw wrong('is not taken: the answer is a secret and is kept nowhere')
  if (sent === undefined || !contract.idempotent) return null
  if (sent.length < 1 || sent.length > 255) throw wrong('must have 1 to 255 characters')
  return sent
}

/** Same path, query and body ⇒ same fingerprint; keyed, since bodies can hold passwords. */
export const fingerprintOf = (
  key: string,
  { params, query, body }: Pick<FastifyRequest, 'params' | 'query' | 'body'>,
  ...more: unknown[]
): string =>
  createHmac('sha256', key)
    .update(JSON.stringify([params, query, body, ...more]))
    .digest('hex')

/**
 * Claims the key for this transaction, or gives the stored reply. The claim is an advisory lock that ends with the
 * transaction, and the reply is stored by the same commit as the work: a crash leaves neither, so the client's retry
 * does the work.
 * @throws problem `idempotency-in-progress` while the first request runs, `idempotency-key-reused` for another request
 */
export async function claimKey(tx: TenantTx | GlobalTx, use: KeyUse, tenantId: string): Promise<StoredReply | null> {
  const lock = `${tenantId}\n${use.userId}\n${use.operation}\n${use.key}`
  const claimed = await tx.oneFirst(
    sql.type(
      Type.Object({ claimed: Type.Boolean() }),
    )`SELECT pg_try_advisory_xact_lock(hashtextextended(${lock}, 0)) AS claimed`,
  )
  if (!claimed) throw problem('idempotency-in-progress', { retryAfterSeconds: 1 })
  const stored = await tx.maybeOne(sql.type(StoredRow)`
    SELECT body_hash, status, headers->>'etag' AS etag, body FROM idempotency_keys
    WHERE user_id = ${use.userId} AND operation = ${use.operation} AND key = ${use.key}
      AND created_at > now() - interval '24 hours'`)
  if (!stored) return null
  if (stored.body_hash !== use.fingerprint) throw problem('idempotency-key-reused')
  return { status: stored.status, etag: stored.etag, body: stored.body }
}

const StoredInName = Type.Composite([StoredRow, Type.Object({ tenant_id: Type.String() })])

/** What was answered to a request before sign-in, and in which hospital's name; null when nothing is stored. */
export async function findReply(tx: GlobalTx, use: KeyUse): Promise<{ reply: StoredReply; tenantId: string } | null> {
  const stored = await tx.maybeOne(sql.type(StoredInName)`
    SELECT body_hash, status, headers->>'etag' AS etag, body, tenant_id FROM idempotency_keys
    WHERE user_id = ${use.userId} AND operation = ${use.operation} AND key = ${use.key}
      AND created_at > now() - interval '24 hours'`)
  if (!stored) return null
  const { status, etag, body, tenant_id: tenantId } = stored
  return { reply: { status, etag, body }, tenantId }
}

/** Stores the reply with the work's own commit; a key older than 24 hours is taken over. */
export async function storeReply(tx: TenantTx | GlobalTx, use: KeyUse, reply: StoredReply): Promise<void> {
  await tx.query(sql.unsafe`
    INSERT INTO idempotency_keys AS k (user_id, operation, key, body_hash, status, headers, body)
    VALUES (${use.userId}, ${use.operation}, ${use.key}, ${use.fingerprint}, ${reply.status},
            ${JSON.stringify({ etag: reply.etag })}::jsonb, ${JSON.stringify(reply.body)}::json)
    ON CONFLICT (user_id, operation, key) DO UPDATE
      SET body_hash = excluded.body_hash, status = excluded.status, headers = excluded.headers, body = excluded.body,
          created_at = now()`)
}
