import { type LabResult, type LabStep, LabTest, type LabTestDetail, type Static } from '@hospital/contracts'
import { sql, type TenantTx, table } from '@hospital/database'
import { Type } from '@sinclair/typebox'

export type Test = Static<typeof LabTest>
export type TestDetail = Static<typeof LabTestDetail>
type Result = Static<typeof LabResult>

const { results: _results, ...plain } = LabTest.properties
const StoredResults = Type.Unsafe<Partial<Result>[] | null>({})
const Row = Type.Object({ ...plain, results: StoredResults })
export const labTests = table('lab_tests', Row, {
  made: [
    'id',
    'status',
    'sample_collected_date',
    'results_date',
    'results',
    'results_version',
    'resulted_by',
    'critical',
    'source',
    'created_at',
    'updated_at',
    'version',
  ],
})

const columns = sql.fragment`id, patient_id, ordered_by, medical_record_id, test_name, test_type, code, priority, status,
  ordered_date, sample_collected_date, results_date, results, results_version, normal_range, notes, resulted_by, critical,
  source, created_by, created_at, updated_at, version`

/** Members that an import left out are null. */
const completeResult = (stored: Partial<Result>): Result => ({
  name: '',
  code: null,
  value_type: 'text',
  value: '',
  unit: null,
  comparator: null,
  reference_low: null,
  reference_high: null,
  critical_low: null,
  critical_high: null,
  flag: null,
  converted_from: null,
  notes: null,
  ...stored,
})
const toTest = (row: Static<typeof Row>): Test => ({ ...row, results: row.results?.map(completeResult) ?? null })

/** The test, and nobody else changes it until the commit. */
export async function lockTest(tx: TenantTx, id: number): Promise<Test | null> {
  const row = await tx.maybeOne(sql.type(Row)`SELECT ${columns} FROM lab_tests WHERE id = ${id} FOR UPDATE`)
  return row && toTest(row)
}

const StepRow = Type.Object({
  step: Type.Unsafe<Static<typeof LabStep>>(Type.String()),
  at: Type.String(),
  actor_id: Type.Union([Type.Integer(), Type.Null()]),
  actor_name: Type.Union([Type.String(), Type.Null()]),
  reason: Type.Union([Type.String(), Type.Null()]),
})
const VersionRow = Type.Object({
  number: Type.Integer(),
  results: Type.Unsafe<Partial<Result>[]>({}),
  notes: Type.Union([Type.String(), Type.Null()]),
  reason: Type.Union([Type.String(), Type.Null()]),
  entered_by: Type.Union([Type.Integer(), Type.Null()]),
  entered_at: Type.String(),
})

export async function findTest(tx: TenantTx, id: number): Promise<TestDetail | null> {
  const row = await tx.maybeOne(sql.type(Row)`SELECT ${columns} FROM lab_tests WHERE id = ${id}`)
  if (row === null) return null
  const steps = await tx.any(sql.type(StepRow)`
    SELECT s.step, s.at, s.actor_id, f.name AS actor_name, s.reason
    FROM lab_test_steps s LEFT JOIN staff f ON f.id = s.actor_id WHERE s.lab_test_id = ${id} ORDER BY s.id`)
  const versions = await tx.any(sql.type(VersionRow)`
    SELECT number, results, notes, reason, entered_by, entered_at FROM lab_result_versions
    WHERE lab_test_id = ${id} ORDER BY number`)
  const result_versions = versions.map((version) => ({ ...version, results: version.results.map(completeResult) }))
  return { ...toTest(row), steps: [...steps], result_versions }
}

export interface TestFilter {
  patient_id?: number
  doctor_id?: number
  status?: string
  critical?: string
  from?: string
  to?: string
}

/** What the rule on charts asks of a row of the list. */
export const testRow = {
  patient: sql.fragment`patient_id`,
  isOwn: (userId: number) => sql.fragment`(created_by = ${userId} AND source IS NULL)`,
}

export async function listTests(
  tx: TenantTx,
  { patient_id, doctor_id, status, critical, from, to }: TestFilter,
  after: { at: string; id: number } | null,
  limit: number,
  open: ReturnType<typeof sql.fragment>,
): Promise<Test[]> {
  const conditions = [
    open,
    ...(patient_id === undefined ? [] : [sql.fragment`patient_id = surviving_patient(${patient_id}::bigint)`]),
    ...(doctor_id === undefined ? [] : [sql.fragment`ordered_by = ${doctor_id}`]),
    ...(status === undefined ? [] : [sql.fragment`status = ${status}`]),
    // The word itself, so that the planner sees the index of those that wait.
    ...(critical === 'unacknowledged' ? [sql.fragment`critical = 'unacknowledged'`] : []),
    ...(critical === 'acknowledged' ? [sql.fragment`critical = 'acknowledged'`] : []),
    ...(from === undefined ? [] : [sql.fragment`ordered_date >= ${from}::timestamptz`]),
    ...(to === undefined ? [] : [sql.fragment`ordered_date < ${to}::timestamptz`]),
    ...(after === null ? [] : [sql.fragment`(ordered_date, id) < (${after.at}::timestamptz, ${after.id}::bigint)`]),
  ]
  const rows = await tx.any(sql.type(Row)`
    SELECT ${columns} FROM lab_tests WHERE ${sql.join(conditions, sql.fragment` AND `)}
    ORDER BY ordered_date DESC, id DESC LIMIT ${limit}`)
  return rows.map(toTest)
}

type NewTest = Pick<
  Test,
  | 'patient_id'
  | 'ordered_by'
  | 'medical_record_id'
  | 'test_name'
  | 'test_type'
  | 'code'
  | 'priority'
  | 'ordered_date'
  | 'normal_range'
  | 'notes'
>

const Inserted = Type.Object({ id: Type.Integer() })

export const insertTest = (tx: TenantTx, test: NewTest, at: string): Promise<number> =>
  tx.oneFirst(sql.type(Inserted)`
    INSERT INTO lab_tests (patient_id, ordered_by, medical_record_id, test_name, test_type, code, priority, ordered_date,
      normal_range, notes, created_by, created_at, updated_at)
    VALUES (${test.patient_id}, ${test.ordered_by}, ${test.medical_record_id}, ${test.test_name}, ${test.test_type},
      ${test.code}, ${test.priority}, ${test.ordered_date}::timestamptz, ${test.normal_range}, ${test.notes},
      ${tx.context.userId}, ${at}, ${at})
    RETURNING id`)

type Changeable = Pick<
  Test,
  | 'status'
  | 'sample_collected_date'
  | 'results_date'
  | 'results'
  | 'results_version'
  | 'notes'
  | 'resulted_by'
  | 'critical'
>

/** Writes the state after a step. */
export const updateTest = (tx: TenantTx, id: number, state: Changeable, at: string): Promise<unknown> =>
  tx.query(sql.unsafe`
    UPDATE lab_tests
    SET status = ${state.status}, sample_collected_date = ${state.sample_collected_date}::timestamptz,
      results_date = ${state.results_date}::timestamptz,
      results = ${state.results === null ? null : JSON.stringify(state.results)}::jsonb,
      results_version = ${state.results_version}, notes = ${state.notes}, resulted_by = ${state.resulted_by},
      critical = ${state.critical}, updated_at = ${at}, version = version + 1
    WHERE id = ${id}`)

/** Who did the step, and why. */
export const insertStep = (tx: TenantTx, id: number, step: Static<typeof LabStep>, at: string, reason: string | null) =>
  tx.query(sql.unsafe`
    INSERT INTO lab_test_steps (lab_test_id, step, actor_id, at, reason)
    VALUES (${id}, ${step}, ${tx.context.userId}, ${at}, ${reason})`)

export const insertResultVersion = (
  tx: TenantTx,
  id: number,
  version: { number: number; results: readonly Result[]; notes: string | null; reason: string | null },
  at: string,
) =>
  tx.query(sql.unsafe`
    INSERT INTO lab_result_versions (lab_test_id, number, results, notes, reason, entered_by, entered_at)
    VALUES (${id}, ${version.number}, ${JSON.stringify(version.results)}::jsonb, ${version.notes}, ${version.reason},
      ${tx.context.userId}, ${at})`)

const Entered = Type.Object({ entered: Type.Boolean() })

/** Has this person entered any part of the results, or a correction? */
export const hasEntered = (tx: TenantTx, id: number, userId: number): Promise<boolean> =>
  tx.oneFirst(sql.type(Entered)`
    SELECT EXISTS (SELECT FROM lab_result_versions WHERE lab_test_id = ${id} AND entered_by = ${userId}) AS entered`)

const Person = Type.Object({ date_of_birth: Type.String(), gender: Type.Union([Type.String(), Type.Null()]) })

/** What reference ranges depend on. */
export const getPerson = (tx: TenantTx, patientId: number) =>
  tx.one(sql.type(Person)`SELECT date_of_birth, gender FROM patients WHERE id = ${patientId}`)

const RecordPatient = Type.Object({ same: Type.Boolean() })

/** Does the record exist, and is it this patient's? */
export const isRecordOf = async (tx: TenantTx, recordId: number, patientId: number): Promise<boolean> =>
  (await tx.maybeOneFirst(
    sql.type(RecordPatient)`SELECT patient_id = ${patientId} AS same FROM medical_records WHERE id = ${recordId}`,
  )) ?? false
