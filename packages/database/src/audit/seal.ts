import type pg from 'pg'
import { errorCode } from '../errors.ts'
import { type Anchor, readNewestAnchor, writeAnchor } from './anchor.ts'
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

/** What a look at a trail begins with. */
interface State {
  head: Head
  /** Rows before it are dated back; null while nothing is sealed. */
  earliest: string | null
  /** The newest row that is to be seen, sealed or not; 0 when there is none. */
  newestId: number
  /** When, by the database's clock in milliseconds, that was so. */
  at: number
}

const stateOf = (chain: AuditChain): string => `
  SELECT n.seq::float8 AS seq, n.hash, (coalesce(w.at, n.sealed_at) - ${latest})::text AS earliest,
    (SELECT a.hash FROM ${chain.seals} a WHERE ${chain.own('a')} AND a.seq = $2::int8) AS anchored,
    (SELECT e.id FROM ${chain.events} e WHERE ${chain.own('e')} ORDER BY e.id DESC LIMIT 1)::float8 AS newest_id,
    extract(epoch FROM clock_timestamp())::float8 * 1000 AS at
  FROM (VALUES (1)) AS one
  LEFT JOIN LATERAL (SELECT * FROM ${chain.seals} s WHERE ${chain.own('s')} ORDER BY s.seq DESC LIMIT 1) n ON true
  LEFT JOIN ${chain.events} w ON w.id = n.event_id`

async function readState(client: pg.Client, chain: AuditChain, anchor: Anchor | undefined): Promise<State> {
  const { rows } = await client.query<{
    seq: number | null
    hash: Buffer | null
    earliest: string | null
    anchored: Buffer | null
    newest_id: number | null
    at: number
  }>(stateOf(chain), [chain.tenantId, anchor?.seq ?? null])
  const [row] = rows
  if (row === undefined) throw new Error('a query without a row')
  if (anchor !== undefined && row.anchored?.toString('hex') !== anchor.hash) throw new ChainBroken(chain.tenantId)
  const { seq, hash, earliest, newest_id, at } = row
  const head = seq === null || hash === null ? { seq: 0, hash: chain.genesis } : { seq, hash }
  return { head, earliest, newestId: newest_id ?? 0, at }
}

/** The next rows without a seal, by id; only they are digested. A copied row (it has the same `at`) or one dated back is not new. */
const unsealedRows = (chain: AuditChain): string => `
  SELECT e.id::float8 AS id, ${rowDigest} AS digest, ${signedColumns},
    coalesce(e.at >= $4::timestamptz, true) AND NOT EXISTS (
      SELECT FROM ${chain.events} d WHERE ${chain.own('d')} AND d.at = e.at AND d.mac = e.mac AND d.id < e.id) AS is_new
  FROM ${chain.events} e
  WHERE ${chain.own('e')} AND e.id > $2
    AND NOT EXISTS (SELECT FROM ${chain.seals} s WHERE s.event_id = e.id AND s.event_id > $2)
  ORDER BY e.id LIMIT $3`

const batchSize = 5_000

interface SealedBatch {
  sealed: number
  /** Where the next batch of this run goes on; null when this was the last. */
  next: number | null
  head: Head
}

/**
 * Appends to the chain in one statement, so that it needs no transaction: of two sealers that read the same head, the
 * second breaks the key of the seals and changes nothing.
 */
async function sealBatch(
  client: pg.Client,
  chain: AuditChain,
  key: Buffer,
  { head, earliest }: State,
  after: number,
): Promise<SealedBatch> {
  const values = [chain.tenantId, after, batchSize, earliest]
  const { rows } = await client.query<SignedRow & { digest: Buffer; is_new: boolean }>(unsealedRows(chain), values)
  const genuine = rows.filter((row) => row.is_new && isSigned(key, chain.tenantId, row.signed_at, row, row.mac))
  const seals = { seq: [] as number[], event: [] as number[], hash: [] as Buffer[] }
  let { seq, hash } = head
  for (const { id, digest } of genuine) {
    seq += 1
    hash = link(hash, digest)
    seals.seq.push(seq)
    seals.event.push(id)
    seals.hash.push(hash)
  }
  if (genuine.length > 0) {
    await client.query(
      `INSERT INTO ${chain.seals} (${chain.sealColumn}seq, event_id, hash)
       SELECT ${chain.sealValue}seq, event_id, hash
       FROM unnest($2::int8[], $3::int8[], $4::bytea[]) AS t (seq, event_id, hash) WHERE $1::text IS NOT NULL`,
      [chain.tenantId, seals.seq, seals.event, seals.hash],
    )
  }
  const last = rows.length === batchSize ? rows.at(-1) : undefined
  return { sealed: genuine.length, next: last?.id ?? null, head: { seq, hash } }
}

async function readSettledId(client: pg.Client, chain: AuditChain): Promise<number> {
  const { rows } = await client.query<{ id: number }>(settledId(chain), [chain.tenantId])
  return rows[0]?.id ?? 0
}

const uniqueViolation = '23505'
/** How often another sealer may be the first at a trail before that is an error. */
const mostLost = 10

/** What a look at a trail found. */
export interface Sealed {
  sealed: number
  /** The newest row that was to be seen before the first batch, and when (database's clock, ms). */
  newestId: number
  at: number
}

/**
 * Chains the rows of a tenant that wait, in batches, and writes the new head down outside the database. Needs the owner:
 * the runtime role cannot reach the seals.
 * @param settled the id up to which nothing waits and nothing will; null: to be found out from the seals
 */
export async function sealTenant(
  client: pg.Client,
  chain: AuditChain,
  keeping: AuditKeeping,
  settled: number | null = null,
): Promise<Sealed> {
  const { anchorDirectory, key } = keeping
  const found: Sealed = { sealed: 0, newestId: 0, at: 0 }
  let after = settled ?? (await readSettledId(client, chain))
  for (let round = 1, lost = 0; ; round++) {
    const anchor = await readNewestAnchor(anchorDirectory, chain.service, chain.tenantId)
    const state = await readState(client, chain, anchor)
    if (round === 1) Object.assign(found, { newestId: state.newestId, at: state.at })
    const batch = await sealBatch(client, chain, key, state, after).catch((error) => {
      if (errorCode(error) !== uniqueViolation || ++lost > mostLost) throw error
      return null
    })
    if (batch === null) continue
    found.sealed += batch.sealed
    if (batch.sealed > 0) {
      const head = { seq: batch.head.seq, hash: batch.head.hash.toString('hex') }
      await writeAnchor(anchorDirectory, chain.service, chain.tenantId, head)
    }
    if (batch.next === null) return found
    after = batch.next
  }
}
