import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto'

const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest()

function verifier(password: string, salt: Buffer, iterations: number): string {
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, iterations, 32, 'sha256')
  const stored = createHash('sha256').update(hmac(salted, 'Client Key')).digest('base64')
  const server = hmac(salted, 'Server Key').toString('base64')
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${stored}:${server}`
}

/** What PostgreSQL stores for a password, made here so that the password itself is in no statement and no log. */
export const scramVerifier = (password: string): string => verifier(password, randomBytes(16), 4096)

/** True when a stored verifier belongs to the password, so that nothing needs to change. */
export function verifies(stored: string | null, password: string): boolean {
  const [, iterations, salt] = stored?.match(/^SCRAM-SHA-256\$(\d+):([^$]+)\$/) ?? []
  if (stored === null || iterations === undefined || salt === undefined) return false
  const made = Buffer.from(verifier(password, Buffer.from(salt, 'base64'), Number(iterations)))
  return made.length === Buffer.byteLength(stored) && timingSafeEqual(made, Buffer.from(stored))
}
