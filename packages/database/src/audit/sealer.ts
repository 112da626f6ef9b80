import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { withOwner } from '../migrate/client.ts'
import type { AuditOptions } from './audit.ts'
import { auditChain } from './chain.ts'
import { auditKey } from './mac.ts'
import { sealTenant } from './seal.ts'

export interface SealerOptions extends AuditOptions {
  /** Pause between sweeps; rows are sealed within it and the time of a sweep. */
  intervalMs?: number
  onError?: (error: unknown) => void
}

/** How far each trail's row ids have come, from their sequences: exact, at once, and without reading the trails. */
async function positions(client: pg.Client, service: AuditOptions['service']): Promise<Map<string, number>> {
  const { rows } = await client.query<{ schema: string; last: number | null }>(
    `SELECT n.nspname AS schema, pg_sequence_last_value(c.oid)::float8 AS last
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relname = 'audit_events_id_seq' AND c.relkind = 'S'`,
  )
  const moved = new Map(rows.map(({ schema, last }) => [schema, last ?? 0]))
  if (service !== 'identity') return moved
  const { rows: tenants } = await client.query<{ id: string }>('SELECT id FROM public.tenants')
  return new Map(tenants.map(({ id }) => [id, moved.get('public') ?? 0]))
}

/** Ids are given before commit: a trail that moved is looked at again until every such transaction must be over. */
const restlessMs = 60_000

/** Which trails a sweep has to look at: those that moved since the last look, or a moment ago. */
function createWatch() {
  const seen = new Map<string, { last: number; movedAt: number }>()
  return (now: number, current: ReadonlyMap<string, number>): string[] =>
    [...current].flatMap(([tenantId, last]) => {
      const before = seen.get(tenantId)
      if (before === undefined || before.last !== last) seen.set(tenantId, { last, movedAt: now })
      else if (now - before.movedAt > restlessMs) return []
      return [tenantId]
    })
}

/** Seals the trails of a service within seconds of their writing, until closed. */
export function startAuditSealer(options: SealerOptions): { close(): Promise<void> } {
  const stop = new AbortController()
  const onError = options.onError ?? (() => {})
  const keeping = { anchorDirectory: options.anchorDirectory, key: auditKey(options.appPassword) }
  const dueAt = createWatch()

  const sweep = async (client: pg.Client): Promise<void> => {
    for (const tenantId of dueAt(Date.now(), await positions(client, options.service))) {
      if (stop.signal.aborted) return
      // One broken chain is reported and left; the others go on.
      await sealTenant(client, auditChain(options.service, tenantId), keeping).catch(onError)
    }
  }
  const pause = () => sleep(options.intervalMs ?? 5_000, null, { signal: stop.signal, ref: false }).catch(() => {})

  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await withOwner(options.url, async (client) => {
        let alive = true
        client.once('end', () => {
          alive = false
        })
        while (alive && !stop.signal.aborted) {
          await sweep(client)
          await pause()
        }
      }).catch(onError)
      await pause()
    }
  }
  const running = run()
  return {
    close: async () => {
      stop.abort()
      await running
    },
  }
}
