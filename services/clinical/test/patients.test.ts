import { createHash } from 'node:crypto'
import { calendarDate, isCalendarDate } from '@hospital/contracts'
import { sql, type TenantTx } from '@hospital/database'
import { dates } from '@hospital/testing'
import fc from 'fast-check'
import t from 'tap'
import { sexOf, sexWords } from '../src/lab-reference-ranges/sex-rules.ts'
import { findDuplicates } from '../src/patients/duplicate-queries.ts'
import { nearDates, swappedDate } from '../src/patients/duplicate-rules.ts'
import { listPatients } from '../src/patients/queries.ts'
import { searchPatients } from '../src/patients/search-queries.ts'
import { admin, doctor, receptionist, startClinicalApp, technician } from './clinical-app.ts'

const app = await startClinicalApp()
t.teardown(() => app.stop())

const jane = { first_name: 'Jane', last_name: 'Smith', date_of_birth: '1990-07-22' }
const register = (fields: object, query = '') => app.post(receptionist, `/api/patients${query}`, { ...jane, ...fields })
const find = async (q: string, more = '') =>
  (await app.get(receptionist, `/api/patients?q=${encodeURIComponent(q)}${more}`)).body.data

t.test('registration', async (t) => {
  const { status, body, headers } = await register({
    patient_number: 'P001',
    phone: '555-0102',
    email: 'Jane@Example.org',
  })
  t.equal(status, 201)
  t.equal(headers.etag, '"1"')
  t.match(body, {
    ...jane,
    patient_number: 'P001',
    status: 'active',
    deceased_date: null,
    merged_into: null,
    version: 1,
  })
  t.notOk('allergies' in body, 'the front desk sees no clinical text')
  t.match((await app.events('patient', body.id))[0], {
    type: 'hospital.clinical.patient.created.v1',
    data: { patient_number: 'P001' },
  })

  await t.test('refusals', async (t) => {
    const other = { first_name: 'Otto', last_name: 'Else', date_of_birth: '1960-01-02' }
    t.match(await register({ ...other, patient_number: 'P001' }), {
      status: 409,
      body: { code: 'patient-number-taken' },
    })
    t.match(await register({ ...other, nickname: 'O' }), { status: 400, body: { errors: [{ pointer: '/nickname' }] } })
    t.match(await register({ ...other, status: 'deceased' }), {
      status: 400,
      body: { errors: [{ pointer: '/status' }] },
    })
    t.match(await register({ ...other, date_of_birth: '1985-02-30' }), {
      status: 400,
      body: { errors: [{ pointer: '/date_of_birth' }] },
    })
    t.match(await register({ ...other, first_name: ' ' }), {
      status: 400,
      body: { errors: [{ pointer: '/first_name' }] },
    })
    t.match(await register({ ...other, date_of_birth: '2190-01-01' }), {
      status: 422,
      body: { code: 'validation-failed', errors: [{ pointer: '/date_of_birth' }] },
    })
    t.equal((await app.post(technician, '/api/patients', other)).status, 403)
  })

  await t.test('somebody who may be here already', async (t) => {
    const duplicates: [object, string][] = [
      [{}, 'same birth date'],
      [{ first_name: 'Jayne', last_name: 'Smyth' }, 'same sound'],
      [{ first_name: 'jané', last_name: 'SMITH' }, 'same name'],
      [{ first_name: 'Smith', last_name: 'Jane' }, 'names swapped'],
      [{ date_of_birth: '1990-07-12' }, 'birth date one digit off'],
      [{ date_of_birth: '1955-01-01', phone: '(555) 0102' }, 'same phone'],
      [{ date_of_birth: '1955-01-01', email: 'jane@EXAMPLE.org' }, 'same e-mail'],
    ]
    for (const [fields, reason] of duplicates) {
      const refused = await register(fields)
      t.match(
        refused,
        { status: 409, body: { code: 'possible-duplicate', candidates: [{ id: body.id, patient_number: 'P001' }] } },
        reason,
      )
      t.ok(refused.body.candidates[0].reasons.includes(reason), `says ${reason}: ${refused.body.candidates[0].reasons}`)
    }
    t.equal((await register({ first_name: 'Mary' })).status, 201, 'a twin is somebody else')
    t.equal((await register({ date_of_birth: '1955-01-01' })).status, 201, 'so is a namesake')
    t.equal((await register({}, '?allow_duplicate=true')).status, 201, 'and whoever the front desk says')
    const march = { first_name: 'Ali', last_name: 'Vural', date_of_birth: '1971-03-04' }
    t.equal((await register(march)).status, 201)
    const april = await register({ ...march, date_of_birth: '1971-04-03' })
    t.match(april.body.candidates[0].reasons, ['same name', 'day and month swapped'])
  })

  await t.test('two clicks make one patient', async (t) => {
    const twice = await Promise.all([1, 2, 3].map(() => register({ first_name: 'Double', last_name: 'Click' })))
    t.same(twice.map(({ status }) => status).sort(), [201, 409, 409])
  })

  await t.test('numbers that are made are all different', async (t) => {
    t.equal((await register({ first_name: 'By', last_name: 'Hand', patient_number: 'P-000010' })).status, 201)
    const made = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        register(
          { first_name: `Nr${i}`, last_name: `Many${i}`, date_of_birth: `19${60 + i}-05-06` },
          '?allow_duplicate=true',
        ),
      ),
    )
    const numbers = made.map((answer) => answer.body.patient_number)
    t.equal(new Set(numbers).size, 20)
    t.ok(
      numbers.every((number) => /^P-\d{6}$/.test(number) && number !== 'P-000010'),
      numbers.join(),
    )
  })

  await t.test('born on any day of the last 120 years, leap days too', async (t) => {
    const thisYear = new Date().getUTCFullYear()
    const drawn = fc.sample(dates.days, { numRuns: 100, seed: 7 }).filter((day) => day > '1850-01-01')
    const years = Array.from({ length: 120 }, (_, i) => thisYear - 1 - i)
    const births = years.flatMap((year) => [calendarDate(year, 2, 29), calendarDate(year, 5, 17)])
    const today = new Date().toISOString().slice(0, 10)
    // Letters without a pattern: nobody is like anybody.
    const word = (i: number, part: string) =>
      createHash('sha256').update(`${part}${i}`).digest('hex').replace(/\d/g, '').slice(0, 9)
    for (const [i, born] of [...new Set([...births, ...drawn])].entries()) {
      if (born === null || born > today) continue
      const answer = await register({ first_name: word(i, 'a'), last_name: word(i, 'b'), date_of_birth: born })
      t.match(answer, { status: 201, body: { date_of_birth: born } }, born)
    }
  })

  await t.test('a slip of the finger is looked for among days that exist', async (t) => {
    fc.assert(
      fc.property(dates.days, (day) => {
        const near = [...nearDates(day), swappedDate(day)].filter((date) => date !== null)
        return near.every((date) => isCalendarDate(date) && date !== day)
      }),
    )
    t.same(
      nearDates('2000-05-17').filter((date) => date < '0001-01-01'),
      [],
    )
  })
})

t.test('search', async (t) => {
  const people = [
    ['S1', 'José', 'Núñez-O’Brien', '1985-03-15', '+44 20 7946 0991', 'jose@example.org'],
    ['S2', 'Josefa', 'Nunez', '1985-03-15', null, null],
    ['S3', 'Katarzyna', 'Wiśniewska', '1970-12-01', '555-777-1234', null],
    ['S4', 'Ann', 'Lee', '2001-01-01', null, null],
    ['S5', 'Anna', 'Leeson', '2001-01-02', null, null],
    ['S6', 'Mary Ann', 'Lee', '2001-01-03', null, null],
  ] as const
  for (const [patient_number, first_name, last_name, date_of_birth, phone, email] of people) {
    const made = await app.post(receptionist, '/api/patients?allow_duplicate=true', {
      patient_number,
      first_name,
      last_name,
      date_of_birth,
      phone,
      email,
    })
    t.equal(made.status, 201)
  }
  const finds: [string, string[]][] = [
    ['jose nunez', ['S1', 'S2']],
    ['nunez jose', ['S1', 'S2']],
    ['NÚÑEZ', ['S2', 'S1'].sort()],
    ["o'brien", ['S1']],
    ['obrian', ['S1']],
    ['wisniewska', ['S3']],
    ['wisnewska katarzina', ['S3']],
    ['niewsk', ['S3']],
    ['kat wis', ['S3']],
    ['s3', ['S3']],
    ['S3', ['S3']],
    ['0991', ['S1']],
    ['7946 0991', ['S1']],
    ['1234', ['S3']],
    ['jose@example.org', ['S1']],
    ['JOSE@EX', ['S1']],
    ['1985-03-15', ['S2', 'S1'].sort()],
    ['15/03/1985', ['S2', 'S1'].sort()],
    ['15 mar 1985', ['S2', 'S1'].sort()],
    ['1985-03-15 jose', ['S1', 'S2']],
    ['1970-12-01 jose', []],
    ['ann lee', ['S4', 'S6', 'S5']],
    ['100%', []],
    ['01/01/0000', []],
    ['0000-05-17', []],
    ['_', []],
    ["' OR 1=1 --", []],
  ]
  for (const [typed, expected] of finds) {
    const numbers = (await find(typed)).map((p: { patient_number: string }) => p.patient_number)
    const ordered = typed === 'jose nunez' || typed.startsWith('ann') ? numbers : [...numbers].sort()
    t.same(ordered, typed.startsWith('ann') ? expected : [...expected], `${typed} → ${expected}`)
  }
  t.same((await find('S4', '&status=inactive')).length, 0)
  t.same((await find('lee', '&status=active')).length, 3)

  await t.test('pages neither skip nor repeat while patients arrive', async (t) => {
    const seen: number[] = []
    for (let cursor = '', page = 0; page < 20; page++) {
      const { body } = await app.get(receptionist, `/api/patients?q=many&limit=3${cursor}`)
      seen.push(...body.data.map((p: { id: number }) => p.id))
      await register(
        { first_name: 'Aaa', last_name: `Many${page}`, date_of_birth: '1999-01-01' },
        '?allow_duplicate=true',
      )
      if (body.page.next_cursor === null) break
      cursor = `&cursor=${body.page.next_cursor}`
    }
    t.equal(new Set(seen).size, seen.length)
    t.ok(seen.length >= 20)
    const [first, second] = (await app.get(receptionist, '/api/patients?limit=2')).body.data
    const named = await app.get(receptionist, `/api/patients?ids=${second.id},${first.id},999999999`)
    t.same(
      named.body.data.map(({ id }: { id: number }) => id),
      [first.id, second.id],
      'those of the list, in its order',
    )
    t.equal((await app.get(receptionist, '/api/patients?ids=1,x')).status, 400)
    t.equal((await app.get(receptionist, `/api/patients?ids=${first.id}&q=nobody`)).body.data.length, 0)
    t.equal(
      (await app.get(receptionist, `/api/patients?ids=${first.id}&q=${first.patient_number}`)).body.data.length,
      1,
    )
    t.match(await app.get(receptionist, '/api/patients?q=lee&cursor=abc'), {
      status: 400,
      body: { code: 'invalid-cursor' },
    })
  })

  await t.test('the plain list is by name', async (t) => {
    const names: string[] = []
    for (let cursor = ''; ; ) {
      const { body } = await app.get(receptionist, `/api/patients?limit=10${cursor}`)
      names.push(...body.data.map((p: { last_name: string }) => p.last_name))
      if (body.page.next_cursor === null) break
      cursor = `&cursor=${body.page.next_cursor}`
    }
    t.same(
      names,
      [...names].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)),
    )
  })
})

t.test('change and archive', async (t) => {
  const { body: made } = await register({ first_name: 'Carl', last_name: 'Change', medical_history: 'Asthma' })
  const url = `/api/patients/${made.id}`
  const change = (version: number, patch: object) => app.patch(doctor, url, version, patch)
  t.equal((await app.call(doctor, 'PATCH', url, { phone: '1' })).status, 428)
  t.match(await change(9, { phone: '1' }), { status: 412, body: { current_version: 1 } })
  t.match(await change(1, { phone: '555-9', email: null }), {
    status: 200,
    headers: { etag: '"2"' },
    body: { phone: '555-9', email: null, medical_history: 'Asthma' },
  })
  t.match((await app.events('patient', made.id)).at(-1), {
    type: 'hospital.clinical.patient.updated.v1',
    data: { version: 2 },
  })
  t.match(
    await app.patch(receptionist, url, 2, { allergies: 'none' }),
    { status: 403 },
    'what is not read is not overwritten',
  )
  t.match(await change(2, { first_name: null }), { status: 400, body: { errors: [{ pointer: '/first_name' }] } })
  t.match(await change(2, { version: 7 }), { status: 400, body: { errors: [{ pointer: '/version' }] } })
  t.match(await change(2, { patient_number: 'P001' }), { status: 409, body: { code: 'patient-number-taken' } })
  t.match(await change(2, { status: 'deceased' }), { status: 422, body: { errors: [{ pointer: '/deceased_date' }] } })
  t.match(await change(2, { deceased_date: '2020-01-01' }), {
    status: 422,
    body: { errors: [{ pointer: '/deceased_date' }] },
  })
  t.match(await change(2, { status: 'deceased', deceased_date: '1980-01-01' }), {
    status: 422,
    body: { errors: [{ detail: 'is before the birth' }] },
  })
  t.match(await change(2, { status: 'deceased', deceased_date: '2020-01-01' }), {
    status: 200,
    body: { status: 'deceased', deceased_date: '2020-01-01' },
  })
  t.match(await change(3, { status: 'active' }), { status: 200, body: { status: 'active', deceased_date: null } })
  t.match(await app.call(receptionist, 'DELETE', url), { status: 200, body: { status: 'inactive', version: 5 } })
  t.match(await app.call(receptionist, 'DELETE', url), { status: 200, body: { version: 5 } }, 'once is enough')
  t.equal((await app.get(receptionist, url)).body.status, 'inactive', 'nothing is deleted')
  t.equal((await app.call({ ...doctor, tenant: 'hospital_b' }, 'GET', url)).status, 404, 'another hospital')
  t.equal((await app.get(doctor, '/api/patients/2147483647')).status, 404)
  t.equal((await app.call({ ...admin, tenant: 'hospital_b' }, 'DELETE', url)).status, 404)
})

t.test('the sex follows from the gender as it was typed, and those whose it is not are on a list', async (t) => {
  const words = [
    ...Object.values(sexWords).flat(),
    '',
    'prefer not to say',
    'M.',
    ' Frau ',
    'MÄDCHEN',
    'МУЖСКОЙ',
    'Garçon',
  ]
  for (const word of words) {
    const [row] = await app.db.query<{ sex: string }>('SELECT hospital_a.sex_of($1) AS sex', [word])
    t.equal(row?.sex, sexOf(word), word)
  }
  const family = 'Sexton'
  const people = ['Weiblich', 'm', 'X', 'apache', null]
  const made = []
  for (const [i, gender] of people.entries())
    made.push(
      (await register({ first_name: `Kim${i}`, last_name: family, gender, date_of_birth: `19${50 + i}-01-0${i + 1}` }))
        .body,
    )
  t.same(
    made.map(({ sex }) => sex),
    ['female', 'male', 'other', 'unknown', 'unknown'],
  )
  t.equal((await register({ last_name: 'Given', sex: 'male' })).status, 400, 'read-only')
  const listed = await app.get(receptionist, '/api/patients?sex=unknown&limit=100')
  const ours = listed.body.data.filter(({ last_name }: { last_name: string }) => last_name === family)
  t.same(
    ours.map(({ gender }: { gender: string | null }) => gender),
    ['apache', null],
  )
  t.equal((await find('sexton', '&sex=other')).length, 1)
  const url = `/api/patients/${made[3].id}`
  t.match(await app.patch(receptionist, url, 1, { gender: 'Mann' }), { status: 200, body: { sex: 'male' } })
  t.equal((await app.get(receptionist, '/api/patients?sex=none')).status, 400)
})

t.test('searching and listing use indexes on a filled table', async (t) => {
  await app.db.query(`INSERT INTO hospital_a.patients (patient_number, first_name, last_name, date_of_birth, phone, email)
    SELECT 'X' || n, 'First' || n % 997, 'Last' || n % 4999, date '1930-01-01' + n % 30000, '555' || n, n || '@example.org' FROM generate_series(1, 20000) n`)
  await app.db.query('ANALYZE hospital_a.patients')
  const context = { tenantId: 'hospital_a', userId: 1, requestId: 'explain' }
  const plansOf = (work: (tx: TenantTx) => Promise<unknown>) =>
    app.database.inTenant(context, async (tx) => {
      const explained: string[] = []
      const any = async (query: Parameters<typeof tx.any>[0]) => {
        const rows = await tx.any(sql.unsafe`EXPLAIN ${query}`)
        explained.push(rows.map((row) => Object.values(row as object)[0]).join('\n'))
        return tx.any(query)
      }
      await work({ ...tx, any: any as typeof tx.any })
      return explained.join('\n')
    })
  const work: Record<string, (tx: TenantTx) => Promise<unknown>> = {
    list: (tx) => listPatients(tx, { status: undefined, limit: 25, after: null }),
    'list by status': (tx) => listPatients(tx, { status: 'inactive', limit: 25, after: null }),
    'next page': (tx) => listPatients(tx, { status: undefined, limit: 25, after: ['Last4', 'First', 5] }),
    duplicates: (tx) => findDuplicates(tx, { ...jane, phone: '555-7', email: 'a@example.org' }),
    'duplicates by name and birth date': (tx) => findDuplicates(tx, jane),
  }
  for (const q of ['last4242 first17', 'X123', '55512', '12@example.org', '1985-03-15', 'lst4242', 'st424']) {
    work[`search ${q}`] = (tx) => searchPatients(tx, { q, status: undefined, limit: 25, after: null })
  }
  for (const [what, run] of Object.entries(work)) {
    const plans = await plansOf(run)
    t.match(plans, /Index/, what)
    t.notMatch(plans, /Seq Scan on patients/, what)
  }
})
