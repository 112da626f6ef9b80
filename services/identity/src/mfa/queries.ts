import { Nullable } from '@hospital/contracts'
import { type GlobalTx, sql, type TenantTx } from '@hospital/database'
import { type Static, Type } from '@sinclair/typebox'

const challengeMinutes = 5
const maxChallengeTries = 5

export const insertChallenge = (tx: TenantTx, userId: number, tokenHash: Buffer, now: Date) =>
  tx.query(sql.unsafe`
    INSERT INTO mfa_challenges (token_hash, user_id, expires_at)
    VALUES (${sql.binary(tokenHash)}, ${userId}, ${now.toISOString()}::timestamptz + make_interval(mins => ${challengeMinutes}))`)

/** Whether the user `u` has a second factor that is set up. */
export const hasFactor = sql.fragment`
  EXISTS (SELECT FROM mfa_totp m WHERE m.user_id = u.id AND m.confirmed_at IS NOT NULL)`

const ChallengeRow = Type.Object({ user_id: Type.Integer() })

/** Counts a try of the challenge before it is looked at; null when it is over. */
export const tryChallenge = (tx: GlobalTx, tokenHash: Buffer) =>
  tx.maybeOneFirst(sql.type(ChallengeRow)`
    UPDATE mfa_challenges SET attempts = attempts + 1
    WHERE token_hash = ${sql.binary(tokenHash)} AND used_at IS NULL AND expires_at > now()
      AND attempts < ${maxChallengeTries}
    RETURNING user_id`)

/** True for the one who finishes it. */
export const finishChallenge = async (tx: TenantTx, tokenHash: Buffer): Promise<boolean> => {
  const { rowCount } = await tx.query(sql.unsafe`
    UPDATE mfa_challenges SET used_at = now() WHERE token_hash = ${sql.binary(tokenHash)} AND used_at IS NULL`)
  return rowCount === 1
}

const TotpRow = Type.Object({
  secret: Type.String(),
  confirmed: Type.Boolean(),
  last_step: Nullable(Type.Integer()),
})
export type TotpRow = Static<typeof TotpRow>

/** The authenticator app of a user, held while a code is checked: a code works once. */
export const lockTotp = (tx: TenantTx, userId: number) =>
  tx.maybeOne(sql.type(TotpRow)`
    SELECT secret, confirmed_at IS NOT NULL AS confirmed, last_step FROM mfa_totp WHERE user_id = ${userId} FOR UPDATE`)

/** Begins, or begins again, an enrolment that is not confirmed yet. */
export const putTotp = (tx: TenantTx, userId: number, sealedSecret: string) =>
  tx.query(sql.unsafe`
    INSERT INTO mfa_totp AS m (user_id, secret) VALUES (${userId}, ${sealedSecret})
    ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, last_step = NULL, created_at = now()
    WHERE m.confirmed_at IS NULL`)

export const acceptStep = (tx: TenantTx, userId: number, step: number) =>
  tx.query(sql.unsafe`
    UPDATE mfa_totp SET last_step = ${step} WHERE user_id = ${userId}`)

/** Finishes setting up; false when that happened already. */
export const confirmTotp = async (tx: TenantTx, userId: number, step: number): Promise<boolean> => {
  const { rowCount } = await tx.query(sql.unsafe`
    UPDATE mfa_totp SET last_step = ${step}, confirmed_at = now() WHERE user_id = ${userId} AND confirmed_at IS NULL`)
  return rowCount === 1
}

export async function replaceRecoveryCodes(tx: TenantTx, userId: number, hashes: readonly Buffer[]): Promise<void> {
  await tx.query(sql.unsafe`DELETE FROM mfa_recovery_codes WHERE user_id = ${userId}`)
  for (const hash of hashes) {
    await tx.query(sql.unsafe`
      INSERT INTO mfa_recovery_codes (user_id, code_hash) VALUES (${userId}, ${sql.binary(hash)})`)
  }
}

/** True when it was an unused recovery code of this user, which is used now. */
export const useRecoveryCode = async (tx: TenantTx, userId: number, hash: Buffer): Promise<boolean> => {
  const { rowCount } = await tx.query(sql.unsafe`
    UPDATE mfa_recovery_codes SET used_at = now()
    WHERE user_id = ${userId} AND code_hash = ${sql.binary(hash)} AND used_at IS NULL`)
  return rowCount === 1
}

export async function deleteTotp(tx: TenantTx, userId: number): Promise<void> {
  await tx.query(sql.unsafe`DELETE FROM mfa_recovery_codes WHERE user_id = ${userId}`)
  await tx.query(sql.unsafe`DELETE FROM mfa_totp WHERE user_id = ${userId}`)
}

export const deleteChallenges = (tx: TenantTx, userId: number) =>
  tx.query(sql.unsafe`DELETE FROM mfa_challenges WHERE user_id = ${userId}`)

/** The hospital as an authenticator app shows it. */
export const getLabels = (tx: TenantTx, userId: number) =>
  tx.one(sql.type(Type.Object({ issuer: Type.String(), label: Type.String() }))`
    SELECT coalesce(t.name, t.id) AS issuer, u.email AS label FROM users u JOIN tenants t ON t.id = u.tenant_id
    WHERE u.id = ${userId}`)
