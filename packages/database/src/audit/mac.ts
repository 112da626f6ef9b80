import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'

/** One line of the audit trail as the service writes it. */
export interface AuditRow {
  actor_id: number | null
  actor_name: string | null
  roles: readonly string[]
  /** The operation's id. */
  action: string
  patient_id: number | null
  outcome: 'success' | 'denied' | 'refused'
  problem: string | null
  request_id: string | null
  address: string | null
  purpose: string | null
  details: Readonly<Record<string, unknown>> | null
}

/**
 * The key that proves a row was written by a service and not by a hand in the database: derived from the runtime role's
 * password, of which the database itself has only a verifier.
 */
export const auditKey = (appPassword: string): Buffer =>
  Buffer.from(hkdfSync('sha256', appPassword, '', 'hospital audit rows', 32))

/** JSON with sorted keys: what jsonb gives back need not have the order it got. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, inner]) => [key, canonical(inner)]),
  )
}

function digest(key: Buffer, nonce: Buffer, tenantId: string, at: string, row: AuditRow): Buffer {
  const fields = [row.actor_id, row.actor_name, row.roles, row.action, row.patient_id, row.outcome, row.problem]
  const rest = [row.request_id, row.address, row.purpose, canonical(row.details)]
  const text = JSON.stringify([tenantId, at, ...fields, ...rest])
  return createHmac('sha256', key).update(nonce).update(text).digest().subarray(0, 24)
}

const nonceLength = 8

/** Nonce and authentication code of a row, 32 bytes. The nonce makes equal rows differ, so that a copied row shows. */
export function signRow(key: Buffer, tenantId: string, at: string, row: AuditRow): Buffer {
  const nonce = randomBytes(nonceLength)
  return Buffer.concat([nonce, digest(key, nonce, tenantId, at, row)])
}

/** True when a service that knows the key wrote exactly this row. */
export function isSigned(key: Buffer, tenantId: string, at: string, row: AuditRow, mac: Buffer | null): boolean {
  if (mac === null || mac.length !== 32) return false
  const nonce = mac.subarray(0, nonceLength)
  return timingSafeEqual(mac.subarray(nonceLength), digest(key, nonce, tenantId, at, row))
}
