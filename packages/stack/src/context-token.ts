import { type KeyObject, sign } from 'node:crypto'
import type { Permission, ServiceName } from '@hospital/contracts'

/** Who a context token speaks for. */
export interface TokenOwner {
  tenantId: string
  /** `anonymous` before sign-in, with no hospital. */
  userId: number | 'anonymous'
  name: string
  roles: readonly string[]
  permissions: readonly Permission[]
  sessionId?: string
}

const lifetimeSeconds = 60

/** What the gateway sends a service with each request: who acts, signed, for that service alone, for a minute. */
export function contextToken(key: KeyObject, service: ServiceName, owner: TokenOwner, now: Date = new Date()): string {
  const issuedAt = Math.floor(now.getTime() / 1000)
  const claims = {
    iss: 'hospital-gateway',
    aud: service,
    sub: String(owner.userId),
    tid: owner.tenantId,
    sid: owner.sessionId ?? 'local',
    name: owner.name,
    roles: owner.roles,
    permissions: owner.permissions,
    iat: issuedAt,
    exp: issuedAt + lifetimeSeconds,
  }
  const text = `${encoded({ alg: 'EdDSA', typ: 'ctx+jwt' })}.${encoded(claims)}`
  return `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
