import type { LabResult, Patient, VitalSigns } from '@hospital/contracts'
import type { Static } from '@sinclair/typebox'

type PatientFields = Omit<
  Static<typeof Patient>,
  | 'id'
  | 'sex'
  | 'version'
  | 'created_at'
  | 'updated_at'
  | 'merged_into'
  | 'medical_history'
  | 'allergies'
  | 'current_medications'
  | 'insurance_info'
>

/** What every row of an import knows: the resources it holds (the first one names it) and whose it is. */
interface Draft {
  keys: string[]
  /** Where the first of them stands in the bundle. */
  pointer: string
  patientKey: string
}

export interface PatientDraft extends Omit<PatientFields, 'patient_number'> {
  key: string
  pointer: string
  /** The medical record number of the source. */
  number: string | null
}

export interface RecordDraft extends Draft {
  visit_date: string
  chief_complaint: string | null
  diagnosis: string | null
  vital_signs: Static<typeof VitalSigns> | null
  notes: string | null
  source: string | null
}

export interface PrescriptionDraft extends Draft {
  recordKey: string | null
  medication_name: string
  rxnorm_code: string | null
  dosage: string | null
  frequency: string | null
  duration: string | null
  instructions: string | null
  quantity: number | null
  refills_allowed: number
  status: 'active' | 'on_hold' | 'completed' | 'discontinued'
  status_reason: string | null
  prescribed_date: string
  dose_amount: number | null
  dose_unit: string | null
  dose_route: string | null
  times_per_day: number | null
  interval_hours: number | null
  duration_days: number | null
  source: string | null
}

export type ImportedResult = Static<typeof LabResult>

export interface LabTestDraft extends Draft {
  recordKey: string | null
  test_name: string
  test_type: string
  code: string | null
  status: 'resulted' | 'verified'
  /** When the specimen was taken or the sign measured. */
  observed_at: string
  results_date: string
  results: ImportedResult[]
  notes: string | null
  source: string | null
}

export interface AllergyDraft extends Draft {
  substance: string
  code: string | null
  reaction: string | null
  severity: 'mild' | 'moderate' | 'severe' | null
  status: 'active' | 'resolved' | 'entered_in_error'
  source: string | null
}

/** Rows to write, and the resources that become none. */
export interface ImportPlan {
  patients: PatientDraft[]
  records: RecordDraft[]
  prescriptions: PrescriptionDraft[]
  labTests: LabTestDraft[]
  allergies: AllergyDraft[]
  skipped: { resource_type: string; count: number; reason: string }[]
}

/** Counts what is left out, by type and reason. */
export function createTally() {
  const counts = new Map<string, { resource_type: string; count: number; reason: string }>()
  return {
    skip: (type: string, reason: string): void => {
      const key = `${type}\n${reason}`
      const line = counts.get(key)
      if (line) line.count++
      else counts.set(key, { resource_type: type, count: 1, reason })
    },
    lines: () =>
      [...counts.values()].sort((a, b) => (a.resource_type + a.reason < b.resource_type + b.reason ? -1 : 1)),
  }
}
export type Tally = ReturnType<typeof createTally>
