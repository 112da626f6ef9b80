import { type GlobalTx, sql } from '@hospital/database'
import { Type } from '@sinclair/typebox'
import { maxGuesses, windowMinutes } from './rules.ts'

/** Which counter a guess counts on: the account's, or that of a device the account knows. */
export interface GuessCounter {
  accountHash: Buffer
  deviceId: number | null
}

const At = Type.Object({ at: Type.String() })
const IdRow = Type.Object({ id: Type.Integer() })

/** Makes guesses of one account take turns until the transaction ends. */
export const lockAccount = (tx: GlobalTx, { accountHash }: GuessCounter) =>
  tx.query(sql.unsafe`SELECT pg_advisory_xact_lock(hashtextextended(${accountHash.toString('hex')}, 15))`)

/** When the latest wrong guesses of the window happened; as many as the limit, since more change nothing. */
export const listWrongGuesses = (tx: GlobalTx, { accountHash, deviceId }: GuessCounter) =>
  tx.anyFirst(sql.type(At)`
    SELECT at FROM login_attempts
    WHERE account_hash = ${sql.binary(accountHash)} AND device_id IS NOT DISTINCT FROM ${deviceId}::bigint
      AND NOT succeeded AND at > now() - make_interval(mins => ${windowMinutes})
    ORDER BY at DESC LIMIT ${maxGuesses}`)

/** A guess counts as wrong until it has proved right, so that guesses in parallel cannot slip through. */
export const insertGuess = (tx: GlobalTx, counter: GuessCounter, door: string, address: string | undefined) =>
  tx.oneFirst(sql.type(IdRow)`
    INSERT INTO login_attempts (account_hash, device_id, door, address, succeeded)
    VALUES (${sql.binary(counter.accountHash)}, ${counter.deviceId}, ${door}, ${address ?? null}, false)
    RETURNING id`)

export const markRight = (tx: GlobalTx, guessId: number) =>
  tx.query(sql.unsafe`UPDATE login_attempts SET succeeded = true WHERE id = ${guessId}`)

/** The device that holds this token, if a user with this e-mail signed in from it before. */
export const findDevice = (tx: GlobalTx, tokenHash: Buffer, email: string) =>
  tx.maybeOneFirst(sql.type(IdRow)`
    SELECT d.id FROM known_devices d JOIN users u ON u.id = d.user_id
    WHERE d.token_hash = ${sql.binary(tokenHash)} AND lower(u.email) = ${email}
      AND d.last_seen_at > now() - interval '90 days'`)
