import type { ServiceClient } from './service-client.ts'
import type { Staff } from './staff.ts'

/** Moments counted from when loading began, so that a repeated request is the same request. */
export interface Calendar {
  /** A whole hour UTC, some days from then. */
  at(days: number, hour: number): string
  /** The next quarter of an hour but one, from then. */
  soon(): string
}

const dayMs = 24 * 60 * 60 * 1000
const quarterMs = 15 * 60 * 1000

export function calendarFrom(since: string): Calendar {
  const start = Date.parse(since)
  return {
    at: (days, hour) =>
      new Date(Math.floor(start / dayMs) * dayMs + days * dayMs + hour * 60 * 60 * 1000).toISOString(),
    soon: () => new Date((Math.floor(start / quarterMs) + 2) * quarterMs).toISOString(),
  }
}

const clinical = 'clinical' as const

interface Visit {
  patient: number
  doctor: 0 | 1 | 2
  daysAgo: number
  chief_complaint: string
  diagnosis: string
  code: string
  treatment_plan: string
  signed: boolean
  vital_signs: Record<string, number | string | boolean>
}

const visits: Visit[] = [
  {
    patient: 0,
    doctor: 0,
    daysAgo: 7,
    chief_complaint: 'Annual checkup',
    diagnosis: 'Healthy adult, blood pressure controlled',
    code: 'Z00.0',
    treatment_plan: 'Continue lisinopril; next checkup in a year',
    signed: true,
    vital_signs: {
      systolic: 128,
      diastolic: 82,
      heart_rate: 72,
      respiratory_rate: 15,
      temperature_c: 36.7,
      oxygen_saturation: 98,
      on_oxygen: false,
      consciousness: 'A',
      weight_kg: 82,
      height_cm: 180,
    },
  },
  {
    patient: 1,
    doctor: 0,
    daysAgo: 3,
    chief_complaint: 'Headache for three days',
    diagnosis: 'Tension headache',
    code: 'G44.2',
    treatment_plan: 'Ibuprofen when needed, rest, return if it does not improve',
    signed: true,
    vital_signs: {
      systolic: 118,
      diastolic: 76,
      heart_rate: 68,
      respiratory_rate: 14,
      temperature_c: 36.6,
      oxygen_saturation: 99,
      on_oxygen: false,
      consciousness: 'A',
      pain_score: 4,
    },
  },
  {
    patient: 2,
    doctor: 1,
    daysAgo: 14,
    chief_complaint: 'Diabetes follow-up',
    diagnosis: 'Type 2 diabetes mellitus',
    code: 'E11.9',
    treatment_plan: 'Increase metformin; HbA1c in three months',
    signed: true,
    vital_signs: { systolic: 138, diastolic: 86, heart_rate: 78, temperature_c: 36.8, weight_kg: 94, height_cm: 176 },
  },
  {
    patient: 4,
    doctor: 2,
    daysAgo: 1,
    chief_complaint: 'Cough and wheeze',
    diagnosis: 'Acute bronchitis',
    code: 'J20.9',
    treatment_plan: 'Inhaler, fluids, rest',
    signed: false,
    vital_signs: {
      systolic: 110,
      diastolic: 70,
      heart_rate: 96,
      respiratory_rate: 21,
      temperature_c: 38.2,
      oxygen_saturation: 95,
      on_oxygen: false,
      consciousness: 'A',
    },
  },
]

/** Medical records, written by the doctor who saw the patient; most of them signed. Answers the ids, in order. */
export async function writeRecords(
  client: ServiceClient,
  staff: Staff,
  patients: number[],
  when: Calendar,
): Promise<number[]> {
  const ids: number[] = []
  for (const visit of visits) {
    const doctor = staff.doctors[visit.doctor]
    const record = await client.post<{ id: number }>(clinical, doctor, '/api/medical-records', {
      patient_id: patients[visit.patient],
      visit_date: when.at(-visit.daysAgo, 10),
      chief_complaint: visit.chief_complaint,
      diagnosis: visit.diagnosis,
      diagnoses: [{ code: visit.code, description: visit.diagnosis }],
      treatment_plan: visit.treatment_plan,
      vital_signs: visit.vital_signs,
      follow_up_required: visit.patient === 2,
      ...(visit.patient === 2 && { follow_up_date: when.at(76, 0).slice(0, 10) }),
    })
    ids.push(record.id)
    if (visit.signed) {
      await client.tryPost(clinical, doctor, `/api/medical-records/${record.id}/sign`, {}, ['record-signed'])
    }
  }
  return ids
}

/** Prescriptions as the doctor writes them; one of them already dispensed. */
export async function prescribe(
  client: ServiceClient,
  staff: Staff,
  patients: number[],
  records: number[],
): Promise<void> {
  const [first, second] = staff.doctors
  const written = [
    {
      doctor: first,
      patient: 0,
      record: 0,
      medication_name: 'Lisinopril',
      dosage: '10 mg',
      frequency: 'once daily',
      duration: '30 days',
      instructions: 'In the morning',
      quantity: 30,
      refills_allowed: 3,
    },
    {
      doctor: first,
      patient: 1,
      record: 1,
      medication_name: 'Ibuprofen',
      dosage: '400 mg',
      frequency: 'every 8 hours when needed',
      duration: '5 days',
      instructions: 'With food',
      quantity: 15,
      refills_allowed: 0,
    },
    {
      doctor: second,
      patient: 2,
      record: 2,
      medication_name: 'Metformin',
      dosage: '850 mg',
      frequency: 'twice daily',
      duration: '90 days',
      instructions: 'With meals',
      quantity: 180,
      refills_allowed: 1,
    },
  ]
  for (const { doctor, patient, record, ...drug } of written) {
    const body = { patient_id: patients[patient], medical_record_id: records[record], ...drug }
    // Someone's free-text medication may repeat the drug: the demo's doctor knows and goes on.
    const answer = await client.tryPost<{ id: number }>(clinical, doctor, '/api/prescriptions', body, [
      'prescription-conflict',
    ])
    const prescription =
      'id' in answer
        ? answer
        : await client.post<{ id: number }>(clinical, doctor, '/api/prescriptions', {
            ...body,
            override_reason: 'Continues the present treatment',
          })
    if (patient === 1) {
      const path = `/api/prescriptions/${prescription.id}/dispense`
      await client.tryPost(clinical, staff.pharmacist, path, { quantity: 15 }, [
        'dispense-limit',
        'illegal-transition',
        'prescription-conflict',
      ])
    }
  }
}

/** Lab tests in each of their states, from ordered to verified. */
export async function orderTests(client: ServiceClient, staff: Staff, patients: number[]): Promise<void> {
  const [first, second] = staff.doctors
  const [technician, colleague] = staff.labTechnicians
  const order = (doctor: typeof first, patient: number, test_name: string, test_type: string) =>
    client.post<{ id: number }>(clinical, doctor, '/api/lab-tests', {
      patient_id: patients[patient],
      test_name,
      test_type,
    })
  const step = (actor: typeof first, id: number, verb: string, body: object) =>
    client.tryPost(clinical, actor, `/api/lab-tests/${id}/${verb}`, body, ['illegal-transition'])

  const panel = await order(first, 0, 'Basic metabolic panel', 'Chemistry')
  await step(staff.nurses[0], panel.id, 'collect', {})
  await step(technician, panel.id, 'results', {
    results: [
      { name: 'Glucose', value: 94, unit: 'mg/dL', reference_low: 70, reference_high: 99 },
      { name: 'Potassium', value: 4.2, unit: 'mmol/L', reference_low: 3.5, reference_high: 5.1 },
      { name: 'Creatinine', value: 1.4, unit: 'mg/dL', reference_low: 0.7, reference_high: 1.3 },
    ],
  })
  await step(colleague, panel.id, 'verify', {})

  const hba1c = await order(second, 2, 'HbA1c', 'Chemistry')
  await step(technician, hba1c.id, 'collect', {})
  await step(technician, hba1c.id, 'results', {
    results: [{ name: 'Haemoglobin A1c', value: 7.9, unit: '%', reference_low: 4, reference_high: 5.6 }],
  })
  const count = await order(first, 1, 'Complete blood count', 'Haematology')
  await step(staff.nurses[1], count.id, 'collect', {})
  await order(second, 3, 'Lipid panel', 'Chemistry')
}

/** A few coded allergies beside the free text. */
export async function noteAllergies(client: ServiceClient, staff: Staff, patients: number[]): Promise<void> {
  const body = { substance: 'Penicillin', reaction: 'Rash', severity: 'moderate' }
  await client.post(clinical, staff.doctors[0], `/api/patients/${patients[2]}/allergies`, body)
}
