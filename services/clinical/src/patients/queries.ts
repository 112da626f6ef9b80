import {
  type DataOf,
  Patient as PatientEntity,
  type patientCreated,
  patientUpdated,
  problem,
} from '@hospital/contracts'
import { appendEvent, onConstraint, sql, type TenantTx } from '@hospital/database'
import type { Static } from '@sinclair/typebox'

export const PatientRow = PatientEntity
export type Patient = Static<typeof PatientRow>

/** The columns of the entity; clinical text is taken out again by the field rules. */
export const patientColumns = sql.fragment`
  id, patient_number, first_name, last_name, date_of_birth, email, phone, gender, address, emergency_contact_name,
  emergency_contact_phone, medical_history, allergies, current_medications, insurance_info, status, deceased_date,
  merged_into, created_at, updated_at, version`

/** What other services copy. */
export const patientFacts = (p: Patient): DataOf<typeof patientCreated> => ({
  id: p.id,
  patient_number: p.patient_number,
  first_name: p.first_name,
  last_name: p.last_name,
  status: p.status,
  merged_into: p.merged_into,
  version: p.version,
})

export const findPatient = (tx: TenantTx, id: number): Promise<Patient | null> =>
  tx.maybeOne(sql.type(PatientRow)`SELECT ${patientColumns} FROM patients WHERE id = ${id}`)

/** Waits for others who change the patient. */
export const lockPatient = (tx: TenantTx, id: number): Promise<Patient | null> =>
  tx.maybeOne(sql.type(PatientRow)`SELECT ${patientColumns} FROM patients WHERE id = ${id} FOR UPDATE`)

/** Both rows of a merge, locked in one order whoever asks. */
export const lockPatients = (tx: TenantTx, ids: readonly number[]): Promise<readonly Patient[]> =>
  tx.any(sql.type(PatientRow)`
    SELECT ${patientColumns} FROM patients WHERE id = ANY(${sql.array([...ids], 'int8')}) ORDER BY id FOR UPDATE`)

export interface PatientList {
  status: string | undefined
  limit: number
  after: readonly [lastName: string, firstName: string, id: number] | null
}

/** Patients by name, merged ones left out; one row more than `limit`. */
export function listPatients(tx: TenantTx, { status, limit, after }: PatientList): Promise<readonly Patient[]> {
  const byStatus = status === undefined ? sql.fragment`true` : sql.fragment`status = ${status}`
  const beyond = after
    ? sql.fragment`(last_name, first_name, id) > (${after[0]}, ${after[1]}, ${after[2]})`
    : sql.fragment`true`
  return tx.any(sql.type(PatientRow)`
    SELECT ${patientColumns} FROM patients WHERE ${byStatus} AND ${beyond} AND merged_into IS NULL
    ORDER BY last_name, first_name, id LIMIT ${limit + 1}`)
}

/** Fields that a person fills in; absent ones are null. */
export type PatientInput = Pick<Patient, 'first_name' | 'last_name' | 'date_of_birth'> &
  Partial<Omit<Patient, 'id' | 'version' | 'created_at' | 'updated_at' | 'merged_into' | 'status'>>

const numberTaken = () =>
  problem('patient-number-taken', { errors: [{ pointer: '/patient_number', detail: 'is in use' }] })

const asJson = (value: unknown) => (value === null || value === undefined ? null : JSON.stringify(value))

/**
 * Inserts a patient. Without a number one is made; should somebody have taken that very number by hand a moment ago, the
 * next one is.
 */
export async function insertPatient(tx: TenantTx, p: PatientInput): Promise<Patient> {
  const given = p.patient_number
  const insert = (number: ReturnType<typeof sql.fragment>, orNothing: ReturnType<typeof sql.fragment>) =>
    tx.maybeOne(sql.type(PatientRow)`
      INSERT INTO patients (patient_number, first_name, last_name, date_of_birth, email, phone, gender, address,
        emergency_contact_name, emergency_contact_phone, medical_history, allergies, current_medications, insurance_info)
      VALUES (${number}, ${p.first_name}, ${p.last_name}, ${p.date_of_birth}::date, ${p.email ?? null}, ${p.phone ?? null},
        ${p.gender ?? null}, ${p.address ?? null}, ${p.emergency_contact_name ?? null}, ${p.emergency_contact_phone ?? null},
        ${p.medical_history ?? null}, ${p.allergies ?? null}, ${p.current_medications ?? null},
        ${asJson(p.insurance_info)}::jsonb)
      ${orNothing} RETURNING ${patientColumns}`)
  if (given !== undefined) {
    const row = await onConstraint({ patients_patient_number_key: numberTaken }, () =>
      insert(sql.fragment`${given}`, sql.fragment``),
    )
    if (row) return row
  }
  for (let tries = 0; tries < 5; tries++) {
    const row = await insert(sql.fragment`next_patient_number()`, sql.fragment`ON CONFLICT (patient_number) DO NOTHING`)
    if (row) return row
  }
  throw numberTaken()
}

/** Writes the patient as decided, one version on, and tells. */
export async function updatePatient(tx: TenantTx, p: Patient): Promise<Patient> {
  const row = await onConstraint({ patients_patient_number_key: numberTaken }, () =>
    tx.one(sql.type(PatientRow)`
      UPDATE patients SET patient_number = ${p.patient_number}, first_name = ${p.first_name}, last_name = ${p.last_name},
        date_of_birth = ${p.date_of_birth}::date, email = ${p.email}, phone = ${p.phone}, gender = ${p.gender},
        address = ${p.address}, emergency_contact_name = ${p.emergency_contact_name},
        emergency_contact_phone = ${p.emergency_contact_phone}, medical_history = ${p.medical_history ?? null},
        allergies = ${p.allergies ?? null}, current_medications = ${p.current_medications ?? null},
        insurance_info = ${asJson(p.insurance_info)}::jsonb, status = ${p.status}, deceased_date = ${p.deceased_date}::date,
        merged_into = ${p.merged_into}, updated_at = now(), version = version + 1
      WHERE id = ${p.id} RETURNING ${patientColumns}`),
  )
  await appendEvent(tx, patientUpdated, { id: row.id, data: patientFacts(row) })
  return row
}
