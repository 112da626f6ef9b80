import { setTimeout as sleep } from 'node:timers/promises'
import type { CloudEvent } from '@hospital/contracts'
import { Type } from '@sinclair/typebox'
import pg from 'pg'
import type { Database } from './database.ts'
import { sql } from './sql.ts'

/** An event that waits to be published. */
export interface OutboxRow {
  /** The event's id, also its Nats-Msg-Id. */
  id: string
  subject: string
  envelope: CloudEvent
}

export interface OutboxReader {
  /**
   * Locks up to `limit` unpublished events, oldest first and skipping those another relay holds, gives them to `publish`
   * and marks those whose ids it answers. Answers how many were taken and how many of them published.
   */
  takeBatch(
    limit: number,
    publish: (rows: readonly OutboxRow[]) => Promise<readonly string[]>,
  ): Promise<{ taken: number; published: number }>
  /** Calls back when events were committed, after every reconnect, and every few seconds in case a wake was lost. */
  onWake(wake: () => void): () => void
  /** Deletes what was published before the given age; answers how many. */
  prune(olderThanHours: number): Promise<number>
  /** Unpublished events and the age of the oldest. */
  backlog(): Promise<{ count: number; oldestSeconds: number }>
  close(): Promise<void>
}

const Row = Type.Object({
  id: Type.String(),
  subject: Type.String(),
  envelope: Type.Unsafe<CloudEvent>(Type.Object({})),
})
const Backlog = Type.Object({ count: Type.Integer(), oldest_seconds: Type.Number() })

/** The relay's side of the outbox of one service. */
export function outboxReader(database: Database): OutboxReader {
  const { schema } = database.options
  const outbox = sql.identifier([schema, 'outbox'])
  const wakes = new Set<() => void>()
  const listener = listen(database, `${schema}_outbox`, () => {
    for (const wake of wakes) wake()
  })

  return {
    takeBatch: (limit, publish) =>
      database.inGlobal(async (tx) => {
        // Never "id > last seen": ids are given before commit, and an event that commits late would be lost.
        const rows = await tx.any(sql.type(Row)`
          SELECT id, subject, envelope FROM ${outbox}
          WHERE published_at IS NULL ORDER BY sequence LIMIT ${limit} FOR UPDATE SKIP LOCKED
        `)
        if (rows.length === 0) return { taken: 0, published: 0 }
        const published = await publish(rows)
        if (published.length > 0) {
          await tx.query(sql.unsafe`
            UPDATE ${outbox} SET published_at = now() WHERE id = ANY(${sql.array([...published], 'uuid')})
          `)
        }
        return { taken: rows.length, published: published.length }
      }),
    onWake: (wake) => {
      wakes.add(wake)
      return () => wakes.delete(wake)
    },
    prune: async (olderThanHours) => {
      for (let total = 0; ; ) {
        const count = await pruneBatch(database, outbox, olderThanHours)
        total += count
        if (count === 0) return total
      }
    },
    backlog: async () => {
      const row = await database.inGlobal((tx) =>
        tx.one(sql.type(Backlog)`
          SELECT count(*) AS count,
            coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::float8 AS oldest_seconds
          FROM ${outbox} WHERE published_at IS NULL
        `),
      )
      return { count: row.count, oldestSeconds: row.oldest_seconds }
    },
    close: listener.close,
  }
}

/** Looks at the oldest thousand only, so that it costs the same however long the table is. */
async function pruneBatch(
  database: Database,
  outbox: ReturnType<typeof sql.identifier>,
  olderThanHours: number,
): Promise<number> {
  const result = await database.inGlobal((tx) =>
    tx.query(sql.unsafe`
      DELETE FROM ${outbox}
      WHERE sequence IN (SELECT sequence FROM ${outbox} ORDER BY sequence LIMIT 1000)
        AND published_at < now() - make_interval(hours => ${olderThanHours})
    `),
  )
  return result.rowCount ?? 0
}

const fallbackMs = 3_000

/** Keeps one connection listening; slonik has no LISTEN. */
function listen(database: Database, channel: string, wake: () => void) {
  const stop = new AbortController()
  let current: pg.Client | null = null

  const connectOnce = async (): Promise<void> => {
    const client = new pg.Client({
      connectionString: database.options.url,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
    })
    const gone = Promise.withResolvers<void>()
    client.on('error', (error) => {
      database.options.onError?.(error)
      gone.resolve()
    })
    client.on('end', () => gone.resolve())
    client.on('notification', wake)
    try {
      await client.connect()
      // Closed while it was connecting: nobody would end it any more.
      if (stop.signal.aborted) return
      current = client
      await client.query(`LISTEN ${client.escapeIdentifier(channel)}`)
      wake()
      await gone.promise
    } finally {
      current = null
      await client.end().catch(() => {})
    }
  }

  const loop = (async () => {
    for (let waitMs = 100; !stop.signal.aborted; waitMs = Math.min(waitMs * 2, 5_000)) {
      const startedAt = Date.now()
      await connectOnce().catch((error) => database.options.onError?.(error))
      if (Date.now() - startedAt > 10_000) waitMs = 100
      await sleep(waitMs, null, { signal: stop.signal, ref: false }).catch(() => {})
    }
  })()
  const fallback = setInterval(wake, fallbackMs).unref()

  return {
    close: async () => {
      stop.abort()
      clearInterval(fallback)
      await current?.end().catch(() => {})
      await loop
    },
  }
}
