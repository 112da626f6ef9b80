import { errorCode } from '@hospital/database'
import type { FastifyBaseLogger } from 'fastify'

/** Work that this service does by itself and that fails at the moment. */
export interface Trouble {
  /** The consumer, job or round. */
  part: string
  /** The hospital whose work waits; null when it is the part as a whole. */
  tenant: string | null
  /** Name or code of the newest error; messages of databases carry values of rows. */
  reason: string
  /** RFC 3339. */
  since: string
  failures: number
}

/** What fails at the moment, for `/readyz`, `/metrics` and the log: one hospital's trouble must be seen, and stop no other. */
export interface Troubles {
  failed(part: string, tenantId: string | null, error: unknown): void
  /** It works (again). */
  over(part: string, tenantId: string | null): void
  list(): readonly Trouble[]
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  if ('reason' in error && typeof error.reason === 'string') return error.reason
  return errorCode(error) ?? error.name
}

export function createTroubles(log: FastifyBaseLogger, clock: () => Date = () => new Date()): Troubles {
  const troubles = new Map<string, Trouble>()
  const keyOf = (part: string, tenantId: string | null) => `${part}\n${tenantId ?? ''}`
  return {
    failed(part, tenantId, error) {
      const known = troubles.get(keyOf(part, tenantId))
      const since = known?.since ?? clock().toISOString()
      const failures = (known?.failures ?? 0) + 1
      troubles.set(keyOf(part, tenantId), { part, tenant: tenantId, reason: reasonOf(error), since, failures })
      // The 1st, 2nd, 4th, 8th … time: what is tried every second must not fill the log.
      if (Math.log2(failures) % 1 === 0)
        log.error({ err: error, part, tenant: tenantId, failures }, 'work failed and is tried again')
    },
    over(part, tenantId) {
      if (troubles.delete(keyOf(part, tenantId))) log.info({ part, tenant: tenantId }, 'work goes on again')
    },
    list: () => [...troubles.values()],
  }
}
