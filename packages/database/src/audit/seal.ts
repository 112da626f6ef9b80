import type pg from 'pg'
import { inTransaction } from '../migrate/client.ts'
import { type Anchor, readAnchors, writeAnchor } from './anchor.ts'
import { type AuditChain, latest, link, rowDigest, type SignedRow, settledId, signedColumns } from './chain.ts'
import { isSigned } from './mac.ts'

/** What sealing and verifying need besides the chain. */
export interface AuditKeeping {
  /** Where the heads are written down, outside the database. */
  anchorDirectory: string
  /** The key of the rows' signatures, `auditKey(appPassword)`. */
  key: Buffer
}

/** The chain in the database does not reach what was written down outside: somebody cut or rewrote it. */
export class ChainBroken extends Error {
  override readonly name = 'ChainBroken'
  readonly tenantId: string
  constructor(tenantId: string) {
    super(`The audit chain of ${tenantId} does not match its anchor and is not continued: run "hospital audit verify"`)
    this.tenantId = tenantId
  }
}

interface Head {
  seq: number
  hash: Buffer
}

async function readHead(client: pg.Client, chain: AuditChain): Promise<Head> {
  const { rows } = await client.query<Head>(
    `SELECT seq::float8 AS seq, hash FROM ${chain.seals} s WHERE ${chain.own('s')} ORDER BY seq DESC LIMIT 1`,
    [chain.tenantId],
  )
  return rows[0] ?? { seq: 0, hash: chain.genesis }
}

async function assertAnchored(client: pg.Client, chain: AuditChain, anchor: Anchor | undefined): Promise<void> {
  if (anchor === undefined) return
  const { rows } = await client.query<{ hash: Buffer }>(
    `SELECT hash FROM ${chain.seals} s WHERE ${chain.own('s')} AND seq = $2`,
    [chain.tenantId, anchor.seq],
  )
  if (rows[0]?.hash.toString('hex') !== anchor.hash) throw new ChainBroken(chain.tenantId)
}

/**
 * The next rows by id, and whether each waits for its seal: not sealed, not copied (a copy has the same `at`), not dated
 * back. The batch is cut first and every lookup bounded by it, so that the cost does not grow with the trail.
 */
const nextRows = (chain: AuditChain): string => `
  WITH batch AS MATERIALIZED (
    SELECT * FROM ${chain.events} e WHERE ${chain.own('e')} AND e.id > $2 ORDER BY e.id LIMIT $3
  ), newest AS MATERIALIZED (
    SELECT sealed_at FROM ${chain.seals} n WHERE ${chain.own('n')} ORDER BY n.seq DESC LIMIT 1
  )
  SELECT e.id::float8 AS id, ${rowDigest} AS digest, ${signedColumns},
    s.event_id IS NULL AND d.id IS NULL
      AND e.at >= coalesce((SELECT sealed_at FROM newest) - ${latest}, '-infinity') AS waits
  FROM batch e
  LEFT JOIN ${chain.seals} s ON s.event_id = e.id AND s.event_id > $2 AND s.event_id <= (SELECT max(id) FROM batch)
  LEFT JOIN LATERAL (
    SELECT d.id FROM ${chain.events} d WHERE ${chain.own('d')} AND d.at = e.at AND d.mac = e.mac AND d.id < e.id LIMIT 1
  ) d ON true
  ORDER BY e.id`

const batchSize = 5_000

interface SealedBatch {
  sealed: number
  /** Where the next batch of this run goes on; null when this was the last. */
  next: number | null
  head: Head
}

async function sealBatch(client: pg.Client, chain: AuditChain, key: Buffer, after: number): Promise<SealedBatch> {
  const head = await readHead(client, chain)
  const values = [chain.tenantId, after, batchSize]
  const { rows } = await client.query<SignedRow & { digest: Buffer; waits: boolean }>(nextRows(chain), values)
  const genuine = rows.filter((row) => row.waits && isSigned(key, chain.tenantId, row.signed_at, row, row.mac))
  const seals = { seq: [] as number[], event: [] as number[], hash: [] as Buffer[] }
  let { seq, hash } = head
  for (const { id, digest } of genuine) {
    seq += 1
    hash = link(hash, digest)
    seals.seq.push(seq)
    seals.event.push(id)
    seals.hash.push(hash)
  }
  await client.query(
    `INSERT INTO ${chain.seals} (${chain.sealColumn}seq, event_id, hash)
     SELECT ${chain.sealValue}seq, event_id, hash FROM unnest($2::int8[], $3::int8[], $4::bytea[]) AS t (seq, event_id, hash)
     WHERE $1::text IS NOT NULL`,
    [chain.tenantId, seals.seq, seals.event, seals.hash],
  )
  const last = rows.length === batchSize ? rows.at(-1) : undefined
  return { sealed: genuine.length, next: last?.id ?? null, head: { seq, hash } }
}

async function readSettledId(client: pg.Client, chain: AuditChain): Promise<number> {
  const { rows } = await client.query<{ id: number }>(settledId(chain), [chain.tenantId])
  return rows[0]?.id ?? 0
}

/**
 * Chains the rows of a tenant that wait, in batches, and writes the new head down outside the database. Needs the owner:
 * the runtime role cannot reach the seals. Answers how many rows were sealed.
 */
export async function sealTenant(client: pg.Client, chain: AuditChain, keeping: AuditKeeping): Promise<number> {
  const anchors = await readAnchors(keeping.anchorDirectory, chain.service, chain.tenantId)
  let total = 0
  let after: number | null = null
  do {
    const batch = await inTransaction(client, async () => {
      await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 8))', [chain.tenantId])
      if (after !== null) return sealBatch(client, chain, keeping.key, after)
      await assertAnchored(client, chain, anchors.at(-1))
      return sealBatch(client, chain, keeping.key, await readSettledId(client, chain))
    })
    total += batch.sealed
    after = batch.next
    if (batch.sealed > 0) {
      const anchor = { seq: batch.head.seq, hash: batch.head.hash.toString('hex') }
      await writeAnchor(keeping.anchorDirectory, chain.service, chain.tenantId, anchor)
    }
  } while (after !== null)
  return total
}
