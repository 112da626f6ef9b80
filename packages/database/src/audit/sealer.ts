import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { DatabaseUnavailable, translateError } from '../errors.ts'
import { withOwner } from '../migrate/client.ts'
import { type AuditOptions, listTrails } from './audit.ts'
import { auditChain, latestMs } from './chain.ts'
import { auditKey } from './mac.ts'
import { sealTenant } from './seal.ts'

interface SealerOptions extends AuditOptions {
  /** `writtenTrails` of the database that writes: which hospitals' trails wait, from which they are taken out. */
  writtenTrails: Map<string, number>
  /** From the beginning of one sweep to the next; rows are sealed within it and the time of a sweep. */
  intervalMs?: number
  /** A trail was looked at: with an error when it could not be sealed. The others go on. */
  onLook?: (tenantId: string, error: unknown) => void
  /** A sweep is over: with an error when it could not be made, the database being away. */
  onSweep?: (error: unknown) => void
}

/** What the sealer knows of a trail. Ids are given before commit, so a row may still arrive below those that are seen. */
interface Trail {
  /** Up to this id nothing waits and nothing will; null until the first look. */
  settled: number | null
  /** How far a look saw, and when: settled as soon as every transaction is over that was under way then. */
  seen: { newestId: number; at: number } | null
  failures: number
  /** A trail that failed rests until then (`performance.now()`). */
  restsUntil: number
}

/** A trail whose table is locked is left soon, and tried again after 5, 10, 20 … 60 seconds: the others do not wait for it. */
const limits = "SET lock_timeout TO '1s'; SET statement_timeout TO '30s'"
const restMs = (failures: number): number => Math.min(5_000 * 2 ** (failures - 1), 60_000)

/** How far back transactions go that could still commit a row. */
interface Underway {
  /** The oldest began then, or later (database's clock, ms). */
  since: number
  /** The same by `performance.now()`, or a little before. */
  sinceHere: number
}

/** Where the owner may not see the others' transactions: the longest that one can last. */
const oldestTransaction = `
  SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS now, coalesce(
    (extract(epoch FROM clock_timestamp() - min(xact_start)) * 1000)::float8, 0) AS age,
    coalesce(bool_or(state IS NULL OR state = 'disabled'), false) AS is_hidden
  FROM pg_stat_activity WHERE datname = current_database() AND usename <> current_user AND backend_type = 'client backend'`

async function readUnderway(client: pg.Client): Promise<Underway> {
  const askedAt = performance.now()
  const { rows } = await client.query<{ now: number; age: number; is_hidden: boolean }>(oldestTransaction)
  const [{ now, age, is_hidden } = { now: 0, age: 0, is_hidden: true }] = rows
  const oldest = is_hidden ? latestMs : Math.min(age, latestMs)
  return { since: now - oldest, sinceHere: askedAt - oldest }
}

/** How often trails are looked for that another process wrote to and left, having ended before it sealed them. */
const strayMs = 60_000

/** The connection or the server is gone, which is nothing about the hospital that was looked at. */
const isAway = (error: unknown): boolean => {
  const translated = translateError(error)
  return translated instanceof DatabaseUnavailable && ['unreachable', 'busy'].includes(translated.reason)
}

/** Which trails have rows above those that were there the last time; every trail the first time. */
function createStrayFinder(service: AuditOptions['service']) {
  const lastIds = new Map<string, number>()
  const inOwnSchemas = async (client: pg.Client): Promise<string[]> => {
    const { rows } = await client.query<{ schema: string; last: number | null }>(
      `SELECT n.nspname AS schema, pg_sequence_last_value(c.oid)::float8 AS last
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relname = 'audit_events_id_seq' AND c.relkind = 'S'`,
    )
    return rows.flatMap(({ schema, last }) => {
      const hasMoved = (lastIds.get(schema) ?? 0) < (last ?? 0)
      lastIds.set(schema, last ?? 0)
      return hasMoved ? [schema] : []
    })
  }
  /** One id sequence for all hospitals: asks far enough back for whatever has committed since. */
  const floors: number[] = []
  const inOneTable = async (client: pg.Client): Promise<string[]> => {
    const { rows } = await client.query<{ last: number }>(
      'SELECT coalesce(max(id), 0)::float8 AS last FROM public.audit_events',
    )
    floors.push(rows[0]?.last ?? 0)
    if (floors.length === 1) return listTrails(client, service)
    if (floors.length > latestMs / strayMs) floors.shift()
    const { rows: trails } = await client.query<{ id: string }>(
      `SELECT DISTINCT e.tenant_id AS id FROM public.audit_events e
       WHERE e.id > $1 AND NOT EXISTS (SELECT FROM public.audit_seals s WHERE s.event_id = e.id AND s.event_id > $1)`,
      [floors[0]],
    )
    return trails.map(({ id }) => id)
  }
  return service === 'identity' ? inOneTable : inOwnSchemas
}

/** Seals the trails of a service within seconds of their writing, until closed. Only trails with something new are read. */
export function startAuditSealer(options: SealerOptions): { close(): Promise<void> } {
  const { service, writtenTrails, intervalMs = 5_000, onLook = () => {}, onSweep = () => {} } = options
  const stop = new AbortController()
  const keeping = { anchorDirectory: options.anchorDirectory, key: auditKey(options.appPassword) }
  const findStrays = createStrayFinder(service)
  let straysAt = Number.NEGATIVE_INFINITY
  const trails = new Map<string, Trail>()

  const trailOf = (tenantId: string): Trail => {
    const known = trails.get(tenantId)
    if (known !== undefined) return known
    const trail: Trail = { settled: null, seen: null, failures: 0, restsUntil: 0 }
    trails.set(tenantId, trail)
    return trail
  }

  /** Seals what is to be seen of a trail. It goes on waiting while somebody who wrote to it may not have committed. */
  const look = async (client: pg.Client, tenantId: string, underway: Underway): Promise<void> => {
    const trail = trailOf(tenantId)
    const writtenAt = writtenTrails.get(tenantId) ?? 0
    const { newestId, at } = await sealTenant(client, auditChain(service, tenantId), keeping, trail.settled)
    const { seen } = trail
    const isOver = seen === null || seen.at < underway.since
    if (seen !== null && isOver) trail.settled = seen.newestId
    if (isOver) trail.seen = { newestId, at }
    if (writtenAt < underway.sinceHere && writtenTrails.get(tenantId) === writtenAt) writtenTrails.delete(tenantId)
  }

  const lookSafely = async (client: pg.Client, tenantId: string, underway: Underway): Promise<void> => {
    const trail = trailOf(tenantId)
    try {
      await look(client, tenantId, underway)
      trail.failures = 0
      onLook(tenantId, null)
    } catch (error) {
      if (isAway(error)) throw error
      trail.failures += 1
      trail.restsUntil = performance.now() + restMs(trail.failures)
      onLook(tenantId, error)
    }
  }

  const addStrays = async (client: pg.Client, now: number): Promise<void> => {
    if (now - straysAt < strayMs) return
    straysAt = now
    for (const tenantId of await findStrays(client)) {
      if (!writtenTrails.has(tenantId)) writtenTrails.set(tenantId, performance.now())
    }
  }

  const sweep = async (client: pg.Client): Promise<void> => {
    const startedAt = performance.now()
    // One hospital whose tables are being changed blocks the question about all; what is known to wait does not need it.
    await addStrays(client, startedAt).catch(onSweep)
    const underway = await readUnderway(client)
    const failed = (tenantId: string) => trailOf(tenantId).failures
    // Those that failed come last, and only while there is time: they may take a second each.
    for (const tenantId of [...writtenTrails.keys()].sort((one, other) => failed(one) - failed(other))) {
      if (stop.signal.aborted) return
      const { failures, restsUntil } = trailOf(tenantId)
      const now = performance.now()
      if (failures > 0 && (now < restsUntil || now - startedAt > intervalMs)) continue
      await lookSafely(client, tenantId, underway)
    }
  }
  const pause = (ms: number) => sleep(ms, null, { signal: stop.signal, ref: false }).catch(() => {})

  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await withOwner(options.url, async (client) => {
        let alive = true
        client.once('end', () => {
          alive = false
        })
        await client.query(limits)
        while (alive && !stop.signal.aborted) {
          const startedAt = performance.now()
          await sweep(client)
          onSweep(null)
          await pause(Math.max(startedAt + intervalMs - performance.now(), intervalMs / 10))
        }
      }).catch(onSweep)
      await pause(intervalMs)
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
