import { CriticalCall, CriticalResult } from '@hospital/contracts'
import { type Fragment, sql, type TenantTx, table } from '@hospital/database'
import { type Static, Type } from '@sinclair/typebox'
import { actor, utc } from '../references.ts'

const Stored = Type.Object({
  ...Type.Omit(CriticalResult, ['patient_id', 'test_name', 'status', 'recipient', 'acknowledged_by', 'calls'])
    .properties,
  recipient_id: Type.Union([Type.Integer(), Type.Null()]),
  acknowledged_by: Type.Union([Type.Integer(), Type.Null()]),
})
const criticalResults = table('critical_results', Stored, { made: [] })

const StoredCall = Type.Object({
  critical_result_id: Type.Integer(),
  ...Type.Omit(CriticalCall, ['id', 'recipient', 'called_by']).properties,
  recipient_id: Type.Union([Type.Integer(), Type.Null()]),
  called_by: Type.Integer(),
})
const calls = table('critical_calls', StoredCall, { made: [] })

const person = (alias: string) => sql.fragment`CASE WHEN ${sql.identifier([alias, 'id'])} IS NULL THEN NULL
  ELSE json_build_object('id', ${sql.identifier([alias, 'id'])}, 'name', ${sql.identifier([alias, 'name'])}) END`

const select = sql.fragment`
  SELECT c.id, c.lab_test_id, l.patient_id, l.test_name, c.kind,
    CASE WHEN c.acknowledged_at IS NOT NULL THEN 'acknowledged' WHEN c.escalated_at IS NOT NULL THEN 'escalated'
      ELSE 'open' END AS status,
    ${person('d')} AS recipient, c.opened_at, c.due_at, c.escalated_at, c.escalated_role, c.acknowledged_at,
    ${person('a')} AS acknowledged_by, c.acknowledge_reason, c.action,
    coalesce((
      SELECT json_agg(json_build_object('id', k.id, 'recipient', ${person('r')}, 'spoke_to', k.spoke_to,
        'outcome', k.outcome, 'results_version', k.results_version, 'note', k.note, 'called_by', ${person('b')},
        'at', ${utc('k.at')}) ORDER BY k.id)
      FROM critical_calls k LEFT JOIN staff r ON r.id = k.recipient_id JOIN staff b ON b.id = k.called_by
      WHERE k.critical_result_id = c.id), '[]'::json) AS calls,
    c.version
  FROM critical_results c JOIN lab_tests l ON l.id = c.lab_test_id
    LEFT JOIN doctors d ON d.id = c.recipient_id LEFT JOIN staff a ON a.id = c.acknowledged_by`

interface Filter {
  status?: Static<typeof CriticalResult>['status']
  recipient?: number
  patient_id?: number
  lab_test_id?: number
  action?: 'missing'
}

const statusIs: Record<Static<typeof CriticalResult>['status'], Fragment> = {
  open: sql.fragment`c.acknowledged_at IS NULL AND c.escalated_at IS NULL`,
  escalated: sql.fragment`c.acknowledged_at IS NULL AND c.escalated_at IS NOT NULL`,
  acknowledged: sql.fragment`c.acknowledged_at IS NOT NULL`,
}

/** What the rule on charts asks of a row of the list: whoever is asked sees it. */
export const criticalRow = {
  patient: sql.fragment`l.patient_id`,
  isOwn: (userId: number) => sql.fragment`c.recipient_id = ${userId}`,
}

export function listCritical(
  tx: TenantTx,
  { status, recipient, patient_id, lab_test_id, action }: Filter,
  before: { at: string; id: number } | null,
  limit: number,
  open: Fragment,
) {
  const conditions = [
    open,
    ...(status === undefined ? [] : [statusIs[status]]),
    ...(recipient === undefined ? [] : [sql.fragment`c.recipient_id = ${recipient}`]),
    ...(patient_id === undefined ? [] : [sql.fragment`l.patient_id = surviving_patient(${patient_id}::bigint)`]),
    ...(lab_test_id === undefined ? [] : [sql.fragment`c.lab_test_id = ${lab_test_id}`]),
    ...(action === undefined ? [] : [sql.fragment`c.acknowledged_at IS NOT NULL AND c.action IS NULL`]),
    ...(before === null ? [] : [sql.fragment`(c.opened_at, c.id) < (${before.at}::timestamptz, ${before.id}::int)`]),
  ]
  return tx.any(sql.type(CriticalResult)`
    ${select} WHERE ${sql.join(conditions, sql.fragment` AND `)} ORDER BY c.opened_at DESC, c.id DESC LIMIT ${limit}`)
}

/** The latest of a test; null when it never asked anybody. */
export const findLatest = (tx: TenantTx, testId: number) =>
  tx.maybeOne(sql.type(CriticalResult)`${select} WHERE c.lab_test_id = ${testId} ORDER BY c.id DESC LIMIT 1`)

export const getCritical = (tx: TenantTx, id: number) => tx.one(sql.type(CriticalResult)`${select} WHERE c.id = ${id}`)

const Open = Type.Object({
  id: Type.Integer(),
  version: Type.Integer(),
  recipient_id: Type.Union([Type.Integer(), Type.Null()]),
})

/** What a test asks at present, locked; null when it asks nobody. */
export const lockOpen = (tx: TenantTx, testId: number) =>
  tx.maybeOne(sql.type(Open)`
    SELECT id, version, recipient_id FROM critical_results
    WHERE lab_test_id = ${testId} AND acknowledged_at IS NULL FOR UPDATE`)

export const closeOpen = (
  tx: TenantTx,
  current: Static<typeof Open>,
  { at, ...said }: { at: string; acknowledge_reason: string | null; action: string | null },
) => criticalResults.update(tx, current, { ...said, acknowledged_at: at, acknowledged_by: actor(tx) })

/** The test asks because what it said before was wrong. */
export const noteCorrected = (tx: TenantTx, testId: number): Promise<unknown> =>
  tx.query(sql.unsafe`
    UPDATE critical_results SET kind = 'corrected', version = version + 1
    WHERE lab_test_id = ${testId} AND acknowledged_at IS NULL AND kind <> 'corrected'`)

export const insertCall = (
  tx: TenantTx,
  call: Pick<
    Static<typeof StoredCall>,
    'critical_result_id' | 'recipient_id' | 'spoke_to' | 'outcome' | 'results_version' | 'note' | 'at'
  >,
) => calls.insert(tx, { ...call, called_by: actor(tx) })

const Due = Type.Object({ ...Open.properties, replacement: Type.Union([Type.Integer(), Type.Null()]) })

/** Those whose doctor has left, with whoever is asked now. Rows that somebody works on are left for the next round. */
export const lockDeserted = (tx: TenantTx) =>
  tx.any(sql.type(Due)`
    SELECT c.id, c.version, c.recipient_id, critical_recipient(c.lab_test_id) AS replacement
    FROM critical_results c JOIN doctors d ON d.id = c.recipient_id AND d.status <> 'active'
    WHERE c.acknowledged_at IS NULL ORDER BY c.id LIMIT 200 FOR UPDATE OF c SKIP LOCKED`)

/** Asks another doctor, or nobody: then the time is up. */
export const handOver = (tx: TenantTx, current: Static<typeof Due>, at: string) =>
  criticalResults.update(tx, current, {
    recipient_id: current.replacement,
    ...(current.replacement === null
      ? { due_at: sql.fragment`least(critical_results.due_at, ${at}::timestamptz)` }
      : {}),
  })

const Escalating = Type.Object({ ...Open.properties, role: Type.String() })

/**
 * Those whose time has run out, with the first role of the hospital's list that an active person has besides the doctor
 * who did not answer. Where nobody has any of them it waits until somebody does.
 */
export const lockOverdue = (tx: TenantTx, now: string) =>
  tx.any(sql.type(Escalating)`
    SELECT c.id, c.version, c.recipient_id, e.role
    FROM critical_results c CROSS JOIN LATERAL (
      SELECT o.role FROM clinical_settings, unnest(critical_escalation_roles) WITH ORDINALITY AS o (role, place)
      WHERE EXISTS (
          SELECT FROM staff s WHERE s.status = 'active' AND o.role = ANY (s.roles) AND s.id IS DISTINCT FROM c.recipient_id
        ) OR o.role = 'Doctor' AND EXISTS (
          SELECT FROM doctors d WHERE d.status = 'active' AND d.id IS DISTINCT FROM c.recipient_id
        )
      ORDER BY o.place LIMIT 1
    ) AS e
    WHERE c.acknowledged_at IS NULL AND c.escalated_at IS NULL AND c.due_at <= ${now}::timestamptz
    ORDER BY c.due_at LIMIT 200 FOR UPDATE OF c SKIP LOCKED`)

export const escalate = (tx: TenantTx, current: Static<typeof Escalating>, at: string) =>
  criticalResults.update(tx, current, { escalated_at: at, escalated_role: current.role })
