import type { ServiceName } from '@hospital/contracts'
import { contextTokens as kind, tokenMaker } from '@hospital/service/tokens'
import type { LiveSession } from './sessions.ts'

/** Who the services see when nobody is signed in; only operations open to the public accept it. */
const anonymous = { sub: 'anonymous' }

const bucketSeconds = 30

/**
 * Makes the function that says to one service, signed, who is acting. A token is valid for that service alone and for at
 * most a minute; one is made per session, service and half-minute, since signing costs more than all else here.
 */
export function contextTokens(
  signingKey: string,
  now: () => number,
): (service: ServiceName, session: LiveSession | null) => string {
  const sign = tokenMaker(kind, signingKey)
  const made = new Map<string, string>()
  let bucket = 0

  return (service, session) => {
    const seconds = Math.floor(now() / 1000)
    if (Math.floor(seconds / bucketSeconds) !== bucket) {
      bucket = Math.floor(seconds / bucketSeconds)
      made.clear()
    }
    const who = session ? claimsOf(session) : anonymous
    const key = `${service} ${JSON.stringify(who)}`
    const known = made.get(key)
    if (known) return known
    const token = sign({ aud: service, ...who }, bucket * bucketSeconds)
    made.set(key, token)
    return token
  }
}

/** Roles and permissions are part of the key above, so that a change of them never waits for the half-minute to end. */
const claimsOf = (session: LiveSession) => ({
  sub: String(session.userId),
  tid: session.tenantId,
  sid: session.sessionId,
  name: session.userName,
  roles: session.roles,
  permissions: session.permissions,
})
