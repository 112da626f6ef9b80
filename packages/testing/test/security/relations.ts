import type { Test } from 'tap'
import type { TestSystem } from '../../src/index.ts'
import { emailOf, hospitals, within } from './people.ts'

const closed = 'care-relation-required'

/** Follows the event stream; `heard` grows with what arrives. */
export async function follow(system: TestSystem, token: string) {
  const stop = new AbortController()
  const response = await fetch(`${system.url}/api/events/stream`, {
    headers: { authorization: `Bearer ${token}` },
    signal: stop.signal,
  })
  const stream = { heard: '', close: () => stop.abort() }
  const pump = async () => {
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) stream.heard += chunk
  }
  pump().catch(() => undefined)
  await within(5_000, async () => stream.heard !== '')
  return stream
}

/** Where the hospital asks for a care relation, every door of a chart asks for it. */
export async function proveRelations(t: Test, system: TestSystem): Promise<void> {
  const as = (role: string) => system.signIn(emailOf(role, hospitals.relations))
  const [admin, doctor, nurse, manager] = await Promise.all([as('Admin'), as('Doctor'), as('Nurse'), as('Manager')])
  const { body: me } = await system.request('GET', '/api/auth/me', { token: nurse })
  const patient = { first_name: 'Rhea', last_name: 'Lation', date_of_birth: '2000-02-29' }
  const { body: registered } = await system.request('POST', '/api/patients', { token: admin, body: patient })
  const patientId = Number(registered.id)
  const write = (complaint: string) =>
    system.request('POST', '/api/medical-records', {
      token: doctor,
      body: { patient_id: patientId, chief_complaint: complaint },
    })
  const record = (await write('headache')).body
  const require = (care_relation_required: boolean) =>
    system.request('PATCH', '/api/clinical-settings', {
      token: admin,
      body: { care_relation_required },
      headers: { 'if-match': '*' },
    })
  t.equal((await require(true)).status, 200)
  const { body: doctorMe } = await system.request('GET', '/api/auth/me', { token: doctor })
  const assign = (user_id: unknown) =>
    system.request('POST', `/api/patients/${patientId}/care-team`, { token: manager, body: { user_id } })
  t.equal((await assign(doctorMe.id)).status, 201)

  const graphql = (query: string) => system.request('POST', '/graphql', { token: nurse, body: { query } })
  const doors: Record<string, () => Promise<unknown>> = {
    'REST, reading': () => system.request('GET', `/api/medical-records/${record.id}`, { token: nurse }),
    'REST, changing': () =>
      system.request('PATCH', `/api/medical-records/${record.id}`, {
        token: nurse,
        body: { notes: 'seen' },
        headers: { 'if-match': '*' },
      }),
    history: () => system.request('GET', `/api/medical-records/${record.id}/history`, { token: nurse }),
    timeline: () => system.request('GET', `/api/patients/${patientId}/timeline`, { token: nurse }),
    'GraphQL, reading': () => graphql(`{ medicalRecord(id: ${record.id}) { id notes } }`),
    'GraphQL, changing': () =>
      graphql(
        `mutation { changeMedicalRecord(id: ${record.id}, if_match: "*", input: { notes: "seen" }) { id notes } }`,
      ),
  }
  const stream = await follow(system, nurse)
  for (const [door, open] of Object.entries(doors)) t.match(JSON.stringify(await open()), closed, door)
  t.equal((await write('dizziness')).status, 201)
  t.equal(
    (
      await system.request('PATCH', `/api/patients/${patientId}`, {
        token: admin,
        body: { phone: '555-0142' },
        headers: { 'if-match': '*' },
      })
    ).status,
    200,
  )
  t.not(
    await within(5_000, async () => stream.heard.includes('clinical.patient.updated')),
    null,
    'who they are is told',
  )
  t.notMatch(stream.heard, /medical_record/, 'what is in the chart is not')

  t.equal((await assign(me.id)).status, 201)
  for (const [door, open] of Object.entries(doors))
    t.notMatch(JSON.stringify(await open()), /"code":/, `${door}, related`)
  await within(6_000, async () => {
    await write('relief')
    return stream.heard.includes('medical_record.created')
  })
  t.match(stream.heard, 'medical_record.created', 'the stream within seconds')
  stream.close()
  await require(false)
}
