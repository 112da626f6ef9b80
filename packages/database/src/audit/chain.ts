import { createHash } from 'node:crypto'
import { quoted, type ServiceName } from '../names.ts'
import type { AuditRow } from './mac.ts'

/** Where one tenant's trail is, as SQL text; $1 is always the tenant's id. */
export interface AuditChain {
  service: ServiceName
  tenantId: string
  events: string
  seals: string
  /** Condition that a row of the named alias is this tenant's. */
  own(alias: string): string
  /** Columns and values that a seal needs besides seq, event_id and hash. */
  sealColumn: string
  sealValue: string
  /** What the first hash is chained to. */
  genesis: Buffer
}

/** The trail of a tenant in a service. */
export function auditChain(service: ServiceName, tenantId: string): AuditChain {
  const shared = service === 'identity'
  const schema = shared ? 'public' : quoted(tenantId)
  return {
    service,
    tenantId,
    events: `${schema}.audit_events`,
    seals: `${schema}.audit_seals`,
    own: (alias) => (shared ? `${alias}.tenant_id = $1::text` : '$1::text IS NOT NULL'),
    sealColumn: shared ? 'tenant_id, ' : '',
    sealValue: shared ? '$1::text, ' : '',
    genesis: createHash('sha256').update(`${service}\n${tenantId}`).digest(),
  }
}

/** Digest of a row of `e`, in the database. The list is fixed: a column added later needs a version of its own. */
export const rowDigest = `sha256(convert_to(jsonb_build_array(e.id, (extract(epoch FROM e.at) * 1000000)::bigint,
  e.actor_id, e.actor_name, e.roles, e.action, e.patient_id, e.outcome, e.problem, e.request_id, e.address, e.purpose,
  e.details, encode(e.mac, 'hex'))::text, 'UTF8'))`

/** What is needed to check a row's signature. */
export const signedColumns = `to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS signed_at,
  e.actor_id, e.actor_name, e.roles, e.action, e.patient_id::float8 AS patient_id, e.outcome, e.problem, e.request_id, e.address, e.purpose,
  e.details, e.mac`

export interface SignedRow extends AuditRow {
  id: number
  signed_at: string
  mac: Buffer | null
}

/** The next link of the chain. */
export const link = (previous: Buffer, digest: Buffer): Buffer =>
  createHash('sha256').update(previous).update(digest).digest()

/** No transaction of a service lives longer, so what was not sealed by then was never written by one. */
export const latestMs = 5 * 60_000
export const latest = `interval '${latestMs} milliseconds'`

/**
 * The id below which every row that a service wrote is sealed: one that was sealed a while before the newest seal.
 * Ids are given before commit, so rows just below the newest sealed id may still arrive.
 */
export const settledId = (chain: AuditChain): string => `
  SELECT coalesce((
    SELECT s.event_id FROM ${chain.seals} s
    WHERE ${chain.own('s')} AND s.sealed_at <
      (SELECT n.sealed_at FROM ${chain.seals} n WHERE ${chain.own('n')} ORDER BY n.seq DESC LIMIT 1) - ${latest}
    ORDER BY s.seq DESC LIMIT 1), 0)::float8 AS id`
