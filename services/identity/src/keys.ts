import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'

/** What is derived from the service's secret: nothing that lies in the database is of use without it. */
export interface Keys {
  /** Keyed hash of something guessable (e-mail, code), so that a copy of the database does not give it away. */
  fingerprint(purpose: string, text: string): Buffer
  /** Encrypts for the database; `owner` binds the text to its row, so that rows cannot be swapped. */
  seal(owner: string, text: string): string
  /** @throws when the text was changed or belongs to another owner */
  unseal(owner: string, sealed: string): string
}

const ivBytes = 12
const tagBytes = 16

/** Derives the keys from a secret, one for each use. */
export function createKeys(secret: string): Keys {
  const derive = (use: string) => Buffer.from(hkdfSync('sha256', secret, 'hospital identity', use, 32))
  const hashing = derive('fingerprints')
  const sealing = derive('sealed columns')
  return {
    fingerprint: (purpose, text) => createHmac('sha256', hashing).update(`${purpose}\0${text}`).digest(),
    seal(owner, text) {
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv('aes-256-gcm', sealing, iv).setAAD(Buffer.from(owner))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64')
    },
    unseal(owner, sealed) {
      const bytes = Buffer.from(sealed, 'base64')
      const decipher = createDecipheriv('aes-256-gcm', sealing, bytes.subarray(0, ivBytes), { authTagLength: tagBytes })
        .setAAD(Buffer.from(owner))
        .setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes))
      return Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]).toString('utf8')
    },
  }
}

/** 256 random bits as text: a token nobody guesses. */
export const randomToken = (): string => randomBytes(32).toString('base64url')

/** How a random token is stored: it needs no key, since it cannot be guessed. */
export const tokenHash = (token: string): Buffer => createHash('sha256').update(token).digest()
