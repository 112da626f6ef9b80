import {
  type CloudEvent,
  checkSession,
  type Permission,
  problem,
  type ReplyOf,
  resolveExternal,
} from '@hospital/contracts'
import type { Messaging, Trace } from '@hospital/messaging'
import type { Bearer } from './bearer.ts'

/** Who is signed in, as identity says right now. */
export interface LiveSession {
  tenantId: string
  userId: number
  sessionId: string
  userName: string
  roles: readonly string[]
  permissions: readonly Permission[]
}

export interface Sessions {
  /**
   * The living session of a token's bearer. `tenantHeader` helps to choose for a person who works in several hospitals;
   * `maxAgeMs` is how old the answer may be.
   * @throws problem `unauthenticated`, `user-not-provisioned`, or `service-unavailable` when identity does not answer
   */
  live(bearer: Bearer, tenantHeader: string | null, trace: Trace, maxAgeMs?: number): Promise<LiveSession>
  close(): void
}

interface Entry {
  answer: Promise<LiveSession>
  /** Known once the answer is there; what is not known is forgotten with any event. */
  session: LiveSession | null
  until: number
}

/** An ended session, a demoted user or a suspended hospital is noticed no later than this. */
const rememberMs = 5_000
const maxRemembered = 50_000

/** Asks identity whether sessions live and remembers its answers for a moment, until an event says they may be wrong. */
export function sessionsOf(messaging: Pick<Messaging, 'request' | 'listen'>, now: () => number): Sessions {
  const entries = new Map<string, Entry>()

  const forget = (concerns: (session: LiveSession) => boolean): void => {
    for (const [key, { session }] of entries) if (!session || concerns(session)) entries.delete(key)
  }
  const listening = messaging.listen('identity.>', (event) => forget(concernedBy(event)))
  const sweeping = setInterval(() => {
    for (const [key, { until }] of entries) if (until <= now()) entries.delete(key)
  }, rememberMs)
  sweeping.unref()

  const remember = (key: string, answer: Promise<LiveSession>): Entry => {
    const entry: Entry = { answer, session: null, until: now() + rememberMs }
    if (entries.size >= maxRemembered) entries.clear()
    entries.set(key, entry)
    answer.then(
      (session) => {
        entry.session = session
      },
      () => {
        if (entries.get(key) === entry) entries.delete(key)
      },
    )
    return entry
  }

  return {
    live(bearer, tenantHeader, trace, maxAgeMs = rememberMs) {
      const key =
        bearer.kind === 'own'
          ? `own ${bearer.tenantId} ${bearer.userId} ${bearer.sessionId}`
          : JSON.stringify([
              bearer.issuer,
              bearer.subject,
              bearer.email,
              bearer.emailVerified,
              bearer.issuedAt,
              tenantHeader,
            ])
      const known = entries.get(key)
      if (known && known.until - rememberMs + maxAgeMs > now()) return known.answer
      const answer =
        bearer.kind === 'own' ? askOwn(messaging, bearer, trace) : askExternal(messaging, bearer, tenantHeader, trace)
      return remember(key, answer).answer
    },
    close() {
      clearInterval(sweeping)
      listening.close()
    },
  }
}

type Asking = Pick<Messaging, 'request'>

async function askOwn(messaging: Asking, bearer: Bearer & { kind: 'own' }, trace: Trace): Promise<LiveSession> {
  const { tenantId, userId, sessionId } = bearer
  const question = { session_id: sessionId, user_id: userId, tenant_id: tenantId }
  const reply = await messaging.request(checkSession, question, trace)
  if (!reply.active) throw problem('unauthenticated')
  return { tenantId, userId, sessionId, ...personOf(reply) }
}

async function askExternal(
  messaging: Asking,
  bearer: Bearer & { kind: 'external' },
  tenantHeader: string | null,
  trace: Trace,
): Promise<LiveSession> {
  const { issuer, subject, email, emailVerified, issuedAt } = bearer
  const person = { issuer, subject, email, email_verified: emailVerified, tenant_id: tenantHeader }
  const question = { ...person, ...(issuedAt === null ? {} : { issued_at: issuedAt }) }
  const reply = await messaging.request(resolveExternal, question, trace)
  if (!reply?.active) throw problem('user-not-provisioned')
  return { tenantId: reply.tenant_id, userId: reply.user_id, sessionId: reply.session_id, ...personOf(reply) }
}

const personOf = (reply: ReplyOf<typeof checkSession>) => ({
  userName: reply.user_name,
  roles: reply.roles,
  permissions: reply.permissions,
})

/** Which remembered sessions an event of identity puts in doubt: one user's, or a whole hospital's. */
function concernedBy(event: CloudEvent): (session: LiveSession) => boolean {
  const entity = event.type.split('.')[2]
  const data = (event.data ?? {}) as { user_id?: unknown }
  const userId = entity === 'session' ? Number(data.user_id) : Number(event.subject)
  if (entity === 'session' || entity === 'user')
    return (session) => session.tenantId === event.tenantid && session.userId === userId
  if (entity === 'role') return (session) => session.tenantId === event.tenantid
  // Events about a hospital may be told by the platform's operators: the subject names the hospital.
  return (session) => session.tenantId === event.tenantid || session.tenantId === event.subject
}
