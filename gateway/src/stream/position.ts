import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** The streams a reader follows at the same time. */
export const followed = ['IDENTITY', 'CLINICAL', 'SCHEDULING'] as const
export type Followed = (typeof followed)[number]

/** How far a reader has come in each stream. */
export type Position = Record<Followed, number>

export interface Positions {
  write(tenantId: string, position: Position): string
  /** Null for what was not written here, for this hospital, within the time that events are kept. */
  read(tenantId: string, text: string): Position | null
}

const algorithm = 'aes-256-gcm'
const ivBytes = 12
const tagBytes = 16
/** Events are kept for 30 days: an older position could hide a gap. */
const validSeconds = 29 * 24 * 60 * 60

/**
 * Positions as text that only this installation can write and read: numbers of streams would tell how much happens in
 * other hospitals. Every gateway with the same key understands them.
 */
export function positionsOf(secret: string, now: () => number): Positions {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'positions in event streams', 32))
  const seconds = (): number => Math.floor(now() / 1000)
  return {
    write(tenantId, position) {
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv(algorithm, key, iv).setAAD(Buffer.from(tenantId))
      const text = JSON.stringify([seconds(), ...followed.map((stream) => position[stream])])
      const sealed = Buffer.concat([iv, cipher.update(text), cipher.final()])
      return Buffer.concat([sealed, cipher.getAuthTag()]).toString('base64url')
    },
    read(tenantId, text) {
      const numbers = unseal(key, tenantId, text)
      if (!numbers || numbers.length !== followed.length + 1) return null
      const [writtenAt = 0, ...sequences] = numbers
      if (writtenAt + validSeconds < seconds()) return null
      return Object.fromEntries(followed.map((stream, at) => [stream, sequences[at]])) as Position
    },
  }
}

function unseal(key: Buffer, tenantId: string, text: string): number[] | null {
  if (!/^[A-Za-z0-9_-]{40,400}$/.test(text)) return null
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.length <= ivBytes + tagBytes) return null
  const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, ivBytes), { authTagLength: tagBytes })
  decipher.setAAD(Buffer.from(tenantId)).setAuthTag(bytes.subarray(-tagBytes))
  try {
    return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(ivBytes, -tagBytes)), decipher.final()]).toString())
  } catch {
    return null
  }
}
