import type { Test } from 'tap'

/** One UNIQUE or EXCLUDE that holds `patient_id`, and how two patients come to have rows that may not be one patient's. */
interface UniqueCase {
  table: string
  /** Inserts the row that each patient may have once; answers nothing. */
  plant(patientId: number): Promise<unknown>
  /** Asks for the same by the front door; answers the status. */
  ask(patientId: number): Promise<number>
}

interface MergingSubject {
  /** As the owner of the database. */
  query<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>
  /** Its schema. */
  tenant: string
  newPatient(): Promise<number>
  /** Both fail where a merge does not come to its end. */
  merge(survivor: number, duplicate: number): Promise<unknown>
  unmerge(survivor: number, duplicate: number): Promise<unknown>
  /** By the name of the index. */
  cases: Readonly<Record<string, UniqueCase>>
}

/** The names of all indexes of a tenant's tables that keep a second row of one patient away. */
async function findUniques({ query, tenant }: MergingSubject): Promise<string[]> {
  const rows = await query<{ name: string }>(
    `SELECT i.relname AS name FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class r ON r.oid = x.indrelid
       JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attname = 'patient_id' AND a.attnum = ANY (x.indkey::int2[])
     WHERE r.relnamespace = $1::regnamespace AND (x.indisunique OR x.indisexclusion) ORDER BY 1`,
    [tenant],
  )
  return rows.map(({ name }) => name)
}

/**
 * Two patients who are merged may each have what one patient has once. Every index that says so, found in the catalogue,
 * is tried: the merge comes to its end, so does a second merge on top, and undoing both puts each row where it was.
 */
export async function provePatientUniques(t: Test, subject: MergingSubject): Promise<void> {
  t.same(
    await findUniques(subject),
    Object.keys(subject.cases).sort(),
    'say here how two patients collide in each, and what a merge makes of it',
  )
  for (const [name, unique] of Object.entries(subject.cases))
    await t.test(`${name} does not stop a merge`, (t) => proveUnique(t, subject, name, unique))
}

async function proveUnique(t: Test, subject: MergingSubject, name: string, unique: UniqueCase): Promise<void> {
  const patients = [await subject.newPatient(), await subject.newPatient(), await subject.newPatient()] as const
  const [survivor, duplicate, third] = patients
  const rows = () =>
    subject.query(
      `SELECT id, patient_id FROM ${subject.tenant}.${unique.table} WHERE patient_id = ANY ($1) ORDER BY id`,
      [patients],
    )
  for (const patient of patients) await unique.plant(patient)
  await t.rejects(unique.plant(survivor), new RegExp(name), 'one patient has it once')
  const before = await rows()
  t.equal(before.length, patients.length)

  const refusesAgain = async () => {
    for (const patient of patients) t.equal(await unique.ask(patient), 409, 'a second one is refused in words')
  }
  await subject.merge(survivor, duplicate)
  await refusesAgain()
  await subject.merge(third, survivor)
  await refusesAgain()
  t.equal((await rows()).length, patients.length, 'no row is lost')
  await subject.unmerge(third, survivor)
  await subject.unmerge(survivor, duplicate)
  t.same(await rows(), before, 'each is where it was')
  await subject.merge(duplicate, third)
  await refusesAgain()
  await subject.unmerge(duplicate, third)
  t.same(await rows(), before, 'and the other way round')
}
