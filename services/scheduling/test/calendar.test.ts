import ical from 'node-ical'
import t from 'tap'
import { admin, doctor, manager, receptionist, startScheduling } from './scheduling-system.ts'

const system = await startScheduling()
t.teardown(() => system.stop())
const { app, db, gateway, get, post, del, patch } = system

const book = async (patient_id: number, appointment_date: string, extra = {}) =>
  (await post(receptionist, '/api/appointments', { patient_id, doctor_id: 11, appointment_date, ...extra })).body
const soon = (hours: number) => new Date(Math.ceil(Date.now() / 3_600_000 + hours) * 3_600_000).toISOString()
const newToken = (who = doctor, body: unknown = {}, id = 11) => post(who, `/api/doctors/${id}/calendar-token`, body)

/** As a calendar program asks: nobody is signed in, the gateway sends its anonymous token. */
const fetchFeed = (url: string) =>
  app.inject({
    url,
    headers: { authorization: gateway.anonymous('scheduling') },
  })

interface Event {
  uid: string
  summary: string
  start: string
  end: string
  status: unknown
  sequence: unknown
}
/** By a parser that is not ours, in the order of the feed. */
function parse(text: string): Event[] {
  return Object.values(ical.sync.parseICS(text)).flatMap((part) => {
    if (part?.type !== 'VEVENT') return []
    const { uid, summary, start, end, status, sequence } = part
    const title = typeof summary === 'string' ? summary : summary?.val
    return [
      {
        uid,
        summary: String(title),
        start: start.toISOString(),
        end: String(end?.toISOString()),
        status,
        sequence: Number(sequence),
      },
    ]
  })
}

t.test('the feed of a doctor, by its token alone', async (t) => {
  const first = await book(101, soon(3), {
    appointment_type: 'Consultation; long, with\nnotes — “ünïcode”',
    notes: 'secret note',
  })
  const second = await book(102, soon(5), { duration_minutes: 45 })
  const gone = await book(103, soon(7))
  await post(receptionist, `/api/appointments/${gone.id}/cancel`, { reason: 'x' })
  await post(receptionist, `/api/appointments/${second.id}/confirm`)
  await post(receptionist, '/api/appointments', { patient_id: 104, doctor_id: 12, appointment_date: soon(3) })

  const made = await newToken()
  t.equal(made.status, 201)
  const feed = await fetchFeed(made.body.url)
  t.equal(feed.statusCode, 200)
  t.equal(feed.headers['content-type'], 'text/calendar; charset=utf-8')
  t.ok(
    feed.body.split('\r\n').every((line) => Buffer.byteLength(line) <= 75),
    'lines are folded',
  )
  t.ok(feed.body.endsWith('END:VCALENDAR\r\n'))
  const events = parse(feed.body)
  t.same(
    events.map(({ start }) => start),
    [first, second, gone].map(({ appointment_date }) => appointment_date),
  )
  t.match(events[0], { status: 'TENTATIVE', summary: 'Consultation; long, with\nnotes — “ünïcode”', sequence: 0 })
  t.match(events[1], { status: 'CONFIRMED', summary: 'Appointment', sequence: 1 })
  t.equal(Date.parse(events[1]?.end ?? '') - Date.parse(events[1]?.start ?? ''), 45 * 60_000)
  t.match(events[2], { status: 'CANCELLED', sequence: 1 }, 'cancelled stays cancelled')
  t.notMatch(feed.body, /First10|Last10|secret note/, 'no names, no notes')

  await patch(receptionist, `/api/appointments/${first.id}`, 1, { appointment_date: soon(9) })
  const again = parse((await fetchFeed(made.body.url)).body)
  const moved = again.find(({ uid }) => uid === events[0]?.uid)
  t.match(moved, { start: soon(9), sequence: 1 }, 'a moved appointment is the same event, later')
  t.equal(new Set(again.map(({ uid }) => uid)).size, 3)

  const audit = await db.query(
    "SELECT action, outcome FROM hospital_a.audit_events WHERE action IN ('getCalendarFeed', 'createCalendarToken')",
  )
  t.equal(audit.length, 3)
})

t.test('a token ends with the next one, with its revocation, and with the doctor', async (t) => {
  const { body: one } = await newToken()
  const { body: two } = await newToken()
  t.equal((await fetchFeed(one.url)).statusCode, 404)
  t.equal((await fetchFeed(two.url)).statusCode, 200)
  const secret = new URL(two.url, 'http://x').searchParams.get('token') ?? ''
  const stored = await db.query('SELECT * FROM hospital_a.calendar_tokens')
  const tables = await db.query(
    'SELECT envelope::text FROM scheduling.outbox UNION ALL SELECT body::text FROM hospital_a.idempotency_keys',
  )
  t.notOk(JSON.stringify([stored, tables]).includes(secret.split('.')[1] ?? secret), 'the token itself is nowhere')
  t.equal((await del(receptionist, '/api/doctors/11/calendar-token')).status, 403)
  t.equal((await del({ ...doctor, tenant: 'hospital_b' }, '/api/doctors/11/calendar-token')).status, 404)
  t.equal((await del(doctor, '/api/doctors/11/calendar-token')).status, 204)
  t.equal((await fetchFeed(two.url)).statusCode, 404)
  t.equal((await del(doctor, '/api/doctors/11/calendar-token')).status, 404)
  const { body: other } = await newToken(admin, {}, 12)
  await db.query("UPDATE hospital_a.doctors SET status = 'inactive' WHERE id = 12")
  t.equal((await fetchFeed(other.url)).statusCode, 404)
  t.equal((await newToken(admin, {}, 12)).body.code, 'doctor-unavailable')
  t.equal((await newToken(receptionist)).status, 403)
  t.equal((await newToken(admin, {}, 41)).status, 404)
  for (const wrong of [
    'nonsense',
    'hospital_a.AAAA',
    'hospital_z.AAAA',
    'public.AAAA',
    "hospital_a'.AAAA",
    `hospital_b.${secret.split('.')[1]}`,
  ]) {
    t.equal(
      (await fetchFeed(`/api/appointments/calendar.ics?token=${encodeURIComponent(wrong)}`)).statusCode,
      404,
      wrong,
    )
  }
  t.equal((await fetchFeed('/api/appointments/calendar.ics')).statusCode, 400)
})

t.test('names only for the doctor who asks', async (t) => {
  t.match(await newToken(manager, { include_patient_names: true }), { status: 403, body: { code: 'forbidden' } })
  t.match(
    await newToken({ role: 'Doctor', userId: 14 }, { include_patient_names: true }),
    { status: 403 },
    'another doctor neither',
  )
  const { body } = await newToken(doctor, { include_patient_names: true })
  const feed = await fetchFeed(body.url)
  t.match(
    parse(feed.body).map(({ summary }) => summary),
    ['Appointment: First102 Last102'],
  )
  const audit = await db.query(
    "SELECT patient_id FROM hospital_a.audit_events WHERE action = 'getCalendarFeed' AND patient_id IS NOT NULL",
  )
  t.ok(audit.length >= 2, 'whose names left is on record')
  t.equal((await get(receptionist, '/api/appointments/calendar.ics')).status, 400)
})
