import { confirmPassword } from '@hospital/contracts'
import { proveForeignLooksMissing } from '@hospital/testing'
import t from 'tap'
import { admin, doctor, startClinicalApp, technician } from './clinical-app.ts'

const clinical = await startClinicalApp()
t.teardown(clinical.stop)
t.setTimeout(300_000)
clinical.messaging.respond(confirmPassword, async () => ({ confirmed: true }))

const { db, post } = clinical
const there = (who: typeof doctor) => ({ ...who, tenant: 'hospital_b' })

// Ids of the other hospital that this one does not have.
const columns = await db.query<{ table: string }>(
  `SELECT table_name AS table FROM information_schema.columns
   WHERE table_schema = 'hospital_b' AND column_name = 'id' AND is_identity = 'YES'`,
)
for (const { table } of columns) await db.query(`ALTER TABLE hospital_b.${table} ALTER COLUMN id RESTART WITH 500000`)

const made = async (answer: Promise<{ status: number; body: { id: number } }>): Promise<number> => {
  const { status, body } = await answer
  if (status !== 201) throw new Error(JSON.stringify(body))
  return body.id
}
const patient = await clinical.newPatient({ tenant: 'hospital_b' })
const record = await made(post(there(doctor), '/api/medical-records', { patient_id: patient, doctor_id: 11 }))
const prescription = await made(
  post(there(doctor), '/api/prescriptions', {
    patient_id: patient,
    medication_name: 'Amoxicillin 500 MG',
    dosage: '500 mg',
    frequency: 'three times a day',
    quantity: 21,
  }),
)
const labTest = await made(post(there(doctor), '/api/lab-tests', { patient_id: patient, test_name: 'Potassium' }))
const allergy = await made(
  post(there(doctor), `/api/patients/${patient}/allergies`, { substance: 'Penicillin', severity: 'severe' }),
)
const [alert] = await db.query<{ id: number }>('SELECT id FROM hospital_b.alerts LIMIT 1')
const range = await made(
  post(there(admin), '/api/lab-reference-ranges', {
    name: 'Potassium',
    unit: 'mmol/L',
    reference_low: 3.5,
  }),
)
const state = await made(post(there(doctor), `/api/patients/${patient}/states`, { state: 'pregnant' }))
const analyte = await made(post(there(admin), '/api/lab-catalogue', { name: 'Zonulin', unit: 'ug/L' }))
const assignment = await made(post(there(doctor), `/api/patients/${patient}/care-team`, { user_id: 11 }))
const opening = await made(
  post(there(technician), `/api/patients/${patient}/break-glass`, { reason: 'x', password: 'x' }),
)

const ids: readonly [RegExp, number | undefined][] = [
  [/^\/api\/patients/, patient],
  [/^\/api\/medical-records/, record],
  [/^\/api\/prescriptions/, prescription],
  [/^\/api\/lab-tests/, labTest],
  [/^\/api\/lab-catalogue/, analyte],
  [/^\/api\/patient-states/, state],
  [/^\/api\/allergies/, allergy],
  [/^\/api\/alerts/, Number(alert?.id)],
  [/^\/api\/lab-reference-ranges/, range],
  [/^\/api\/care-assignments/, assignment],
  [/^\/api\/break-glass/, opening],
  [/^\/api\/doctors/, 11],
]

proveForeignLooksMissing(
  t,
  {
    service: 'clinical',
    app: clinical.app,
    gateway: clinical.gateway,
    tenantId: 'hospital_a',
    auditRows: async () => 1,
  },
  (path) => ids.find(([pattern]) => pattern.test(path))?.[1],
)
