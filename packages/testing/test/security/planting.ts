import type { RequestOptions, SystemAnswer } from '../../src/system.ts'
import type { Scene } from './scene.ts'

type Row = Record<string, unknown> & { id: number }

/** Does something that must work, as the person of a role; answers the entity. */
export async function must(
  { system, tokenOf }: Pick<Scene, 'system' | 'tokenOf'>,
  role: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Row> {
  const options: RequestOptions = { token: tokenOf(role), headers, ...(body === undefined ? {} : { body }) }
  const answer: SystemAnswer = await system.request(method, path, options)
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body as Row
}

const newest = { 'if-match': '*' }

/** Users, roles, passwords. */
export async function plantInPeople(scene: Scene): Promise<void> {
  const { birds, system, tokenOf } = scene
  const [email, password, next] = [
    `${birds.name('user e-mail')}@example.org`,
    birds.word('password'),
    birds.word('new password'),
  ]
  const role = await must(scene, 'Admin', 'POST', '/api/roles', {
    name: birds.name('role name'),
    description: birds.word('role description'),
    permissions: ['users.read'],
  })
  const user = await must(scene, 'Admin', 'POST', '/api/users', {
    name: birds.name('user name'),
    email,
    password,
    phone_number: birds.word('user phone'),
    role_id: role.id,
  })
  await must(scene, 'Admin', 'POST', '/api/users', {
    name: birds.name('invited name'),
    email: `${birds.name('invited e-mail')}@example.org`,
    role_id: role.id,
  })
  const picture = `https://example.org/${birds.word('picture')}.png`
  await must(scene, 'Admin', 'PATCH', `/api/users/${user.id}`, { profile_picture_url: picture }, newest)
  const signedIn = await system.request('POST', '/api/auth/login', { body: { email, password } })
  birds.secrets.push(String(signedIn.body.access_token), String(signedIn.body.refresh_token))
  const renewed = await system.request('POST', '/api/auth/refresh', {
    body: { refresh_token: signedIn.body.refresh_token },
  })
  birds.secrets.push(String(renewed.body.access_token), String(renewed.body.refresh_token))
  await system.request('POST', '/api/auth/password', {
    token: String(renewed.body.access_token),
    body: { current_password: password, password: next },
  })
  const totp = await system.request('POST', '/api/auth/mfa/totp', { token: tokenOf('Manager') })
  birds.secrets.push(String(totp.body.secret))
  await must(scene, 'Admin', 'GET', `/api/users?q=${birds.word('search for users')}`)
}

/** Patients and everything in their charts. */
export async function plantInCharts(scene: Scene): Promise<void> {
  const { birds } = scene
  const word = birds.word
  const patient = await must(scene, 'Doctor', 'POST', '/api/patients', {
    first_name: birds.name('first name'),
    last_name: birds.name('last name'),
    patient_number: birds.name('patient number'),
    date_of_birth: '1971-02-03',
    email: `${word('patient e-mail')}@example.org`,
    phone: word('patient phone'),
    gender: word('gender'),
    address: word('address'),
    emergency_contact_name: word('contact name'),
    emergency_contact_phone: word('contact phone'),
    medical_history: word('medical history'),
    allergies: word('allergies'),
    current_medications: word('medications'),
    insurance_info: { [word('insurance field')]: word('insurance value') },
  })
  await must(scene, 'Nurse', 'PATCH', `/api/patients/${patient.id}`, { address: word('new address') }, newest)
  const record = await must(scene, 'Doctor', 'POST', '/api/medical-records', {
    patient_id: patient.id,
    chief_complaint: word('complaint'),
    diagnosis: word('diagnosis'),
    diagnoses: [{ code: 'I10', description: word('diagnosis text') }],
    treatment_plan: word('plan'),
    prescriptions: [{ [word('record drug field')]: word('record drug') }],
    lab_results: { note: word('record lab') },
    notes: word('record notes'),
  })
  await must(scene, 'Doctor', 'PATCH', `/api/medical-records/${record.id}`, { notes: word('changed notes') }, newest)
  await must(scene, 'Doctor', 'POST', `/api/medical-records/${record.id}/sign`)
  const addendum = { text: word('addendum'), reason: word('addendum reason') }
  await must(scene, 'Doctor', 'POST', `/api/medical-records/${record.id}/addenda`, addendum)
  await plantPrescriptions(scene, patient.id)
  await plantLabTests(scene, patient.id)
  const allergy = { substance: word('substance'), code: word('allergy code'), reaction: word('reaction') }
  await must(scene, 'Doctor', 'POST', `/api/patients/${patient.id}/allergies`, allergy)
  const emergency = { reason: word('break-glass reason'), password: 'password123' }
  await must(scene, 'Pharmacist', 'POST', `/api/patients/${patient.id}/break-glass`, emergency)
  for (const path of [
    `patients/${patient.id}`,
    `patients/${patient.id}/timeline`,
    `medical-records/${record.id}/history`,
  ])
    await must(scene, 'Doctor', 'GET', `/api/${path}`)
  await must(scene, 'Doctor', 'GET', `/api/patients?q=${word('search for patients')}%20${patient.first_name}`)
}

/** What the allergy check asks about is decided, with words of our own. */
export async function decideAndDo(scene: Scene, role: string, path: string, body: object): Promise<Row> {
  const asked = await scene.system.request('POST', path, { token: scene.tokenOf(role), body })
  const parts = (asked.body.parts ?? []) as { check: string; part: string }[]
  if (asked.status < 300) return asked.body as Row
  const decisions = parts.map(({ check, part }) => ({ check, part, reason: scene.birds.word('decision') }))
  return must(scene, role, 'POST', path, { ...body, decisions })
}

async function plantPrescriptions(scene: Scene, patientId: number): Promise<void> {
  const { word } = scene.birds
  const prescription = await decideAndDo(scene, 'Doctor', '/api/prescriptions', {
    patient_id: patientId,
    medication_name: word('medication'),
    dosage: word('dosage'),
    frequency: word('frequency'),
    duration: word('duration'),
    instructions: word('instructions'),
    dose_amount: 1,
    dose_unit: word('dose unit'),
    dose_route: word('dose route'),
    override_reason: word('override'),
    quantity: 10,
  })
  const step = (role: string, at: number, verb: string, body?: object) =>
    must(scene, role, 'POST', `/api/prescriptions/${at}/${verb}`, body)
  await step('Doctor', prescription.id, 'hold', { reason: word('hold reason') })
  await step('Doctor', prescription.id, 'resume', { reason: word('resume reason') })
  await step('Pharmacist', prescription.id, 'dispense', { quantity: 1, notes: word('dispense notes') })
  const revision = { medication_name: word('revised medication'), reason: word('revision reason'), quantity: 5 }
  const revised = await decideAndDo(scene, 'Doctor', `/api/prescriptions/${prescription.id}/revise`, revision)
  await step('Doctor', revised.id, 'discontinue', { reason: word('end reason') })
}

async function plantLabTests(scene: Scene, patientId: number): Promise<void> {
  const { word } = scene.birds
  const order = () =>
    must(scene, 'Doctor', 'POST', '/api/lab-tests?allow_duplicate=true', {
      patient_id: patientId,
      test_name: word('test name'),
      test_type: word('test type'),
      code: word('test code'),
      normal_range: word('normal range'),
      notes: word('order notes'),
    })
  const step = (role: string, at: number, verb: string, body?: object) =>
    must(scene, role, 'POST', `/api/lab-tests/${at}/${verb}`, body)
  const [test, cancelled] = [await order(), await order()]
  await step('Doctor', cancelled.id, 'cancel', { reason: word('cancel reason') })
  await step('Nurse', test.id, 'collect', {})
  await step('Lab Technician', test.id, 'reject', { reason: word('reject reason') })
  await step('Nurse', test.id, 'collect', {})
  const results = [
    { name: word('result name'), value: word('result value'), unit: `{${word('unit')}}`, notes: word('result notes') },
  ]
  await step('Lab Technician', test.id, 'results', { results, notes: word('results notes') })
  const corrected = { results, reason: word('correction reason') }
  await step('Lab Technician', test.id, 'results', corrected)
}

/** Appointments, series, the waitlist and doctors' times. */
export async function plantInSchedules(scene: Scene): Promise<void> {
  const { word } = scene.birds
  const { data } = await must(scene, 'Doctor', 'GET', '/api/patients?limit=1')
  const [patient] = data as Row[]
  const doctor = await must(scene, 'Doctor', 'GET', '/api/auth/me')
  const who = { patient_id: patient?.id, doctor_id: doctor.id }
  const texts = (of: string) => ({ appointment_type: word(`${of} type`), notes: word(`${of} notes`) })
  const booked = await must(scene, 'Doctor', 'POST', '/api/appointments', {
    ...who,
    ...texts('appointment'),
    appointment_date: '2032-03-01T10:00:00Z',
    overbook_reason: word('overbook reason'),
  })
  await must(scene, 'Doctor', 'PATCH', `/api/appointments/${booked.id}`, texts('changed appointment'), newest)
  await must(scene, 'Doctor', 'POST', `/api/appointments/${booked.id}/cancel`, { reason: word('cancellation') })
  await must(scene, 'Doctor', 'POST', '/api/appointments/series', {
    ...who,
    ...texts('series'),
    appointment_date: '2032-04-01T10:00:00Z',
    repeat: { frequency: 'weekly', count: 2 },
  })
  const between = { from: '2032-05-03T08:00:00Z', to: '2032-05-04T16:00:00Z' }
  await must(scene, 'Doctor', 'POST', '/api/waitlist', { ...who, ...between, notes: word('waitlist notes') })
  await must(scene, 'Doctor', 'POST', `/api/doctors/${doctor.id}/time-off`, { ...between, reason: word('time off') })
  const feed = await must(scene, 'Doctor', 'POST', `/api/doctors/${doctor.id}/calendar-token`, {})
  const url = new URL(String(feed['url']), scene.system.url)
  scene.birds.secrets.push(url.searchParams.get('token') ?? 'no token in the address')
  const calendar = await fetch(`${scene.system.url}${url.pathname}${url.search}`)
  scene.t.equal(calendar.status, 200, 'the calendar was read')
}
