import { confirmPassword } from '@hospital/contracts'
import { proveNoFaults } from '@hospital/testing'
import t from 'tap'
import { startClinicalApp } from './clinical-app.ts'

const clinical = await startClinicalApp()
t.teardown(clinical.stop)
t.setTimeout(600_000)
clinical.messaging.respond(confirmPassword, async () => ({ confirmed: true }))
const patients: number[] = []
for (let i = 0; i < 5; i++) patients.push(await clinical.newPatient())
const past = [new Date(Date.now() - 3_600_000).toISOString(), new Date(Date.now() - 90 * 86_400_000).toISOString()]

proveNoFaults(
  t,
  {
    service: 'clinical',
    app: clinical.app,
    gateway: clinical.gateway,
    tenantId: 'hospital_a',
    auditRows: async () => 1,
  },
  {
    users: { Doctor: 11, Nurse: 21, 'Lab Technician': 31, Receptionist: 41, Pharmacist: 51 },
    fields: {
      cursor: [undefined],
      patient_id: patients,
      duplicate_id: patients,
      doctor_id: [11, 12],
      user_id: [11, 12, 21],
      medical_record_id: [1, 2, 3, null],
      medication_name: ['Amoxicillin 500 mg', 'Warfarin', 'Paracetamol + codeine', 'Nothing known'],
      dosage: ['500 mg', '5 mg', 'two tablets'],
      frequency: ['three times a day', 'once daily', 'every 8 hours'],
      duration: ['7 days', '2 weeks'],
      quantity: [10, 21],
      substance: ['Penicillin', 'Peanut', 'PEN', '青霉素'],
      name: ['Potassium', 'Sodium', 'Haemoglobin'],
      unit: ['mmol/L', 'g/dL', null],
      resourceType: ['Bundle'],
      prescribed_date: past,
      visit_date: past,
      sample_collected_date: past,
    },
  },
)
