import type { KeyObject } from 'node:crypto'
import type { Permission, ServiceName } from '@hospital/contracts'
import { contextTokens, tokenMaker } from '@hospital/service/tokens'

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

/** A maker takes a key apart when it is made; a loader makes thousands of tokens with one. */
const makers = new WeakMap<KeyObject, ReturnType<typeof tokenMaker>>()

function makerOf(key: KeyObject): ReturnType<typeof tokenMaker> {
  const made = makers.get(key) ?? tokenMaker(contextTokens, key.export({ type: 'pkcs8', format: 'pem' }) as string)
  makers.set(key, made)
  return made
}

/** What the gateway sends a service with each request: who acts, signed, for that service alone, for a minute. */
export function contextToken(key: KeyObject, service: ServiceName, owner: TokenOwner, now: Date = new Date()): string {
  const claims = {
    aud: service,
    sub: String(owner.userId),
    tid: owner.tenantId,
    sid: owner.sessionId ?? 'local',
    name: owner.name,
    roles: owner.roles,
    permissions: owner.permissions,
  }
  return makerOf(key)(claims, Math.floor(now.getTime() / 1000))
}
