import type pg from 'pg'
import { inTransaction } from '../migrate/client.ts'
import { type Anchor, readAnchors } from './anchor.ts'
import { type AuditChain, latest, link, rowDigest, type SignedRow, settledId, signedColumns } from './chain.ts'
import { isSigned } from './mac.ts'
import type { AuditKeeping } from './seal.ts'

/** The first row of a trail that is not as it was written. */
export interface BadRow {
  /**
   * `changed`: the row is not what was sealed · `missing`: the row or its seal is gone · `cut`: the end is gone ·
   * `rewritten`: the chain was computed anew over other rows · `inserted`: no service wrote this row.
   */
  kind: 'changed' | 'missing' | 'cut' | 'rewritten' | 'inserted'
  /** Place in the chain; null for a row that is not in it. */
  seq: number | null
  eventId: number | null
}

export interface AuditVerdict {
  tenantId: string
  /** Sealed rows that were compared. */
  checked: number
  /** Rows written a moment ago that wait for their seal. */
  pending: number
  /** False when nothing was written down outside the database, so that a cut end cannot be noticed. */
  anchored: boolean
  bad: BadRow | null
  /** Why the trail could not be read to its end; null when it could. */
  failure: string | null
}

interface Link {
  seq: number
  event_id: number
  hash: Buffer
  digest: Buffer | null
}

const batchSize = 20_000

const linksAfter = (chain: AuditChain): string => `
  SELECT s.seq::float8 AS seq, s.event_id::float8 AS event_id, s.hash,
    CASE WHEN e.id IS NOT NULL THEN ${rowDigest} END AS digest
  FROM (SELECT * FROM ${chain.seals} s WHERE ${chain.own('s')} AND s.seq > $2 ORDER BY s.seq LIMIT ${batchSize}) s
  LEFT JOIN ${chain.events} e ON e.id = s.event_id AND ${chain.own('e')}
  ORDER BY s.seq`

/** Follows the chain and compares each link with the row, its place, and what was written down outside. */
function createFollower(genesis: Buffer, anchors: readonly Anchor[]) {
  const anchored = new Map(anchors.map(({ seq, hash }) => [seq, hash]))
  const head = { seq: 0, hash: genesis }
  const follow = ({ seq, event_id, hash, digest }: Link): BadRow | null => {
    if (seq !== head.seq + 1) return { kind: 'missing', seq: head.seq + 1, eventId: null }
    if (digest === null) return { kind: 'missing', seq, eventId: event_id }
    if (!link(head.hash, digest).equals(hash)) return { kind: 'changed', seq, eventId: event_id }
    const written = anchored.get(seq)
    if (written !== undefined && written !== hash.toString('hex')) return { kind: 'rewritten', seq, eventId: event_id }
    head.seq = seq
    head.hash = hash
    return null
  }
  return { head, follow }
}

async function verifyChain(
  client: pg.Client,
  chain: AuditChain,
  anchors: readonly Anchor[],
  onProgress: (checked: number) => void,
): Promise<{ checked: number; bad: BadRow | null }> {
  const { head, follow } = createFollower(chain.genesis, anchors)
  for (;;) {
    const { rows } = await client.query<Link>(linksAfter(chain), [chain.tenantId, head.seq])
    for (const row of rows) {
      const bad = follow(row)
      if (bad !== null) return { checked: head.seq, bad }
    }
    onProgress(head.seq)
    if (rows.length < batchSize) break
  }
  const last = anchors.at(-1)
  const isCut = last !== undefined && last.seq > head.seq
  return { checked: head.seq, bad: isCut ? { kind: 'cut', seq: head.seq + 1, eventId: null } : null }
}

/** Rows that have no seal; `late` ones are where, or when, no service can have written. */
const unsealedRows = (chain: AuditChain): string => `
  SELECT e.id::float8 AS id, ${signedColumns},
    e.id <= $2 OR coalesce(e.at < (
      SELECT coalesce(w.at, n.sealed_at) FROM ${chain.seals} n LEFT JOIN ${chain.events} w ON w.id = n.event_id
      WHERE ${chain.own('n')} ORDER BY n.seq DESC LIMIT 1) - ${latest}, false) AS late,
    EXISTS (SELECT FROM ${chain.events} d WHERE ${chain.own('d')} AND d.at = e.at AND d.mac = e.mac AND d.id < e.id) AS copied
  FROM ${chain.events} e LEFT JOIN ${chain.seals} s ON s.event_id = e.id
  WHERE ${chain.own('e')} AND s.event_id IS NULL ORDER BY e.id`

async function verifyUnsealed(
  client: pg.Client,
  chain: AuditChain,
  key: Buffer,
): Promise<{ pending: number; bad: BadRow | null }> {
  const { rows: settled } = await client.query<{ id: number }>(settledId(chain), [chain.tenantId])
  const { rows } = await client.query<SignedRow & { late: boolean; copied: boolean }>(unsealedRows(chain), [
    chain.tenantId,
    settled[0]?.id ?? 0,
  ])
  const bad = rows.find((row) => row.late || row.copied || !isSigned(key, chain.tenantId, row.signed_at, row, row.mac))
  if (bad === undefined) return { pending: rows.length, bad: null }
  return { pending: rows.length - 1, bad: { kind: 'inserted', seq: null, eventId: bad.id } }
}

/** Reads a tenant's whole trail and names the first row that is not as it was written. */
export async function verifyTenant(
  client: pg.Client,
  chain: AuditChain,
  keeping: AuditKeeping,
  onProgress: (checked: number) => void = () => {},
): Promise<AuditVerdict> {
  // Anchors first: rows sealed while we read must not look like a cut end.
  const anchors = await readAnchors(keeping.anchorDirectory, chain.service, chain.tenantId)
  return inTransaction(client, async () => {
    await client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY')
    const sealed = await verifyChain(client, chain, anchors, onProgress)
    const unsealed = sealed.bad === null ? await verifyUnsealed(client, chain, keeping.key) : { pending: 0, bad: null }
    return {
      tenantId: chain.tenantId,
      checked: sealed.checked,
      pending: unsealed.pending,
      anchored: anchors.length > 0 || sealed.checked === 0,
      bad: sealed.bad ?? unsealed.bad,
      failure: null,
    }
  })
}
