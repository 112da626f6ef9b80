import type { Test } from 'tap'
import type { TestSystem } from '../../src/index.ts'
import { aviary } from './aviary.ts'
import { everybody, hospitals } from './people.ts'
import { plantInCharts, plantInPeople, plantInSchedules } from './planting.ts'
import { plantInRefusals } from './refusals.ts'
import { readEvents, scanFolder, writtenBy } from './written.ts'

/** Where a name may be told: the facts of people that other services copy. */
const tellsNames = /^hospital\.(identity\.(user|role)|clinical\.patient)\./

export async function proveCanaries(t: Test, system: TestSystem, dataDir: string): Promise<void> {
  const birds = aviary()
  const people = await everybody(system, hospitals.canaries)
  const tokenOf = (role: string) => people.find(({ name }) => name === role)?.token ?? ''
  for (const { token } of people) if (token) birds.secrets.push(token)
  const scene = { t, system, birds, tokenOf }

  await t.test('planted in what is stored', async (t) => {
    await plantInPeople({ ...scene, t })
    await plantInCharts({ ...scene, t })
    await plantInSchedules({ ...scene, t })
  })
  await t.test('planted in what is refused', (t) => plantInRefusals({ ...scene, t }))
  await t.test('planted in a statement that takes long', async (t) => {
    // The database's own log tells of it.
    await system.query('clinical', 'SELECT pg_sleep(0.6), $1::text', [birds.word('parameter of a statement')])
    const [{ log_error_verbosity: verbosity } = {}] = await system.query<Record<string, string>>(
      'clinical',
      'SHOW log_error_verbosity',
    )
    t.equal(verbosity, 'terse', 'and of errors without the rows that they are about')
  })
  t.ok(birds.all().length > 100, `${birds.all().length} are out`)
  await system.drain()

  await t.test('none is in the logs, in stack.json, or in what the start says', async (t) => {
    const texts: Record<string, string> = { ...writtenBy(dataDir), 'standard output': system.output() }
    for (const [file, text] of Object.entries(texts)) {
      t.same(birds.foundIn(text), [], file)
      t.notMatch(text, /eyJ[\w-]{8,}\.eyJ[\w-]{8,}/, `${file} holds no token`)
    }
    t.match(texts['postgres.log'], /duration: .*pg_sleep/, 'the slow statement is on record')
    t.match(texts['gateway.log'], /"operation":"registerPatient"/, 'the requests themselves are on record')
  })
  await t.test('none is in the measurements', async (t) => {
    for (const { name, url } of system.stack().services) {
      const text = await (await fetch(`${url}/metrics`)).text()
      t.match(text, /hospital_request_duration_seconds/, name)
      t.same(birds.foundIn(text), [], name)
    }
  })
  await t.test('events tell names of people, and nothing else that was typed', async (t) => {
    const events = await readEvents(system, 'demo_hospital_002')
    const types = new Set(events.map(({ type }) => type))
    for (const type of ['patient.created', 'medical_record.signed', 'prescription.created', 'lab_test.resulted'])
      t.ok(types.has(`hospital.clinical.${type}.v1`), `there are events of ${type}`)
    for (const type of ['appointment.booked', 'waitlist_entry.joined', 'time_off.added'])
      t.ok(types.has(`hospital.scheduling.${type}.v1`), `there are events of ${type}`)
    for (const event of events) {
      const found = birds.foundIn(JSON.stringify(event))
      const allowed = found.filter((name) => tellsNames.test(event.type) && birds.isName(name))
      if (found.length > allowed.length) t.fail(`${event.type}: ${found.filter((name) => !allowed.includes(name))}`)
    }
    t.pass(`${events.length} events read`)
  })
  await t.test('none but names is in anything the message server keeps, or in a mail', async (t) => {
    for (const folder of ['nats', 'mail']) {
      const found = scanFolder(dataDir, folder, birds).filter((name) => !birds.isName(name))
      t.same(found, [], folder)
    }
  })
}
