import { Id, Instant, Nullable, Session } from '@hospital/contracts'
import { type GlobalTx, sql, type TenantTx, table } from '@hospital/database'
import { type Static, Type } from '@sinclair/typebox'

const SessionRow = Type.Omit(Session, ['current'])
const StoredSession = Type.Composite([
  SessionRow,
  Type.Object({
    tenant_id: Type.String(),
    user_id: Id,
    method: Type.String(),
    expires_at: Instant,
    ended_at: Nullable(Instant),
    end_reason: Nullable(Type.String()),
  }),
])
const sessions = table('sessions', StoredSession, { made: ['id', 'ended_at', 'end_reason'] })
const shown = table('sessions', SessionRow, { made: [] }).columns()

const SessionId = Type.Pick(StoredSession, ['id'])

/** A session ends by itself when it was not refreshed for a day, and in any case after two weeks. */
const idleHours = 24
const longestDays = 14

interface NewSession {
  userId: number
  method: string
  address: string | undefined
  userAgent: string | undefined
  now: Date
}

const atHours = (now: Date, hours: number) => new Date(now.getTime() + hours * 3_600_000).toISOString()

/** Answers its id. */
export async function insertSession(tx: TenantTx, { now, ...session }: NewSession): Promise<string> {
  const { id } = await sessions.insert(tx, {
    tenant_id: tx.context.tenantId,
    user_id: session.userId,
    method: session.method,
    address: session.address ?? null,
    user_agent: session.userAgent?.slice(0, 500) ?? null,
    created_at: now.toISOString(),
    last_used_at: now.toISOString(),
    expires_at: atHours(now, longestDays * 24),
  })
  return id
}

export const insertRefreshToken = (tx: TenantTx, sessionId: string, tokenHash: Buffer, now: Date) =>
  tx.query(sql.unsafe`
    INSERT INTO refresh_tokens (session_id, token_hash, created_at, expires_at)
    SELECT id, ${sql.binary(tokenHash)}, ${now.toISOString()}, least(expires_at, ${atHours(now, idleHours)}::timestamptz)
    FROM sessions WHERE id = ${sessionId}`)

const TokenOwner = Type.Object({ session_id: Type.String(), tenant_id: Type.String(), user_id: Type.Integer() })

/** Whose refresh token it is; before a tenant is known. */
export const findTokenOwner = (tx: GlobalTx, tokenHash: Buffer) =>
  tx.maybeOne(sql.type(TokenOwner)`
    SELECT s.id AS session_id, s.tenant_id, s.user_id
    FROM refresh_tokens r JOIN sessions s ON s.id = r.session_id WHERE r.token_hash = ${sql.binary(tokenHash)}`)

const LockedToken = Type.Object({
  id: Type.Integer(),
  used_at: Nullable(Type.String()),
  expires_at: Type.String(),
  session_expires_at: Type.String(),
  session_ended: Type.Boolean(),
})
type LockedToken = Static<typeof LockedToken>

/** The token and its session, held against every other refresh of the family. */
export async function lockRefreshToken(
  tx: TenantTx,
  sessionId: string,
  tokenHash: Buffer,
): Promise<LockedToken | null> {
  // The session first and alone: what the second statement reads is what the one before us committed.
  await tx.query(sql.unsafe`SELECT id FROM sessions WHERE id = ${sessionId} FOR NO KEY UPDATE`)
  return tx.maybeOne(sql.type(LockedToken)`
    SELECT r.id, r.used_at, r.expires_at, s.expires_at AS session_expires_at, s.ended_at IS NOT NULL AS session_ended
    FROM refresh_tokens r JOIN sessions s ON s.id = r.session_id
    WHERE r.token_hash = ${sql.binary(tokenHash)} AND s.id = ${sessionId}`)
}

export async function markRotated(tx: TenantTx, tokenId: number, sessionId: string, at: Date): Promise<void> {
  await tx.query(sql.unsafe`UPDATE refresh_tokens SET used_at = ${at.toISOString()} WHERE id = ${tokenId}`)
  await tx.query(sql.unsafe`UPDATE sessions SET last_used_at = ${at.toISOString()} WHERE id = ${sessionId}`)
}

const live = sql.fragment`ended_at IS NULL AND expires_at > now()`

export const listLiveSessions = (tx: TenantTx, userId: number) =>
  tx.anyFirst(sql.type(SessionId)`SELECT id FROM sessions WHERE user_id = ${userId} AND ${live}`)

/** Ends sessions of a user, all or all but one; answers which. */
export const endSessions = (tx: TenantTx, userId: number, reason: string, except?: string) =>
  tx.anyFirst(sql.type(SessionId)`
    UPDATE sessions SET ended_at = now(), end_reason = ${reason}
    WHERE user_id = ${userId} AND ended_at IS NULL AND ${except && isSessionId(except) ? sql.fragment`id <> ${except}` : sql.fragment`TRUE`}
    RETURNING id`)

/** Ends one session of a user; null when there is no such live one. */
export const endSession = (tx: TenantTx, userId: number, sessionId: string, reason: string) =>
  tx.maybeOneFirst(sql.type(SessionId)`
    UPDATE sessions SET ended_at = now(), end_reason = ${reason}
    WHERE id = ${sessionId} AND user_id = ${userId} AND ended_at IS NULL RETURNING id`)

export const listSessions = (tx: TenantTx, userId: number) =>
  tx.any(sql.type(SessionRow)`
    SELECT ${shown} FROM sessions
    WHERE user_id = ${userId} AND ${live} ORDER BY last_used_at DESC, id LIMIT 200`)

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Sessions of external identity providers have ids of another form, and no row here. */
export const isSessionId = (id: string): boolean => uuid.test(id)
