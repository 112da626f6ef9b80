import t from 'tap'
import { type Answer, admin, receptionist, startScheduling } from './scheduling-system.ts'

t.setTimeout(110_000)
const system = await startScheduling()
t.teardown(() => system.stop())
const { post, patch, db } = system

const at = (day: number, clock: string) => `2031-03-${String(day).padStart(2, '0')}T${clock}:00.000Z`
const book = (fields: Record<string, unknown>, who = receptionist): Promise<Answer> =>
  post(who, '/api/appointments', { patient_id: 101, doctor_id: 11, ...fields })

t.test('the database refuses a double booking whatever the program does', async (t) => {
  const insert = (patient: number, doctorId: number) =>
    db.query(
      `INSERT INTO hospital_a.appointments (patient_id, doctor_id, appointment_date) VALUES ($1, $2, '2032-01-05T09:00Z')`,
      [patient, doctorId],
    )
  await insert(101, 11)
  await t.rejects(insert(102, 11), { code: '23P01', constraint: 'appointments_doctor_free' })
  await t.rejects(insert(101, 12), { code: '23P01', constraint: 'appointments_patient_free' })
  await t.rejects(db.query('DELETE FROM hospital_a.patients WHERE id = 101'), { code: '23001' }, 'nothing is orphaned')
})

t.test('200 requests for one slot: one booking, 199 refusals', async (t) => {
  const race = await Promise.all(
    Array.from({ length: 200 }, (_, i) =>
      book({ patient_id: 101 + (i % 50), doctor_id: 12, appointment_date: at(20, '09:00') }, admin),
    ),
  )
  const won = race.filter(({ status }) => status === 201)
  t.equal(won.length, 1)
  t.equal(
    race.filter(({ status, body }) => status === 409 && body.code === 'slot-taken' && body.alternatives.length === 3)
      .length,
    199,
  )
})

t.test('2,000 random bookings, moves and cancellations leave no overlap and no fault', async (t) => {
  let seed = 20260301
  const random = (below: number) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
    return seed % below
  }
  const known: { id: number; version: number }[] = []
  const waiting: number[] = []
  const statuses = new Map<string, number>()
  const anyTime = () =>
    `2031-04-0${1 + random(2)}T${String(8 + random(9)).padStart(2, '0')}:${String(5 * random(12)).padStart(2, '0')}:00Z`
  const turn = async () => {
    const dice = random(10)
    const chosen = known[random(Math.max(known.length, 1))]
    let answer: Answer
    if (random(10) === 0) {
      // Some wait for whatever is freed, and take what they are offered.
      const entry = waiting.length > 20 ? waiting[random(waiting.length)] : undefined
      const window = { from: '2031-04-01T00:00:00Z', to: '2031-04-03T00:00:00Z' }
      const joining = { patient_id: 141 + random(20), duration_minutes: 15, ...window }
      answer = entry
        ? await post(receptionist, `/api/waitlist/${entry}/accept`)
        : await post(receptionist, '/api/waitlist', joining)
      if (!entry) waiting.push(answer.body.id)
    } else if (dice < 5 || !chosen) {
      answer = await book({
        patient_id: 101 + random(40),
        doctor_id: [11, 12, 14][random(3)],
        appointment_date: anyTime(),
        duration_minutes: 5 * (1 + random(12)),
      })
      if (answer.status === 201) known.push({ id: answer.body.id, version: 1 })
    } else if (dice < 8) {
      answer = await patch(receptionist, `/api/appointments/${chosen.id}`, chosen.version, {
        appointment_date: anyTime(),
        doctor_id: [11, 12, 14][random(3)],
      })
      if (answer.status === 200) chosen.version = answer.body.version
    } else {
      answer = await post(receptionist, `/api/appointments/${chosen.id}/cancel`, { reason: 'random' })
      if (answer.status === 200) chosen.version = answer.body.version
    }
    const outcome = `${answer.status} ${answer.status < 300 ? '' : answer.body.code}`.trim()
    statuses.set(outcome, (statuses.get(outcome) ?? 0) + 1)
  }
  let left = 2000
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      while (left-- > 0) await turn()
    }),
  )
  t.comment([...statuses].map(([name, count]) => `${name}: ${count}`).join(', '))
  const allowed = new Set([
    '201',
    '200',
    '409 slot-taken',
    '409 patient-busy',
    '409 illegal-transition',
    '409 offer-gone',
    '412 stale-version',
  ])
  t.same(
    [...statuses.keys()].filter((name) => !allowed.has(name)),
    [],
  )
  const overlaps = await db.query(`
    SELECT a.id, b.id FROM hospital_a.appointments a JOIN hospital_a.appointments b
      ON a.id < b.id AND a.period && b.period AND (a.doctor_id = b.doctor_id OR a.patient_id = b.patient_id)
    WHERE a.status IN ('scheduled', 'confirmed', 'checked_in', 'in_progress') AND a.overbook_reason IS NULL
      AND b.status IN ('scheduled', 'confirmed', 'checked_in', 'in_progress') AND b.overbook_reason IS NULL`)
  t.same(overlaps, [])
})
