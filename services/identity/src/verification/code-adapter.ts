import { randomInt } from 'node:crypto'
import type { Keys } from '../keys.ts'

/** What a mailed code is good for. */
export type CodeType = 'password' | 'email'

// No 0/O and 1/I: people type codes from one screen into another.
const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
const length = 8

/** Eight characters, 40 bits, in two groups: `K7QM-3FXP`. */
export function makeCode(): string {
  const characters = Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')
  return `${characters.slice(0, 4)}-${characters.slice(4)}`
}

/** As typed, so it is compared: case, spaces and hyphens do not matter. */
export const plainCode = (typed: string): string => typed.toUpperCase().replaceAll(/[^0-9A-Z]/g, '')

/** How a code of a user is stored. */
export const codeHash = (keys: Keys, type: CodeType, userId: number, code: string): string =>
  keys.fingerprint(`code ${type} ${userId}`, plainCode(code)).toString('hex')
