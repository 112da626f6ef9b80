import { problem } from '@hospital/contracts'
import { sql, type TenantTx } from '@hospital/database'
import { decodeCursor } from '@hospital/service'
import { Type } from '@sinclair/typebox'

const Chart = Type.Object({
  id: Type.Integer(),
  date_of_birth: Type.String(),
  gender: Type.Union([Type.String(), Type.Null()]),
  status: Type.String(),
})

/** The patient whose rows an id stands for: itself, or the one it was merged into. */
const findChart = (tx: TenantTx, patientId: number) =>
  tx.maybeOne(sql.type(Chart)`
    SELECT id, date_of_birth, gender, status FROM patients WHERE id = surviving_patient(${patientId}::bigint)`)

/**
 * The chart that a new row goes into.
 * @throws problem `unknown-reference`, or `patient-archived`
 */
export async function openChart(tx: TenantTx, patientId: number) {
  const chart = await findChart(tx, patientId)
  if (!chart) throw unknownReference('/patient_id', 'no such patient')
  if (chart.status === 'inactive') throw problem('patient-archived')
  return chart
}

const Active = Type.Object({ active: Type.Boolean() })

/**
 * The doctor is known here and active. The row is locked against deactivation until the commit.
 * @throws problem `unknown-reference`
 */
export async function requireActiveDoctor(tx: TenantTx, doctorId: number, pointer: string): Promise<void> {
  const active = await tx.maybeOneFirst(
    sql.type(Active)`SELECT status = 'active' AS active FROM doctors WHERE id = ${doctorId} FOR SHARE`,
  )
  if (active === null) throw unknownReference(pointer, 'no such doctor')
  if (!active) throw unknownReference(pointer, 'the doctor is not active')
}

/** 422: the field names something that is not in this hospital. */
export const unknownReference = (pointer: string, detail: string) =>
  problem('unknown-reference', { errors: [{ pointer, detail }] })

/** 422: a rule refuses the field. */
export const refusedField = (pointer: string, detail: string) =>
  problem('validation-failed', { errors: [{ pointer, detail }] })

const Known = Type.Object({ id: Type.Integer() })

/** The id under which a patient's rows are found; null for a patient that never was. */
export const survivingPatientId = (tx: TenantTx, patientId: number): Promise<number | null> =>
  tx.maybeOneFirst(
    sql.type(
      Known,
    )`SELECT surviving_patient(${patientId}::bigint) AS id WHERE surviving_patient(${patientId}::bigint) IS NOT NULL`,
  )

/** The place of a list that is sorted by an instant, then by id. */
export function decodeInstantCursor(cursor: string | undefined): { at: string; id: number } | null {
  const position = decodeCursor(cursor, ['instant', 'number'])
  return position && { at: position[0], id: position[1] }
}
