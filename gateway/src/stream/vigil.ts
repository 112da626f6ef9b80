import { setTimeout as delay } from 'node:timers/promises'
import { Problem } from '@hospital/contracts'
import type { LiveSession } from '../sessions.ts'

interface VigilOptions {
  session: LiveSession
  /** Who the reader is now, as identity said no longer ago than this; throws when they are nobody any more. */
  identify: (maxAgeMs: number) => Promise<LiveSession>
  /** Aborted when there is nothing to watch any more. */
  signal: AbortSignal
}

const everyMs = 1_000
const maxAgeMs = 3_000
/** While identity is away nobody can say who is alive; that is borne no longer than an ended session would be. */
const unknownForMs = 5_000

/** Resolves when the session has ended, when it may see other things than before, or when it is stopped. */
export async function untilChanged({ session, identify, signal }: VigilOptions): Promise<void> {
  let knownAt = performance.now()
  while (!signal.aborted) {
    await delay(everyMs, undefined, { signal, ref: false }).catch(() => undefined)
    if (signal.aborted) return
    try {
      if (!isSame(await identify(maxAgeMs), session)) return
      knownAt = performance.now()
    } catch (error) {
      const isUnknown = error instanceof Problem && error.code === 'service-unavailable'
      if (!isUnknown || performance.now() - knownAt > unknownForMs) return
    }
  }
}

const isSame = (now: LiveSession, before: LiveSession): boolean =>
  now.tenantId === before.tenantId &&
  now.userId === before.userId &&
  now.sessionId === before.sessionId &&
  [...now.permissions].sort().join() === [...before.permissions].sort().join()
