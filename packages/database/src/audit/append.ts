import { sql } from '../sql.ts'
import { auditBindingOf, type GlobalTx, type TenantTx } from '../transaction.ts'
import { type AuditRow, signRow } from './mac.ts'

const types = [
  'timestamptz',
  'int4',
  'text',
  'jsonb',
  'text',
  'int8',
  'text',
  'text',
  'text',
  'text',
  'text',
  'jsonb',
  'bytea',
]

/** Only identity keeps the trails of all tenants in one table. */
const sharedColumn = (tx: TenantTx | GlobalTx, tenantId: string) =>
  tx.globalSchema === 'public'
    ? { name: sql.fragment`tenant_id, `, value: sql.fragment`${tenantId}, ` }
    : { name: sql.fragment``, value: sql.fragment`` }

/** Appends signed rows to a tenant's trail, in the caller's transaction and in one round trip. */
export async function appendAuditRows(
  tx: TenantTx | GlobalTx,
  tenantId: string,
  rows: readonly AuditRow[],
): Promise<void> {
  const at = new Date().toISOString()
  const { key, writtenTrails } = auditBindingOf(tx)
  writtenTrails.set(tenantId, performance.now())
  const tuples = rows.map((given) => {
    // As JSON gives it back: no undefined, no dates.
    const row: AuditRow = { ...given, details: given.details && JSON.parse(JSON.stringify(given.details)) }
    const { actor_id, actor_name, roles, action, patient_id, outcome, problem, request_id, address, purpose } = row
    const who = [actor_id, actor_name, JSON.stringify(roles)]
    const what = [action, patient_id, outcome, problem, request_id, address, purpose]
    const details = row.details && JSON.stringify(row.details)
    return [at, ...who, ...what, details, signRow(key, tenantId, at, row)]
  })
  const shared = sharedColumn(tx, tenantId)
  await tx.query(sql.unsafe`
    INSERT INTO audit_events (${shared.name}at, actor_id, actor_name, roles, action, patient_id, outcome, problem,
      request_id, address, purpose, details, mac)
    SELECT ${shared.value}at, actor_id, actor_name, ARRAY(SELECT jsonb_array_elements_text(roles)), action, patient_id,
      outcome, problem, request_id, address, purpose, details, mac
    FROM ${sql.unnest(tuples, types)} AS row (at, actor_id, actor_name, roles, action, patient_id, outcome, problem,
      request_id, address, purpose, details, mac)`)
}
