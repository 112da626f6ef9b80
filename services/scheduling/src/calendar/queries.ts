import { Appointment } from '@hospital/contracts'
import { type GlobalTx, sql, type TenantTx } from '@hospital/database'
import { type Static, Type } from '@sinclair/typebox'

const Feed = Type.Object({
  doctor_id: Type.Integer(),
  doctor_name: Type.String(),
  include_patient_names: Type.Boolean(),
})

/** Whether a hospital of this id is here, asked before its role is taken. */
export const isHospital = (tx: GlobalTx, tenantId: string) =>
  tx.exists(sql.unsafe`SELECT FROM scheduling.tenants WHERE id = ${tenantId}`)

/** Ends the feed of a doctor; answers whether there was one. */
export async function revokeTokens(tx: TenantTx, doctorId: number): Promise<boolean> {
  const result = await tx.query(sql.unsafe`
    UPDATE calendar_tokens SET revoked_at = now() WHERE doctor_id = ${doctorId} AND revoked_at IS NULL`)
  return (result.rowCount ?? 0) > 0
}

export const insertToken = (tx: TenantTx, doctorId: number, tokenHash: string, includePatientNames: boolean) =>
  tx.query(sql.unsafe`
    INSERT INTO calendar_tokens (doctor_id, token_hash, include_patient_names, created_by)
    VALUES (${doctorId}, ${tokenHash}, ${includePatientNames}, ${tx.context.userId || null})`)

/** Whose feed a token opens; nobody's when it was revoked, the doctor is not active any more or the hospital is suspended. */
export const findFeed = (tx: TenantTx, tokenHash: string) =>
  tx.maybeOne(sql.type(Feed)`
    SELECT t.doctor_id, d.name AS doctor_name, t.include_patient_names
    FROM calendar_tokens t JOIN doctors d ON d.id = t.doctor_id CROSS JOIN hospital h
    WHERE t.token_hash = ${tokenHash} AND t.revoked_at IS NULL AND d.status = 'active'
      AND h.tenant_status <> 'suspended'`)

const FeedAppointment = Type.Composite([
  Type.Pick(Appointment, ['id', 'patient_id', 'appointment_type', 'status', 'created_at', 'updated_at', 'version']),
  Type.Object({ patient_name: Type.String(), start: Type.Integer(), end: Type.Integer() }),
])
export type FeedAppointment = Static<typeof FeedAppointment>

/** The appointments of a feed: some weeks back and a year ahead, cancelled ones too, so that calendars take them out. */
export const listFeed = (tx: TenantTx, doctorId: number, now: Date) =>
  tx.any(sql.type(FeedAppointment)`
    SELECT a.id, a.patient_id, p.first_name || ' ' || p.last_name AS patient_name, a.appointment_type, a.status,
      (extract(epoch FROM lower(a.period)) * 1000)::bigint AS start,
      (extract(epoch FROM upper(a.period)) * 1000)::bigint AS "end",
      a.created_at, a.updated_at, a.version
    FROM appointments a JOIN patients p ON p.id = a.patient_id
    WHERE a.doctor_id = ${doctorId} AND a.appointment_date > ${now.toISOString()}::timestamptz - interval '30 days'
      AND a.appointment_date < ${now.toISOString()}::timestamptz + interval '1 year'
    ORDER BY a.appointment_date, a.id LIMIT 5000`)
