import { randomInt } from 'node:crypto'
import type { TenantTx } from '@hospital/database'
import { generateSecret, generateURI, verify } from 'otplib'
import type { Keys } from '../keys.ts'
import { acceptStep, lockTotp, type TotpRow, useRecoveryCode } from './queries.ts'

const ownerOf = (userId: number) => `mfa_totp ${userId}`

/** A new secret, what the app scans, and how it is stored. */
export function newSecret(keys: Keys, userId: number, labels: { issuer: string; label: string }) {
  const secret = generateSecret()
  const otpauth_url = generateURI({ ...labels, secret })
  return { answer: { secret, otpauth_url }, sealed: keys.seal(ownerOf(userId), secret) }
}

/** The time step of a right code that is newer than every one before, else null. Clocks may differ by half a minute. */
async function stepOf(keys: Keys, userId: number, totp: TotpRow, code: string, now: Date): Promise<number | null> {
  if (!/^\d{6}$/.test(code)) return null
  const secret = keys.unseal(ownerOf(userId), totp.secret)
  const epoch = Math.floor(now.getTime() / 1000)
  const result = await verify({ secret, token: code, epoch, epochTolerance: 30 })
  if (!result.valid || !('timeStep' in result)) return null
  return totp.last_step !== null && result.timeStep <= totp.last_step ? null : result.timeStep
}

/** The time step of the first code of an app that is being set up; null when it is wrong. */
export async function checkApp(tx: TenantTx, keys: Keys, userId: number, code: string, now: Date) {
  const totp = await lockTotp(tx, userId)
  return totp && !totp.confirmed ? stepOf(keys, userId, totp, code.replaceAll(/\s/g, ''), now) : null
}

/** Takes a code of the app or a recovery code; either works once. */
export async function takeSecondFactor(tx: TenantTx, keys: Keys, userId: number, code: string, now: Date) {
  const totp = await lockTotp(tx, userId)
  if (!totp?.confirmed) return false
  const step = await stepOf(keys, userId, totp, code.replaceAll(/\s/g, ''), now)
  if (step === null) return useRecoveryCode(tx, userId, recoveryHash(keys, userId, code))
  await acceptStep(tx, userId, step)
  return true
}

const alphabet = '23456789abcdefghjkmnpqrstuvwxyz'

/** Ten codes of 50 bits for the day the phone is lost: `w7k3m-q9xpt`. */
export const makeRecoveryCodes = (): string[] =>
  Array.from({ length: 10 }, () => {
    const characters = Array.from({ length: 10 }, () => alphabet[randomInt(alphabet.length)]).join('')
    return `${characters.slice(0, 5)}-${characters.slice(5)}`
  })

export const recoveryHash = (keys: Keys, userId: number, code: string): Buffer =>
  keys.fingerprint(`recovery ${userId}`, code.toLowerCase().replaceAll(/[^0-9a-z]/g, ''))
