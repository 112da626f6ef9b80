import { DateOnly, Id, Nullable, OneOf, patientCreated } from '@hospital/contracts'
import { appendEvent, sql, type TenantTx } from '@hospital/database'
import { type Static, Type } from '@sinclair/typebox'
import type { ImportPlan, LabTestDraft, RecordDraft } from './plan.ts'

/** Which row a resource became. */
export interface Place {
  table: string
  id: number
}

const KnownRow = Type.Object({ source: Type.String(), table_name: Type.String(), row_id: Id })

/** One import of a patient at a time: the second one finds what the first one wrote. */
export async function queueImports(tx: TenantTx, patientKeys: readonly string[]): Promise<void> {
  const locks = patientKeys.map((key) => `import ${tx.context.tenantId} ${key}`).sort()
  await tx.query(sql.unsafe`
    SELECT pg_advisory_xact_lock(hashtextextended(lock, 2)) FROM unnest(${sql.array(locks, 'text')}) AS lock`)
}

/** The resources that are here already, and what they became. */
export async function findKnown(tx: TenantTx, keys: readonly string[]): Promise<Map<string, Place>> {
  const rows = await tx.any(sql.type(KnownRow)`
    SELECT source, table_name, row_id FROM imported_resources WHERE source = ANY(${sql.array([...keys], 'text')})`)
  return new Map(rows.map(({ source, table_name, row_id }) => [source, { table: table_name, id: row_id }]))
}

/** The doctor who answers for imported rows: the one named, else the hospital's first active one; null when there is none. */
export const findDoctor = (tx: TenantTx, doctorId: number | undefined): Promise<number | null> =>
  tx.maybeOneFirst(sql.type(Type.Object({ id: Id }))`
    SELECT id FROM doctors WHERE CASE WHEN ${doctorId ?? null}::int8 IS NULL THEN status = 'active' ELSE id = ${doctorId ?? null} END
    ORDER BY id LIMIT 1`)

const tables = ['patients', 'medical_records', 'prescriptions', 'lab_tests', 'allergies'] as const
type Table = (typeof tables)[number]
const Ids = Type.Object(
  Object.fromEntries(tables.map((table) => [table, Type.Array(Id)])) as Record<
    Table,
    ReturnType<typeof Type.Array<typeof Id>>
  >,
)

/** Ids for all new rows in one round trip, so that they can refer to each other before they are written. */
function takeIds(tx: TenantTx, counts: Record<Table, number>): Promise<Static<typeof Ids>> {
  const columns = tables.map(
    (table) =>
      sql.fragment`ARRAY(SELECT nextval(${`${table}_id_seq`}::regclass) FROM generate_series(1, ${counts[table]}::int)) AS ${sql.identifier([table])}`,
  )
  return tx.one(sql.type(Ids)`SELECT ${sql.join(columns, sql.fragment`, `)}`)
}

/** Everything the inserts need besides the drafts. */
interface Writing {
  tx: TenantTx
  doctorId: number
  userId: number
  patientId: (key: string) => number
  recordId: (key: string | null) => number | null
}

const CreatedPatient = Type.Object({
  id: Id,
  patient_number: Type.String(),
  first_name: Type.String(),
  last_name: Type.String(),
  status: OneOf(['active', 'inactive', 'deceased']),
  merged_into: Nullable(Id),
  version: Type.Integer(),
  date_of_birth: DateOnly,
})

/** A record number that somebody else has here gives way to one of ours. */
async function insertPatients({ tx }: Writing, drafts: ImportPlan['patients'], ids: readonly number[]): Promise<void> {
  const rows = drafts.map((d, i) => [
    ids[i] as number,
    d.number,
    d.first_name,
    d.last_name,
    d.date_of_birth,
    d.email,
    d.phone,
    d.gender,
    d.address,
    d.emergency_contact_name,
    d.emergency_contact_phone,
    d.status,
    d.deceased_date,
  ])
  const types = ['int8', 'text', 'text', 'text', 'date', 'text', 'text', 'text', 'text', 'text', 'text', 'text', 'date']
  const created = await tx.any(sql.type(CreatedPatient)`
    INSERT INTO patients (id, patient_number, first_name, last_name, date_of_birth, email, phone, gender, address,
      emergency_contact_name, emergency_contact_phone, status, deceased_date)
    OVERRIDING SYSTEM VALUE
    SELECT d.id, CASE WHEN d.number IS NULL OR EXISTS (SELECT FROM patients p WHERE p.patient_number = d.number)
        THEN next_patient_number() ELSE d.number END,
      d.first_name, d.last_name, d.born, d.email, d.phone, d.gender, d.address, d.contact, d.contact_phone, d.status, d.died
    FROM ${sql.unnest(rows, types)} AS d (id, number, first_name, last_name, born, email, phone, gender, address, contact,
      contact_phone, status, died)
    RETURNING id, patient_number, first_name, last_name, status, merged_into, version, date_of_birth`)
  for (const { date_of_birth, ...facts } of created) {
    await appendEvent(tx, patientCreated, { id: facts.id, data: facts })
  }
}

async function insertRecords(
  { tx, doctorId, userId, patientId }: Writing,
  drafts: readonly RecordDraft[],
  ids: readonly number[],
) {
  const rows = drafts.map((d, i) => [
    ids[i] as number,
    patientId(d.patientKey),
    d.visit_date,
    d.chief_complaint,
    d.diagnosis,
    d.vital_signs && JSON.stringify(d.vital_signs),
    d.notes,
    d.source,
  ])
  await tx.query(sql.unsafe`
    INSERT INTO medical_records (id, patient_id, doctor_id, visit_date, chief_complaint, diagnosis, vital_signs, notes, source,
      created_by, updated_by)
    SELECT d.id, d.patient_id, ${doctorId}, d.visit_date, d.chief_complaint, d.diagnosis, d.vital_signs, d.notes, d.source,
      ${userId}, ${userId}
    FROM ${sql.unnest(rows, ['int8', 'int8', 'timestamptz', 'text', 'text', 'jsonb', 'text', 'text'])}
      AS d (id, patient_id, visit_date, chief_complaint, diagnosis, vital_signs, notes, source)`)
}

async function insertPrescriptions(
  w: Writing,
  drafts: ImportPlan['prescriptions'],
  ids: readonly number[],
): Promise<void> {
  const rows = drafts.map((d, i) => [
    ids[i] as number,
    w.patientId(d.patientKey),
    w.recordId(d.recordKey),
    d.medication_name,
    d.rxnorm_code,
    d.dosage,
    d.frequency,
    d.duration,
    d.instructions,
    d.quantity,
    d.refills_allowed,
    d.status,
    d.status_reason,
    d.prescribed_date,
    d.dose_amount,
    d.dose_unit,
    d.dose_route,
    d.times_per_day,
    d.interval_hours,
    d.duration_days,
    d.source,
  ])
  const types = [
    'int8',
    'int8',
    'int8',
    'text',
    'text',
    'text',
    'text',
    'text',
    'text',
    'int4',
    'int4',
    'text',
    'text',
    'timestamptz',
    'numeric',
    'text',
    'text',
    'int4',
    'int4',
    'int4',
    'text',
  ]
  await w.tx.query(sql.unsafe`
    INSERT INTO prescriptions (id, patient_id, medical_record_id, medication_name, rxnorm_code, dosage, frequency, duration,
      instructions, quantity, refills_allowed, status, status_reason, prescribed_date, dose_amount, dose_unit, dose_route,
      times_per_day, interval_hours, duration_days, source, doctor_id, entered_by)
    OVERRIDING SYSTEM VALUE
    SELECT d.*, ${w.doctorId}, ${w.userId} FROM ${sql.unnest(rows, types)} AS d`)
}

/** With the first version of the results and the steps, as if they had been entered here by nobody. */
async function insertLabTests(w: Writing, drafts: readonly LabTestDraft[], ids: readonly number[]): Promise<void> {
  const rows = drafts.map((d, i) => [
    ids[i] as number,
    w.patientId(d.patientKey),
    w.recordId(d.recordKey),
    d.test_name,
    d.test_type,
    d.code,
    d.status,
    d.observed_at,
    d.observed_at,
    d.results_date,
    JSON.stringify(d.results),
    d.notes,
    d.source,
  ])
  const types = [
    'int8',
    'int8',
    'int8',
    'text',
    'text',
    'text',
    'text',
    'timestamptz',
    'timestamptz',
    'timestamptz',
    'jsonb',
    'text',
    'text',
  ]
  await w.tx.query(sql.unsafe`
    INSERT INTO lab_tests (id, patient_id, medical_record_id, test_name, test_type, code, status, ordered_date,
      sample_collected_date, results_date, results, notes, source, ordered_by, results_version, created_by)
    SELECT d.*, ${w.doctorId}, 1, ${w.userId} FROM ${sql.unnest(rows, types)} AS d`)
  const written = sql.array([...ids], 'int8')
  await w.tx.query(sql.unsafe`
    INSERT INTO lab_result_versions (lab_test_id, number, results, notes, entered_by, entered_at)
    SELECT id, 1, results, notes, NULL, results_date FROM lab_tests WHERE id = ANY(${written})`)
  await w.tx.query(sql.unsafe`
    INSERT INTO lab_test_steps (lab_test_id, step, at, reason)
    SELECT id, step, CASE step WHEN 'collected' THEN sample_collected_date ELSE results_date END, 'imported'
    FROM lab_tests CROSS JOIN unnest(ARRAY['collected', 'resulted', 'verified']) WITH ORDINALITY AS s (step, place)
    WHERE id = ANY(${written}) AND (step <> 'verified' OR status = 'verified') ORDER BY id, place`)
}

async function insertAllergies(
  { tx, userId, patientId }: Writing,
  drafts: ImportPlan['allergies'],
  ids: readonly number[],
) {
  const rows = drafts.map((d, i) => [
    ids[i] as number,
    patientId(d.patientKey),
    d.substance,
    d.code,
    d.reaction,
    d.severity,
    d.status,
    d.source,
  ])
  await tx.query(sql.unsafe`
    INSERT INTO allergies (id, patient_id, substance, code, reaction, severity, status, source, entered_by)
    OVERRIDING SYSTEM VALUE
    SELECT d.*, ${userId} FROM ${sql.unnest(rows, ['int8', 'int8', 'text', 'text', 'text', 'text', 'text', 'text'])} AS d`)
}

function insertPlaces(tx: TenantTx, places: readonly [key: string, place: Place][]) {
  const rows = places.map(([key, { table, id }]) => [key, table, id])
  return tx.query(sql.unsafe`
    INSERT INTO imported_resources (source, table_name, row_id) SELECT * FROM ${sql.unnest(rows, ['text', 'text', 'int8'])} AS d`)
}

/** Writes everything that was planned, each table in one statement. Answers where every resource is now. */
export async function writePlan(
  tx: TenantTx,
  plan: ImportPlan,
  known: ReadonlyMap<string, Place>,
  doctorId: number,
): Promise<Map<string, Place>> {
  const drafts: [Table, readonly { keys: readonly string[] }[]][] = [
    ['patients', plan.patients.map(({ key }) => ({ keys: [key] }))],
    ['medical_records', plan.records],
    ['prescriptions', plan.prescriptions],
    ['lab_tests', plan.labTests],
    ['allergies', plan.allergies],
  ]
  const counts = Object.fromEntries(drafts.map(([table, list]) => [table, list.length])) as Record<Table, number>
  const ids = await takeIds(tx, counts)
  const made = drafts.flatMap(([table, list]) =>
    list.flatMap(({ keys }, i) => keys.map((key): [string, Place] => [key, { table, id: ids[table][i] as number }])),
  )
  const places = new Map([...known, ...made])
  const writing: Writing = {
    tx,
    doctorId,
    userId: tx.context.userId,
    patientId: (key) => (places.get(key) as Place).id,
    recordId: (key) => (key === null ? null : (places.get(key)?.id ?? null)),
  }
  if (plan.patients.length > 0) await insertPatients(writing, plan.patients, ids.patients)
  if (plan.records.length > 0) await insertRecords(writing, plan.records, ids.medical_records)
  if (plan.prescriptions.length > 0) await insertPrescriptions(writing, plan.prescriptions, ids.prescriptions)
  if (plan.labTests.length > 0) await insertLabTests(writing, plan.labTests, ids.lab_tests)
  if (plan.allergies.length > 0) await insertAllergies(writing, plan.allergies, ids.allergies)
  if (made.length > 0) await insertPlaces(tx, made)
  return places
}
