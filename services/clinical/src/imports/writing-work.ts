import {
  allergyRecorded,
  labTestCollected,
  labTestCritical,
  labTestOrdered,
  labTestResulted,
  labTestVerified,
  medicalRecordCreated,
  patientCreated,
  prescriptionCreated,
  withNulls,
} from '@hospital/contracts'
import { announceAll, type Telling, type TenantTx, toTell } from '@hospital/database'
import { Type } from '@sinclair/typebox'
import { allergies } from '../allergies/queries.ts'
import { labTests } from '../lab-tests/queries.ts'
import { medicalRecords } from '../medical-records/queries.ts'
import { patients } from '../patients/queries.ts'
import { prescriptions } from '../prescriptions/queries.ts'
import { checkImported } from './drug-check-work.ts'
import { type GradedTest, gradeDrafts } from './lab-grading-work.ts'
import type { ImportPlan } from './plan-mapping.ts'
import { decideNumbers, type ImportedTable, insertLabHistory, insertPlaces, type Place, takeIds } from './queries.ts'

// The database fills in the rest, as for a row that is written by hand.
const stamps = ['created_at', 'updated_at', 'version'] as const
const Patient = Type.Omit(patients.row, ['sex', 'merged_into', ...stamps])
const MedicalRecord = Type.Omit(medicalRecords.row, ['status', ...stamps])
const Prescription = Type.Omit(prescriptions.row, [
  'revised_by',
  'other_drug',
  'verbal',
  'dispensed_before',
  'dispensed_quantity',
  ...stamps,
])
const LabTest = Type.Omit(labTests.row, ['resulted_by', 'created_at', 'updated_at'])
const Allergy = Type.Omit(allergies.row, stamps)

/** What the rows need besides their drafts. */
interface Writing {
  tx: TenantTx
  ids: Record<ImportedTable, readonly number[]>
  doctorId: number
  userId: number
  now: Date
  patientId: (key: string) => number
  recordId: (key: string | null) => number | null
}

/** The id taken for a draft, by its place in the plan. */
const idOf = ({ ids }: Writing, table: ImportedTable, index: number): number => ids[table][index] as number

async function writePatients(w: Writing, drafts: ImportPlan['patients']): Promise<Telling[]> {
  if (drafts.length === 0) return []
  const numbers = await decideNumbers(
    w.tx,
    drafts.map(({ number }) => number),
  )
  const rows = drafts.map((draft, i) =>
    withNulls(Patient, { ...draft, id: idOf(w, 'patients', i), patient_number: numbers[i] as string }),
  )
  return [toTell(patientCreated, await patients.insertMany(w.tx, rows))]
}

async function writeRecords(w: Writing, drafts: ImportPlan['records']): Promise<Telling[]> {
  const rows = drafts.map((draft, i) =>
    withNulls(MedicalRecord, {
      ...draft,
      id: idOf(w, 'medical_records', i),
      patient_id: w.patientId(draft.patientKey),
      doctor_id: w.doctorId,
      diagnoses: [],
      follow_up_required: false,
      created_by: w.userId,
      updated_by: w.userId,
    }),
  )
  return [toTell(medicalRecordCreated, await medicalRecords.insertMany(w.tx, rows))]
}

async function writePrescriptions(w: Writing, drafts: ImportPlan['prescriptions']): Promise<Telling[]> {
  const placed = drafts.map((draft, i) => ({
    ...draft,
    id: idOf(w, 'prescriptions', i),
    patient_id: w.patientId(draft.patientKey),
    doctor_id: w.doctorId,
    dose_amount: draft.dose_amount === null ? null : String(draft.dose_amount),
  }))
  const checks = await checkImported(w.tx, placed)
  const rows = placed.map((draft) =>
    withNulls(Prescription, {
      ...draft,
      medical_record_id: w.recordId(draft.recordKey),
      quantity_computed: false,
      checks: checks.get(draft.id) ?? [],
      entered_by: w.userId,
    }),
  )
  return [toTell(prescriptionCreated, await prescriptions.insertMany(w.tx, rows))]
}

/** Told step by step, as when results come from the bench. */
async function writeLabTests(w: Writing, drafts: ImportPlan['labTests']): Promise<Telling[]> {
  if (drafts.length === 0) return []
  const placed = drafts.map((draft) => ({ ...draft, patient_id: w.patientId(draft.patientKey) }))
  const graded = await gradeDrafts(w.tx, placed, w.now)
  const rows = placed.map((draft, i) =>
    withNulls(LabTest, {
      ...draft,
      ...(graded[i] as GradedTest),
      id: idOf(w, 'lab_tests', i),
      ordered_by: w.doctorId,
      medical_record_id: w.recordId(draft.recordKey),
      priority: 'routine',
      ordered_date: draft.observed_at,
      sample_collected_date: draft.observed_at,
      results_version: 1,
      created_by: w.userId,
      // Each step is a version, as from the bench: who hears of them takes none for old.
      version: draft.status === 'verified' ? 4 : 3,
    }),
  )
  const written = await labTests.insertMany(w.tx, rows)
  await insertLabHistory(w.tx, w.ids.lab_tests)
  const as = (status: (typeof written)[number]['status'], version: number, results_version: number) =>
    written.map((test) => ({ ...test, status, version, results_version }))
  return [
    toTell(labTestOrdered, as('ordered', 1, 0)),
    toTell(labTestCollected, as('collected', 2, 0)),
    toTell(labTestResulted, as('resulted', 3, 1)),
    toTell(
      labTestCritical,
      written.filter(({ critical }) => critical !== null),
    ),
    toTell(
      labTestVerified,
      written.filter(({ status }) => status === 'verified'),
    ),
  ]
}

async function writeAllergies(w: Writing, drafts: ImportPlan['allergies']): Promise<Telling[]> {
  const rows = drafts.map((draft, i) =>
    withNulls(Allergy, {
      ...draft,
      id: idOf(w, 'allergies', i),
      patient_id: w.patientId(draft.patientKey),
      entered_by: w.userId,
    }),
  )
  return [toTell(allergyRecorded, await allergies.insertMany(w.tx, rows))]
}

/**
 * Writes everything that was planned, each table in one statement, and tells of it what the front door tells. Answers
 * where every resource is now.
 */
export async function writePlan(
  tx: TenantTx,
  plan: ImportPlan,
  known: ReadonlyMap<string, Place>,
  doctorId: number,
  now: Date,
): Promise<Map<string, Place>> {
  const drafts: [ImportedTable, readonly { keys: readonly string[] }[]][] = [
    ['patients', plan.patients.map(({ key }) => ({ keys: [key] }))],
    ['medical_records', plan.records],
    ['prescriptions', plan.prescriptions],
    ['lab_tests', plan.labTests],
    ['allergies', plan.allergies],
  ]
  const counts = Object.fromEntries(drafts.map(([table, list]) => [table, list.length])) as Record<
    ImportedTable,
    number
  >
  const ids = await takeIds(tx, counts)
  const made = drafts.flatMap(([table, list]) =>
    list.flatMap(({ keys }, i) => keys.map((key): [string, Place] => [key, { table, id: ids[table][i] as number }])),
  )
  const places = new Map([...known, ...made])
  const writing: Writing = {
    tx,
    ids,
    doctorId,
    userId: tx.context.userId,
    now,
    patientId: (key) => (places.get(key) as Place).id,
    recordId: (key) => (key === null ? null : (places.get(key)?.id ?? null)),
  }
  const people = await writePatients(writing, plan.patients)
  const records = await writeRecords(writing, plan.records)
  // Before the drugs, which are checked against them.
  const substances = await writeAllergies(writing, plan.allergies)
  const drugs = await writePrescriptions(writing, plan.prescriptions)
  const tests = await writeLabTests(writing, plan.labTests)
  await announceAll(tx, [...people, ...records, ...drugs, ...tests, ...substances])
  if (made.length > 0) await insertPlaces(tx, made)
  return places
}
