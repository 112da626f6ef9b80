import { problem } from '@hospital/contracts'
import type { Passwords } from './password-adapter.ts'
import { needsMfa, weaknessOf } from './password-rules.ts'
import type { NewHash } from './queries.ts'

/** Where a new password comes from, and whose it is. */
interface PasswordUse {
  /** JSON Pointer of the field. */
  pointer: string
  /** With a second factor eight characters are enough. */
  hasMfa: boolean
  /** The person's e-mail and name: no password of theirs. */
  own: readonly string[]
}

/** @throws problem `weak-password` saying why */
function assertStrong(password: string, { pointer, hasMfa, own }: PasswordUse): void {
  const detail = weaknessOf(password, { hasMfa, own })
  if (detail !== null)
    throw problem('weak-password', { detail: `The password ${detail}.`, errors: [{ pointer, detail }] })
}

/** The hash of a new password. @throws problem `weak-password` */
export async function hashNewPassword(passwords: Passwords, password: string, use: PasswordUse): Promise<NewHash> {
  assertStrong(password, use)
  return { hash: await passwords.hash(password), needsMfa: needsMfa(password) }
}
