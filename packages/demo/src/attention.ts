import type { DemoPatient } from './patients.ts'
import type { ServiceClient } from './service-client.ts'
import type { Staff } from './staff.ts'

const clinical = 'clinical' as const

/** What waits for somebody: each list of open work has an entry to try. */
export async function leaveOpenWork(
  client: ServiceClient,
  staff: Staff,
  patients: number[],
  registered: readonly DemoPatient[],
): Promise<void> {
  await criticalResult(client, staff, patients[4])
  await resultWithoutRange(client, staff, patients[4])
  await allergyConflict(client, staff, patients[3])
  await unreadableAllergy(client, staff, patients[6])
  await questionToPrescriber(client, staff, patients[5])
  await possibleDuplicate(client, staff, registered[7])
}

/** A prescription that is on hold until the prescriber answers the pharmacist. */
async function questionToPrescriber(client: ServiceClient, staff: Staff, patient: number | undefined): Promise<void> {
  const prescription = await client.post<{ id: number }>(clinical, staff.doctors[1], '/api/prescriptions', {
    patient_id: patient,
    medication_name: 'Cetirizine',
    dosage: '10 mg',
    frequency: 'once daily',
    duration: '30 days',
    quantity: 30,
    override_reason: 'Continues the present treatment',
  })
  const question = 'Ten tablets or thirty? The note speaks of ten days.'
  await client.tryPost(clinical, staff.pharmacist, `/api/prescriptions/${prescription.id}/ask`, { question }, [
    'illegal-transition',
  ])
}

/** A test of one result, entered by the laboratory. */
async function resulted(
  client: ServiceClient,
  staff: Staff,
  patient: number | undefined,
  result: { name: string; value: number; unit: string },
) {
  const test = await client.post<{ id: number }>(clinical, staff.doctors[0], '/api/lab-tests', {
    patient_id: patient,
    test_name: result.name,
    test_type: 'Chemistry',
  })
  const step = (verb: string, body: object) =>
    client.tryPost(clinical, staff.labTechnicians[0], `/api/lab-tests/${test.id}/${verb}`, body, ['illegal-transition'])
  await step('collect', {})
  await step('results', { results: [result] })
}

/** A potassium that nobody has acknowledged yet: its clock runs. */
const criticalResult = (client: ServiceClient, staff: Staff, patient: number | undefined): Promise<void> => {
  const limits = { reference_low: 3.5, reference_high: 5.1, critical_low: 2.8, critical_high: 6.2 }
  return resulted(client, staff, patient, { name: 'Potassium', value: 6.9, unit: 'mmol/L', ...limits })
}

/** A number that no range speaks of: it is on the list of those, and never shown as normal. */
const resultWithoutRange = (client: ServiceClient, staff: Staff, patient: number | undefined): Promise<void> =>
  resulted(client, staff, patient, { name: 'Sweat conductivity', value: 42, unit: 'mmol/L' })

/** An allergy in words that no table knows: a person has to decide what it means before anything is prescribed. */
async function unreadableAllergy(client: ServiceClient, staff: Staff, patient: number | undefined): Promise<void> {
  const allergy = { substance: 'the white tablets from the holiday clinic', reaction: 'swollen lips' }
  await client.post(clinical, staff.doctors[0], `/api/patients/${patient}/allergies`, allergy)
}

/** An allergy that became known after its drug was prescribed: an open alert. */
async function allergyConflict(client: ServiceClient, staff: Staff, patient: number | undefined): Promise<void> {
  const doctor = staff.doctors[0]
  await client.post(clinical, doctor, '/api/prescriptions', {
    patient_id: patient,
    medication_name: 'Amoxicillin',
    dosage: '500 mg',
    frequency: 'every 8 hours',
    duration: '7 days',
    quantity: 21,
    override_reason: 'Indicated; the chart is checked again at the next visit',
  })
  const allergy = { substance: 'Penicillin', reaction: 'Anaphylaxis', severity: 'severe' }
  await client.post(clinical, doctor, `/api/patients/${patient}/allergies`, allergy)
}

/** A patient registered a second time in a hurry, with a letter missing: to be merged. */
async function possibleDuplicate(client: ServiceClient, staff: Staff, patient: DemoPatient | undefined): Promise<void> {
  if (patient === undefined) return
  const { first_name, last_name, date_of_birth, gender, phone } = patient
  const again = { patient_number: 'P100', first_name: first_name.slice(0, -1), last_name, date_of_birth, gender, phone }
  const path = '/api/patients?allow_duplicate=true'
  await client.tryPost(clinical, staff.receptionist, path, again, ['patient-number-taken'])
}
