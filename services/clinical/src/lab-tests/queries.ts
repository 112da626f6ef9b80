import { type LabStep, LabTest, LabTestDetail, PatientSex, type Static } from '@hospital/contracts'
import { type Fragment, sql, type TenantTx, table } from '@hospital/database'
import { Type } from '@sinclair/typebox'
import { actor } from '../references.ts'
import { completeResult, type Result } from './grading-rules.ts'

export type Test = Static<typeof LabTest>
export type TestDetail = Static<typeof LabTestDetail>

const StoredResults = Type.Unsafe<Partial<Result>[] | null>({})
const Row = Type.Object({ ...LabTest.properties, results: StoredResults })
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
const columns = labTests.columns()

const toTest = (row: Static<typeof Row>): Test => ({ ...row, results: row.results?.map(completeResult) ?? null })

/** The test, and nobody else changes it until the commit. */
export async function lockTest(tx: TenantTx, id: number): Promise<Test | null> {
  const row = await tx.maybeOne(sql.type(Row)`SELECT ${columns} FROM lab_tests WHERE id = ${id} FOR UPDATE`)
  return row && toTest(row)
}

const StepRow = LabTestDetail.properties.steps.items
const VersionRow = Type.Object({
  ...LabTestDetail.properties.result_versions.items.properties,
  results: Type.Unsafe<Partial<Result>[]>({}),
})

const StoredStep = Type.Object({ lab_test_id: Type.Integer(), ...Type.Omit(StepRow, ['actor_name']).properties })
const steps = table('lab_test_steps', StoredStep, { made: [] })
const StoredVersion = Type.Object({ lab_test_id: Type.Integer(), ...VersionRow.properties })
const resultVersions = table('lab_result_versions', StoredVersion, { made: [] })

export async function findTest(tx: TenantTx, id: number): Promise<TestDetail | null> {
  const row = await tx.maybeOne(sql.type(Row)`SELECT ${columns} FROM lab_tests WHERE id = ${id}`)
  if (row === null) return null
  const taken = await tx.any(sql.type(StepRow)`
    SELECT s.step, s.at, s.actor_id, f.name AS actor_name, s.reason
    FROM lab_test_steps s LEFT JOIN staff f ON f.id = s.actor_id WHERE s.lab_test_id = ${id} ORDER BY s.id`)
  const versions = await tx.any(sql.type(StoredVersion)`
    SELECT ${resultVersions.columns()} FROM lab_result_versions WHERE lab_test_id = ${id} ORDER BY number`)
  const result_versions = versions.map(({ lab_test_id: _test, ...version }) => ({
    ...version,
    results: version.results.map(completeResult),
  }))
  return { ...toTest(row), steps: [...taken], result_versions }
}

interface TestFilter {
  patient_id?: number
  doctor_id?: number
  status?: string
  critical?: string
  range?: 'none'
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
  { patient_id, doctor_id, status, critical, range, from, to }: TestFilter,
  after: { at: string; id: number } | null,
  limit: number,
  open: Fragment,
): Promise<Test[]> {
  const conditions = [
    open,
    ...(patient_id === undefined ? [] : [sql.fragment`patient_id = surviving_patient(${patient_id}::bigint)`]),
    ...(doctor_id === undefined ? [] : [sql.fragment`ordered_by = ${doctor_id}`]),
    ...(status === undefined ? [] : [sql.fragment`status = ${status}`]),
    // The word itself, so that the planner sees the index of those that wait.
    ...(critical === 'unacknowledged' ? [sql.fragment`critical = 'unacknowledged'`] : []),
    ...(critical === 'acknowledged' ? [sql.fragment`critical = 'acknowledged'`] : []),
    ...(range === undefined ? [] : [sql.fragment`results @> '[{"range": "none"}]'`]),
    ...(from === undefined ? [] : [sql.fragment`ordered_date >= ${from}::timestamptz`]),
    ...(to === undefined ? [] : [sql.fragment`ordered_date < ${to}::timestamptz`]),
    ...(after === null ? [] : [sql.fragment`(ordered_date, id) < (${after.at}::timestamptz, ${after.id}::bigint)`]),
  ]
  const rows = await tx.any(sql.type(Row)`
    SELECT ${columns} FROM lab_tests WHERE ${sql.join(conditions, sql.fragment` AND `)}
    ORDER BY ordered_date DESC, id DESC LIMIT ${limit}`)
  return rows.map(toTest)
}

/** What an order says. */
export const NewTest = Type.Omit(LabTest, [
  'id',
  'status',
  'sample_collected_date',
  'results_date',
  'results',
  'results_version',
  'resulted_by',
  'critical',
  'source',
  'created_by',
  'version',
])

const OpenTest = Type.Object({ id: Type.Integer() })

/**
 * The same test of this patient that waits for its result: by code where both have one, else by name. null: there is none.
 * Whoever orders holds the chart's lock, so that two at once see each other.
 */
export const findOpenTest = (
  tx: TenantTx,
  patientId: number,
  { test_name, code }: { test_name: string; code?: string | null },
): Promise<number | null> =>
  tx.maybeOneFirst(sql.type(OpenTest)`
    SELECT id FROM lab_tests
    WHERE patient_id = ${patientId} AND status IN ('ordered', 'collected') AND CASE
      WHEN code IS NOT NULL AND ${code ?? null}::text IS NOT NULL THEN code = ${code ?? null}
      ELSE lower(btrim(test_name)) = lower(btrim(${test_name})) END
    ORDER BY id DESC LIMIT 1`)

/** Who did the step, and why. */
export const insertStep = (tx: TenantTx, id: number, step: Static<typeof LabStep>, at: string, reason: string | null) =>
  steps.insert(tx, { lab_test_id: id, step, actor_id: actor(tx), at, reason })

type Entry = Pick<Static<typeof StoredVersion>, 'number' | 'results' | 'notes' | 'reason'>

/** What was entered each time; kept as it was. */
export const insertResultVersion = (tx: TenantTx, id: number, entry: Entry, at: string) =>
  resultVersions.insert(tx, { ...entry, lab_test_id: id, entered_by: actor(tx), entered_at: at })

const Entered = Type.Object({ entered: Type.Boolean() })

/** Has this person entered any part of the results, or a correction? */
export const hasEntered = (tx: TenantTx, id: number, userId: number): Promise<boolean> =>
  tx.oneFirst(sql.type(Entered)`
    SELECT EXISTS (SELECT FROM lab_result_versions WHERE lab_test_id = ${id} AND entered_by = ${userId}) AS entered`)

const Person = Type.Object({ date_of_birth: Type.String(), sex: PatientSex, is_pregnant: Type.Boolean() })

/**
 * What reference ranges depend on at an instant. A pregnancy that nobody ended counts until three weeks after the delivery that
 * was, or may be, expected: its wider limits must not outlast it.
 */
export const getPerson = (tx: TenantTx, patientId: number, at: string) =>
  tx.one(sql.type(Person)`
    SELECT date_of_birth, sex, EXISTS (
      SELECT FROM patient_states s
      WHERE s.patient_id = p.id AND s.state = 'pregnant' AND s.status = 'recorded'
        AND ${at.slice(0, 10)}::date BETWEEN s.from_date
          AND coalesce(s.until_date, coalesce(s.expected_delivery, s.from_date + 280) + 21)
    ) AS is_pregnant
    FROM patients p WHERE id = ${patientId}`)
