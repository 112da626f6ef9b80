import {
  type BodyOf,
  Patient as PatientEntity,
  patientUpdated,
  problem,
  type registerPatient,
  withNulls,
} from '@hospital/contracts'
import { among, announce, type Fragment, onConstraint, sql, type TenantTx, table } from '@hospital/database'
import { type Static, Type } from '@sinclair/typebox'

/** With the clinical text, which field rules take out again of what is answered. */
export const PatientRow = Type.Required(PatientEntity)
export type Patient = Static<typeof PatientRow>

export const patients = table('patients', PatientRow, {
  made: ['id', 'sex', 'status', 'deceased_date', 'merged_into', 'created_at', 'updated_at', 'version'],
})
export const patientColumns = patients.columns()

export const findPatient = (tx: TenantTx, id: number): Promise<Patient | null> =>
  tx.maybeOne(sql.type(PatientRow)`SELECT ${patientColumns} FROM patients WHERE id = ${id}`)

/** Waits for others who change the patient. */
export const lockPatient = (tx: TenantTx, id: number): Promise<Patient | null> =>
  tx.maybeOne(sql.type(PatientRow)`SELECT ${patientColumns} FROM patients WHERE id = ${id} FOR UPDATE`)

/** Both rows of a merge, locked in one order whoever asks. */
export const lockPatients = (tx: TenantTx, ids: readonly number[]): Promise<readonly Patient[]> =>
  tx.any(sql.type(PatientRow)`
    SELECT ${patientColumns} FROM patients WHERE id = ANY(${sql.array([...ids], 'int8')}) ORDER BY id FOR UPDATE`)

interface PatientList {
  status: string | undefined
  sex?: string | undefined
  ids?: string | undefined
  limit: number
  after: readonly [lastName: string, firstName: string, id: number] | null
}

/** The word itself, so that the planner sees the index of the unknown ones. */
export const sexIs = (sex: string | undefined): Fragment => {
  if (sex === 'unknown') return sql.fragment`sex = 'unknown'`
  return sex === undefined ? sql.fragment`true` : sql.fragment`sex = ${sex}`
}

/** Patients by name, merged ones left out; one row more than `limit`. */
export function listPatients(
  tx: TenantTx,
  { status, sex, ids, limit, after }: PatientList,
): Promise<readonly Patient[]> {
  const byStatus = status === undefined ? sql.fragment`true` : sql.fragment`status = ${status}`
  const bySex = sexIs(sex)
  const beyond = after
    ? sql.fragment`(last_name, first_name, id) > (${after[0]}, ${after[1]}, ${after[2]})`
    : sql.fragment`true`
  return tx.any(sql.type(PatientRow)`
    SELECT ${patientColumns} FROM patients WHERE ${byStatus} AND ${bySex} AND ${among(ids, 'patients')} AND ${beyond} AND merged_into IS NULL
    ORDER BY last_name, first_name, id LIMIT ${limit + 1}`)
}

/** What a person fills in at registration; the number is made where none is given. */
export type PatientInput = BodyOf<typeof registerPatient>

const Details = Type.Omit(PatientRow, [
  'id',
  'sex',
  'patient_number',
  'status',
  'deceased_date',
  'merged_into',
  'created_at',
  'updated_at',
  'version',
])

const numberTaken = () =>
  problem('patient-number-taken', { errors: [{ pointer: '/patient_number', detail: 'is in use' }] })
const orNumberTaken = <T>(write: () => Promise<T>): Promise<T> =>
  onConstraint({ patients_patient_number_key: numberTaken }, write)

/**
 * Inserts a patient. Without a number one is made; should somebody have taken that very number by hand a moment ago, the
 * next one is.
 */
export async function insertPatient(tx: TenantTx, { patient_number, ...given }: PatientInput): Promise<Patient> {
  const details = withNulls(Details, given)
  if (patient_number !== undefined) return orNumberTaken(() => patients.insert(tx, { ...details, patient_number }))
  for (let tries = 0; tries < 5; tries++) {
    const made = { ...details, patient_number: sql.fragment`next_patient_number()` }
    const row = await patients.insertUnless(tx, 'patients_patient_number_key', made)
    if (row) return row
  }
  throw numberTaken()
}

/** Writes what was decided of a patient, one version on, and tells. */
export const updatePatient = async (tx: TenantTx, current: Patient, changes: Partial<Patient>): Promise<Patient> =>
  announce(tx, patientUpdated, await orNumberTaken(() => patients.update(tx, current, changes)))
