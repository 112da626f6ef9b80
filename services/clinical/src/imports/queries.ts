import { Id } from '@hospital/contracts'
import { sql, type TenantTx } from '@hospital/database'
import { type Static, Type } from '@sinclair/typebox'

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
export type ImportedTable = (typeof tables)[number]
const Ids = Type.Object(
  Object.fromEntries(tables.map((table) => [table, Type.Array(Id)])) as Record<
    ImportedTable,
    ReturnType<typeof Type.Array<typeof Id>>
  >,
)

/** Ids for all new rows in one round trip, so that they can refer to each other before they are written. */
export function takeIds(tx: TenantTx, counts: Record<ImportedTable, number>): Promise<Static<typeof Ids>> {
  const columns = tables.map(
    (table) =>
      sql.fragment`ARRAY(SELECT nextval(${`${table}_id_seq`}::regclass) FROM generate_series(1, ${counts[table]}::int)) AS ${sql.identifier([table])}`,
  )
  return tx.one(sql.type(Ids)`SELECT ${sql.join(columns, sql.fragment`, `)}`)
}

const PatientNumber = Type.Object({ number: Type.String() })

/** A record number that somebody else has here gives way to one of ours. */
export const decideNumbers = (tx: TenantTx, wanted: readonly (string | null)[]): Promise<readonly string[]> =>
  tx.anyFirst(sql.type(PatientNumber)`
    SELECT CASE WHEN wanted IS NULL OR EXISTS (SELECT FROM patients p WHERE p.patient_number = wanted)
      THEN next_patient_number() ELSE wanted END AS number
    FROM unnest(${sql.array([...wanted], 'text')}) WITH ORDINALITY AS w (wanted, place) ORDER BY place`)

/** The first version of results and the steps to them, as if they had been entered here by nobody. */
export async function insertLabHistory(tx: TenantTx, labTestIds: readonly number[]): Promise<void> {
  const written = sql.array([...labTestIds], 'int8')
  await tx.query(sql.unsafe`
    INSERT INTO lab_result_versions (lab_test_id, number, results, notes, entered_by, entered_at)
    SELECT id, 1, results, notes, NULL, results_date FROM lab_tests WHERE id = ANY(${written})`)
  await tx.query(sql.unsafe`
    INSERT INTO lab_test_steps (lab_test_id, step, at, reason)
    SELECT id, step, CASE step WHEN 'collected' THEN sample_collected_date ELSE results_date END, 'imported'
    FROM lab_tests CROSS JOIN unnest(ARRAY['collected', 'resulted', 'verified']) WITH ORDINALITY AS s (step, place)
    WHERE id = ANY(${written}) AND (step <> 'verified' OR status = 'verified') ORDER BY id, place`)
}

/** Keeps which row each resource became. */
export function insertPlaces(tx: TenantTx, places: readonly [key: string, place: Place][]) {
  const rows = places.map(([key, { table, id }]) => [key, table, id])
  return tx.query(sql.unsafe`
    INSERT INTO imported_resources (source, table_name, row_id) SELECT * FROM ${sql.unnest(rows, ['text', 'text', 'int8'])} AS d`)
}
