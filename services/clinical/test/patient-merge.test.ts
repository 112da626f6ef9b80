import { sql, type TenantTx } from '@hospital/database'
import { provePatientUniques } from '@hospital/testing'
import { Type } from '@sinclair/typebox'
import t from 'tap'
import { admin, doctor, otherDoctor, receptionist, startClinicalApp, technician } from './clinical-app.ts'

const app = await startClinicalApp()
t.teardown(() => app.stop())
const { db, newPatient, get, post, decide } = app

const merge = (survivor: number, duplicate: number, headers?: Record<string, string>) =>
  post(admin, `/api/patients/${survivor}/merge`, { duplicate_id: duplicate, reason: 'the same person' }, headers)
const unmerge = (survivor: number, duplicate: number) =>
  post(admin, `/api/patients/${survivor}/unmerge`, { duplicate_id: duplicate, reason: 'two people after all' })

t.test('every table that refers to patients is known to the merge', async (t) => {
  const references = await db.query<{ name: string }>(`
    SELECT r.relname || '.' || a.attname AS name
    FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid
      JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey)
    WHERE c.contype = 'f' AND c.confrelid = 'hospital_a.patients'::regclass`)
  // Who is merged into whom is what a merge writes; it does not move.
  const own = ['patients.merged_into', 'patient_merges.survivor_id', 'patient_merges.duplicate_id']
  const moved = references
    .map(({ name }) => name)
    .filter((name) => !own.includes(name))
    .sort()
  const [row] = await db.query<{ known: string[] }>('SELECT hospital_a.patient_tables() AS known')
  t.same(
    moved,
    row?.known.map((name) => `${name}.patient_id`).sort(),
    'add the new table to patient_tables() in a migration',
  )
  const triggers = await db.query<{ name: string }>(`
    SELECT c.relname AS name FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid
    WHERE c.relnamespace = 'hospital_a'::regnamespace AND g.tgname = c.relname || '_follow_merge' ORDER BY 1`)
  t.same(
    triggers.map(({ name }) => name),
    row?.known,
    'and give it the trigger that follows merges',
  )
})

t.test('merge and unmerge through the interface', async (t) => {
  const [survivor, duplicate] = [
    await newPatient({ allergies: null }),
    await newPatient({ born: '1985-03-16', allergies: null }),
  ]
  const write = async (patient: number, word: string) => {
    const record = await post(doctor, '/api/medical-records', { patient_id: patient, chief_complaint: word })
    const prescription = await decide(doctor, '/api/prescriptions', {
      patient_id: patient,
      medication_name: `Drug ${word}`,
      quantity: 10,
    })
    const lab = await post(doctor, '/api/lab-tests', { patient_id: patient, test_name: `Test ${word}` })
    const allergy = await post(doctor, `/api/patients/${patient}/allergies`, {
      substance: `Dust ${word}`,
      severity: 'mild',
    })
    for (const made of [record, prescription, lab, allergy]) t.equal(made.status, 201, JSON.stringify(made.body))
    return { record: record.body.id, prescription: prescription.body.id, lab: lab.body.id, allergy: allergy.body.id }
  }
  const before = await write(duplicate, 'before')
  const kept = await write(survivor, 'kept')
  t.equal((await post(doctor, `/api/medical-records/${before.record}/sign`)).status, 200, 'a signed record moves too')
  await app.patch(doctor, `/api/patients/${duplicate}`, 1, { allergies: 'Nuts' })

  t.match(await merge(survivor, duplicate), {
    status: 200,
    headers: { etag: '"2"' },
    body: { id: survivor, allergies: 'Nuts' },
  })
  const during = await write(duplicate, 'during')
  const since = await write(survivor, 'since')
  t.equal(
    (await post(doctor, `/api/medical-records/${before.record}/addenda`, { text: 'more', reason: 'late' })).status,
    201,
  )
  const revised = await decide(doctor, `/api/prescriptions/${before.prescription}/revise`, { dosage: '2' })
  t.ok(revised.status < 300, JSON.stringify(revised.body))

  const idsOf = async (patient: number) => {
    const list = async (who: typeof doctor, url: string) =>
      (await get(who, url)).body.data.map((row: { id: number }) => row.id).sort()
    return {
      records: await list(doctor, `/api/medical-records?patient_id=${patient}`),
      prescriptions: await list(doctor, `/api/prescriptions?patient_id=${patient}`),
      labs: await list(technician, `/api/lab-tests?patient_id=${patient}`),
      allergies: await list(doctor, `/api/patients/${patient}/allergies`),
    }
  }
  const together = await idsOf(survivor)
  t.same(await idsOf(duplicate), together, 'both ids find the same')
  t.same(together.records, [before, kept, during, since].map(({ record }) => record).sort())
  t.match(await get(receptionist, `/api/patients/${duplicate}`), {
    status: 200,
    body: { merged_into: survivor, status: 'inactive' },
  })
  t.equal((await get(doctor, `/api/medical-records/${before.record}`)).body.patient_id, survivor)
  const events = await app.events('patient', duplicate)
  t.match(events.at(-1), {
    type: 'hospital.clinical.patient.updated.v1',
    data: { merged_into: survivor, status: 'inactive' },
  })
  t.match(await app.patch(doctor, `/api/patients/${duplicate}`, 3, { phone: '1' }), {
    status: 409,
    body: { code: 'already-merged', merged_into: survivor },
  })
  t.match(await app.call(receptionist, 'DELETE', `/api/patients/${duplicate}`), {
    status: 409,
    body: { code: 'already-merged' },
  })
  const [listed] = (await get(admin, `/api/patients/${survivor}/merges`)).body.data
  t.match(listed, { survivor_id: survivor, duplicate_id: duplicate, merged_by: admin.userId, unmerged_at: null })

  t.equal((await unmerge(survivor, duplicate)).status, 200)
  const apart = { mine: await idsOf(survivor), theirs: await idsOf(duplicate) }
  t.same(apart.theirs.records, [before.record, during.record].sort())
  t.same(
    apart.theirs.prescriptions,
    [before.prescription, during.prescription, revised.body.id].sort(),
    'the revision goes with what it revises',
  )
  t.same(apart.theirs.labs, [before.lab, during.lab].sort())
  t.same(apart.theirs.allergies, [before.allergy, during.allergy].sort())
  t.same(apart.mine.records, [kept.record, since.record].sort())
  t.same(apart.mine.prescriptions, [kept.prescription, since.prescription].sort())
  t.match(await get(doctor, `/api/patients/${duplicate}`), {
    body: { status: 'active', merged_into: null, allergies: 'Nuts' },
  })
  t.equal((await get(doctor, `/api/patients/${survivor}`)).body.allergies, null)
  t.match((await app.events('patient', duplicate)).at(-1), { data: { merged_into: null, status: 'active' } })
})

t.test('refusals', async (t) => {
  const [a, b, c, archived] = [
    await newPatient(),
    await newPatient(),
    await newPatient(),
    await newPatient({ status: 'inactive' }),
  ]
  t.match(await merge(a, a), { status: 422, body: { errors: [{ pointer: '/duplicate_id' }] } })
  t.match(await merge(a, 999_999), { status: 422, body: { code: 'unknown-reference' } })
  t.equal((await merge(999_999, a)).status, 404)
  t.match(await merge(archived, a), { status: 409, body: { code: 'patient-archived' } })
  t.equal((await post(doctor, `/api/patients/${a}/merge`, { duplicate_id: b, reason: 'x' })).status, 403)
  t.equal(
    (await post({ ...admin, tenant: 'hospital_b' }, `/api/patients/${a}/merge`, { duplicate_id: b, reason: 'x' }))
      .status,
    404,
  )
  t.match(await post(admin, `/api/patients/${a}/merge`, { duplicate_id: b }), {
    status: 400,
    body: { errors: [{ pointer: '/reason' }] },
  })
  t.match(await merge(a, b, { 'if-match': '"7"' }), { status: 412, body: { current_version: 1 } })
  t.match(await unmerge(a, b), { status: 409, body: { code: 'already-merged' } }, 'never merged')
  t.equal((await merge(a, b, { 'if-match': '"1"' })).status, 200)
  t.match(await merge(a, b), { status: 409, body: { code: 'already-merged' } }, 'twice')
  t.match(await merge(c, b), { status: 409, body: { merged_into: a } })
  t.match(await merge(b, c), { status: 409, body: { merged_into: a } }, 'into one that is gone')
  t.equal((await merge(c, a)).status, 200, 'a survivor can be a duplicate itself')
  t.match(await unmerge(a, b), { status: 409, body: { merged_into: c } }, 'from the top down')
  t.match(await unmerge(c, b), { status: 409 }, 'b was merged into a, not into c')
  t.match(await unmerge(c, 999_999), { status: 422 })
  t.equal((await unmerge(c, a)).status, 200)
  t.equal((await unmerge(a, b)).status, 200)
  const other = await newPatient()
  const race = await Promise.all([merge(a, other), merge(b, other), merge(c, other), merge(other, a)])
  t.equal(
    race.filter(({ status }) => status === 200).length,
    1,
    `one of many at once: ${race.map(({ status }) => status)}`,
  )
})

/** mulberry32: the same run for the same seed. */
function seeded(seed: number) {
  let state = seed
  return (below: number) => {
    state = (state + 0x6d2b79f5) | 0
    let x = Math.imul(state ^ (state >>> 15), 1 | state)
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x
    return ((x ^ (x >>> 14)) >>> 0) % below
  }
}

const inserts = {
  allergies: (p: number) => sql.fragment`(patient_id, substance) VALUES (${p}, 'x')`,
  allergy_attestations: (p: number) => sql.fragment`(patient_id) VALUES (${p})`,
  medical_records: (p: number) => sql.fragment`(patient_id, doctor_id) VALUES (${p}, 11)`,
  prescriptions: (p: number) => sql.fragment`(patient_id, doctor_id, medication_name) VALUES (${p}, 11, 'x')`,
  lab_tests: (p: number) => sql.fragment`(patient_id, ordered_by, test_name) VALUES (${p}, 11, 'x')`,
  break_glass_accesses: (p: number) =>
    sql.fragment`(patient_id, user_id, reason, expires_at) VALUES (${p}, 11, 'x', now())`,
  care_assignments: (p: number) =>
    sql.fragment`(patient_id, user_id, created_by, ended_at) VALUES (${p}, 11, 1, now())`,
} as const
const tables = Object.keys(inserts) as (keyof typeof inserts)[]

const Content = Type.Object({
  table_name: Type.String(),
  id: Type.Integer(),
  patient_id: Type.Integer(),
  content: Type.String(),
})
/** Every row of every patient table, its patient apart from everything else it says. */
const contents = (tx: TenantTx) =>
  tx.any(
    sql.type(Content)`${sql.join(
      [...tables, 'alerts'].map(
        (name) => sql.fragment`
      SELECT ${name} AS table_name, id, patient_id, md5((to_jsonb(x) - 'patient_id')::text) AS content FROM ${sql.identifier([name])} x`,
      ),
      sql.fragment` UNION ALL `,
    )}`,
  )

t.test('whatever is merged, written and parted: every row is where its own patient is', async (t) => {
  const context = { tenantId: 'hospital_a', userId: 1, requestId: 'property' }
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    const random = seeded(seed)
    const patients: number[] = []
    for (let i = 0; i < 5; i++) patients.push(await newPatient())
    const parent = new Map<number, number>()
    const survivorOf = (id: number): number => (parent.has(id) ? survivorOf(parent.get(id) as number) : id)
    const home = new Map<string, number>()
    const first = new Map<string, string>()
    let merges = 0
    const any = () => patients[random(patients.length)] as number

    const write = () =>
      app.database.inTenant(context, async (tx) => {
        const [name, patient] = [tables[random(tables.length)] as keyof typeof inserts, any()]
        const row = await tx.one(
          sql.type(
            Type.Object({ id: Type.Integer() }),
          )`INSERT INTO ${sql.identifier([name])} ${inserts[name](patient)} RETURNING id`,
        )
        home.set(`${name} ${row.id}`, patient)
      })
    const check = () =>
      app.database.inTenant(context, async (tx) => {
        for (const row of await contents(tx)) {
          const key = `${row.table_name} ${row.id}`
          const owner = home.get(key)
          if (owner === undefined) continue
          if (survivorOf(owner) !== row.patient_id) t.fail(`${key} of ${owner} is with ${row.patient_id}, seed ${seed}`)
          // The trigger of allergies ends attestations of the same chart; nothing else may change.
          if (row.table_name === 'allergy_attestations') continue
          if (first.get(key) !== undefined && first.get(key) !== row.content) t.fail(`${key} changed, seed ${seed}`)
          first.set(key, row.content)
        }
      })

    const patientsBefore = await db.query(
      'SELECT id, status, merged_into, allergies, deceased_date FROM hospital_a.patients ORDER BY id',
    )
    for (let step = 0; step < 50; step++) {
      const [a, b, what] = [any(), any(), random(4)]
      if (what < 2) await write()
      else if (what === 2 && !parent.has(a) && !parent.has(b) && a !== b) {
        t.equal((await merge(a, b)).status, 200)
        parent.set(b, a)
        merges++
      } else if (what === 3 && parent.has(a) && !parent.has(parent.get(a) as number)) {
        t.equal((await unmerge(parent.get(a) as number, a)).status, 200)
        parent.delete(a)
      }
      await check()
    }
    while (parent.size > 0) {
      for (const [duplicate, survivor] of parent) {
        if (parent.has(survivor)) continue
        t.equal((await unmerge(survivor, duplicate)).status, 200)
        parent.delete(duplicate)
      }
    }
    await check()
    t.ok(home.size > 10 && merges > 1, `${home.size} rows, ${merges} merges, seed ${seed}`)
    t.same(
      await db.query('SELECT id, status, merged_into, allergies, deceased_date FROM hospital_a.patients ORDER BY id'),
      patientsBefore,
      'the patients are as they were',
    )
  }
})

t.test('rows written while a merge runs are never left behind', async (t) => {
  const [survivor, duplicate] = [await newPatient(), await newPatient()]
  const work = Array.from(
    { length: 24 },
    (_, i) => () =>
      i === 8
        ? merge(survivor, duplicate)
        : post(otherDoctor, '/api/medical-records', { patient_id: duplicate, chief_complaint: `n${i}` }),
  )
  const answers = await Promise.all(work.map((act) => act()))
  t.same([...new Set(answers.map(({ status }) => status))].sort(), [200, 201])
  const left = await db.query('SELECT id FROM hospital_a.medical_records WHERE patient_id = $1', [duplicate])
  t.same(left, [])
  t.equal((await unmerge(survivor, duplicate)).status, 200)
  t.equal((await db.query('SELECT id FROM hospital_a.medical_records WHERE patient_id = $1', [duplicate])).length, 23)
})

t.test('one person assigned to both charts is assigned once to the merged one, and to both afterwards', async (t) => {
  const [survivor, duplicate] = [await newPatient(), await newPatient()]
  for (const patient of [survivor, duplicate]) {
    await db.query('INSERT INTO hospital_a.care_assignments (patient_id, user_id, created_by) VALUES ($1, 21, 1)', [
      patient,
    ])
  }
  const live = (patient: number) =>
    db.query('SELECT user_id FROM hospital_a.care_assignments WHERE patient_id = $1 AND ended_at IS NULL', [patient])
  t.equal((await merge(survivor, duplicate)).status, 200)
  t.same(await live(survivor), [{ user_id: 21 }])
  t.equal((await unmerge(survivor, duplicate)).status, 200)
  t.same([await live(survivor), await live(duplicate)], [[{ user_id: 21 }], [{ user_id: 21 }]])
})

t.test('what a patient has once does not stop a merge of two who both have it', async (t) => {
  const done = async (answer: ReturnType<typeof merge>) => {
    const { status, body } = await answer
    t.equal(status, 200, JSON.stringify(body))
  }
  await provePatientUniques(t, {
    query: db.query,
    tenant: 'hospital_a',
    newPatient,
    merge: (survivor, duplicate) => done(merge(survivor, duplicate)),
    unmerge: (survivor, duplicate) => done(unmerge(survivor, duplicate)),
    cases: {
      care_assignments_live_key: {
        table: 'care_assignments',
        plant: (patient) =>
          db.query('INSERT INTO hospital_a.care_assignments (patient_id, user_id, created_by) VALUES ($1, 21, 1)', [
            patient,
          ]),
        ask: async (patient) => (await post(admin, `/api/patients/${patient}/care-team`, { user_id: 21 })).status,
      },
      patient_states_one_open: {
        table: 'patient_states',
        plant: (patient) =>
          db.query(
            `INSERT INTO hospital_a.patient_states (patient_id, state, from_date) VALUES ($1, 'pregnant', current_date)`,
            [patient],
          ),
        ask: async (patient) => (await post(doctor, `/api/patients/${patient}/states`, { state: 'pregnant' })).status,
      },
    },
  })
})
