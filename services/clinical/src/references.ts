import { Nullable, problem, refusedField, unknownReference } from '@hospital/contracts'
import { sql, type TenantTx } from '@hospital/database'
import { decodeCursor } from '@hospital/service'
import { Type } from '@sinclair/typebox'

const Chart = Type.Object({
  id: Type.Integer(),
  date_of_birth: Type.String(),
  gender: Nullable(Type.String()),
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

/**
 * The chart of somebody alive who is under care here, locked: what is written into it is checked against the rest.
 * @throws problem `unknown-reference`, or `patient-archived`
 */
export async function openActiveChart(tx: TenantTx, patientId: number) {
  const chart = await openChart(tx, patientId)
  if (chart.status !== 'active') throw problem('patient-archived')
  await lockChart(tx, chart.id)
  return chart
}

/**
 * Whoever writes something that checks look at holds this lock, so that two who write at once see each other. False when
 * there is no such patient.
 */
export const lockChart = async (tx: TenantTx, patientId: number): Promise<boolean> =>
  (await tx.query(sql.unsafe`SELECT FROM patients WHERE id = ${patientId} FOR NO KEY UPDATE`)).rowCount === 1

const Surviving = Type.Object({ id: Nullable(Type.Integer()) })

/**
 * The id under which the rows of the path's patient are found.
 * @throws problem `not-found`
 */
export async function requirePatient(tx: TenantTx, patientId: number): Promise<number> {
  const surviving = await tx.oneFirst(sql.type(Surviving)`SELECT surviving_patient(${patientId}::bigint) AS id`)
  if (surviving === null) throw problem('not-found')
  return surviving
}

const Active = Type.Object({ active: Type.Boolean() })

/** Null for somebody who never was a doctor here. The row is locked against deactivation until the commit. */
const isActiveDoctor = (tx: TenantTx, doctorId: number): Promise<boolean | null> =>
  tx.maybeOneFirst(sql.type(Active)`SELECT status = 'active' AS active FROM doctors WHERE id = ${doctorId} FOR SHARE`)

/**
 * The doctor is known here and active, and stays so until the commit.
 * @throws problem `unknown-reference`
 */
export async function requireActiveDoctor(tx: TenantTx, doctorId: number, pointer: string): Promise<void> {
  const active = await isActiveDoctor(tx, doctorId)
  if (active === null) throw unknownReference(pointer, 'no such doctor')
  if (!active) throw unknownReference(pointer, 'the doctor is not active')
}

/**
 * The doctor who answers for something new: the one named, else the one who is signed in.
 * @throws problem `validation-failed` when none is named and none is signed in, `unknown-reference`
 */
export async function requireDoctor(tx: TenantTx, named: number | undefined, pointer: string): Promise<number> {
  if (named !== undefined) {
    await requireActiveDoctor(tx, named, pointer)
    return named
  }
  const { userId } = tx.context
  if (await isActiveDoctor(tx, userId)) return userId
  throw refusedField(pointer, 'is required unless an active doctor is signed in')
}

/** Whoever acts, as a column that refers to staff; null where the system acts itself. */
export const actor = (tx: TenantTx) => sql.fragment`(SELECT id FROM staff WHERE id = ${tx.context.userId})`

/** A column's instant inside JSON, written as contracts write instants; `utc('d.dispensed_at')`. */
export const utc = (column: `${string}.${string}`) =>
  sql.fragment`to_char(${sql.identifier(column.split('.'))} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** The place of a list that is sorted by an instant, then by id. */
export function decodeInstantCursor(cursor: string | undefined): { at: string; id: number } | null {
  const position = decodeCursor(cursor, ['instant', 'number'])
  return position && { at: position[0], id: position[1] }
}
