import type { Row } from '../src/round-trip.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of every shape
type Answer = any

/** What earlier cases made, by name; `n` counts the rounds, so that what has to be unique is. */
export interface Made {
  n: number
  [name: string]: number
}

/** One operation with every field that it accepts. */
export interface Case {
  as: string
  /** Who reads it afterwards, when it is somebody else. */
  reader?: string
  path?: (made: Made) => Row
  body: (made: Made) => Row
  /** Where a field stands in the answer when it does not stand under its own name; null: nowhere, `why` says why. */
  found?: Readonly<Record<string, ((answer: Answer) => unknown) | null>>
  why?: string
  /** What is read afterwards; by default the operation that gets the row of the answer by its id. */
  read?: {
    operation: string
    path?: (made: Made, answer: Answer) => Row
    row?: (answer: Answer, made: Made) => unknown
  } | null
  /** Under which name the answer's id is kept. */
  keep?: string
  /** The version is not the answer's or the path's: it is read from here first. */
  versionOf?: { operation: string; path?: (made: Made) => Row }
}

const day = (n: number, time = '09:00') => `2031-03-${String(10 + n).padStart(2, '0')}T${time}:00+01:00`
// Older ones are not handed out any more.
const yesterday = new Date(Date.now() - 24 * 60 * 60 * 1000).toISOString()
const doctor = 'doctor'
const admin = 'admin'
const desk = 'receptionist'
const bench = 'labtechnician'

const person = ({ n }: Made) => ({
  first_name: `${'QXZWVKJ'[n % 7]}${'aeiou'[n % 5]}ndrel`.repeat(1 + (n % 2)),
  last_name: `${'BDFGHMP'[n % 7]}${'uoiea'[n % 5]}lvart${n}`,
  date_of_birth: `19${50 + n}-0${1 + (n % 9)}-1${n % 8}`,
  email: `round${n}@trip.example`,
  phone: `555-77${n}1`,
  gender: 'Other',
  address: `${n} Back Lane`,
  emergency_contact_name: `Next of kin ${n}`,
  emergency_contact_phone: `555-88${n}2`,
  medical_history: `history ${n}`,
  allergies: `hay fever ${n}`,
  current_medications: `none since ${2000 + n}`,
  insurance_info: { plan: `P${n}`, nested: { group: [n] } },
})

const visit = ({ n }: Made) => ({
  visit_date: `2024-05-0${n + 1}T10:00:00+02:00`,
  chief_complaint: `complaint ${n}`,
  diagnosis: `diagnosis ${n}`,
  diagnoses: [{ code: 'J06.9', description: `cold ${n}` }],
  treatment_plan: `plan ${n}`,
  prescriptions: [{ drug: `d${n}` }],
  vital_signs: {
    systolic: 120 + n,
    diastolic: 80,
    heart_rate: 60,
    respiratory_rate: 14,
    temperature_c: 36.6,
    oxygen_saturation: 97,
    on_oxygen: false,
    consciousness: 'A',
    spo2_scale: 1,
    weight_kg: 70.5,
    height_cm: 170,
    pain_score: 2,
  },
  lab_results: { crp: n },
  notes: `notes ${n}`,
  follow_up_required: true,
  follow_up_date: '2032-01-01',
})

const drug = ({ n }: Made, name: string) => ({
  medication_name: name,
  dosage: `${500 + n} mg`,
  frequency: 'twice a day',
  duration: '7 days',
  instructions: `with water ${n}`,
  quantity: 14 + n,
  refills_allowed: 2,
  rxnorm_code: null,
  dose_amount: '1.5',
  dose_unit: 'tablet',
  dose_route: 'oral',
  // One excludes the other.
  times_per_day: name === 'Amoxicillin' ? null : 2,
  interval_hours: name === 'Amoxicillin' ? 12 : null,
  duration_days: 7,
})

const analyte = ({ n }: Made) => ({
  name: `Catalogue analyte ${n}`,
  code: `98${n}-1`,
  other_codes: [`97${n}-1`],
  synonyms: [`CatAn ${n}`],
  specimen: 'Serum',
  unit: 'mmol/L',
  molar_mass: 180.16,
  valence: 1,
  equation: null,
  plausible_low: 0,
  plausible_high: 900 + n,
  normal_texts: [`clear ${n}`],
  abnormal_texts: [`cloudy ${n}`],
  critical_texts: [`black ${n}`],
  analytes: [],
  ranges: [
    {
      sex: 'female',
      age_min: 'PT12H',
      age_max: 'P65Y',
      pregnant: false,
      reference_low: 3.5,
      reference_high: 5.1,
      critical_low: 2.5,
      critical_high: 6.5,
      verified: true,
      source: `our own ${n}`,
    },
  ],
})
const range = ({ n }: Made) => ({
  name: `Analyte ${n}`,
  code: `99${n}-1`,
  unit: 'mmol/L',
  molar_mass: 180.16,
  sex: 'female',
  age_min: 'P18Y',
  age_max: 'P65Y',
  reference_low: 3.5,
  reference_high: 5.1,
  critical_low: 2.5,
  critical_high: 6.5,
})

const result = ({ n }: Made) => ({
  name: `Result ${n}`,
  code: `77${n}-2`,
  value: 9.5,
  unit: 'mmol/L',
  comparator: '>',
  reference_low: 3.5,
  reference_high: 5.1,
  critical_low: 2.5,
  critical_high: 6.5,
  notes: `haemolysed ${n}`,
})

const idOf = (name: string) => (made: Made) => ({ id: made[name] })
const lastStep = { reason: (test: Answer) => test.steps?.at(-1)?.reason }
const order = (as: string, keep: string): Case => ({
  as,
  body: (made) => ({
    patient_id: made['patient'],
    ordered_by: made['doctor'],
    medical_record_id: made['record'],
    test_name: `Panel ${made.n}`,
    test_type: 'chemistry',
    code: '24320-4',
    priority: 'urgent',
    ordered_date: '2024-05-02T08:00:00Z',
    normal_range: '3.5 to 5.1',
    notes: `fasting ${made.n}`,
  }),
  keep,
})
const prescribing = (name: string, keep: string): Case => ({
  as: doctor,
  body: (made) => ({
    patient_id: made['patient'],
    doctor_id: made['doctor'],
    medical_record_id: made['record'],
    override_reason: `weighed ${made.n}`,
    decisions: [],
    prescribed_date: yesterday,
    ...drug(made, name),
  }),
  found: { override_reason: null, decisions: null },
  why: 'kept only where there was a conflict to override, or something to decide',
  keep,
})
const statusReason = { reason: (row: Answer) => row.status_changes?.at(-1)?.reason }
const pastMerge = { operation: 'listPatientMerges', path: idOf('patient'), row: (page: Answer) => page.data?.[0] }

/** Operations with a body whose fields are not meant to come back. */
export const outOfScope: Readonly<Record<string, string>> = {
  createCalendarToken: 'the answer is a secret',
  importFhirBundle: 'a bundle is no row: the import has tests of its own',
  importLabCatalogue: 'a table is no row: the catalogue has tests of its own',
}

/** In the order in which they are carried out. */
export const cases: readonly (readonly [operation: string, Case])[] = [
  [
    'registerPatient',
    {
      as: desk,
      body: (m) => ({ patient_number: `RT-${m.n}`, ...person(m) }),
      keep: 'patient',
      why: 'the desk may not read the clinical text that it writes down',
      found: { medical_history: null, allergies: null, current_medications: null },
    },
  ],
  [
    'registerPatient',
    { as: doctor, body: (m) => ({ patient_number: `RT-X${m.n}`, ...person({ ...m, n: m.n + 10 }) }), keep: 'other' },
  ],
  [
    'changePatient',
    {
      as: doctor,
      path: idOf('other'),
      body: (m) => ({
        patient_number: `RT-Y${m.n}`,
        ...person({ ...m, n: m.n + 20 }),
        status: 'deceased',
        deceased_date: '2024-01-31',
      }),
    },
  ],
  [
    'createMedicalRecord',
    { as: doctor, body: (m) => ({ patient_id: m['patient'], doctor_id: m['doctor'], ...visit(m) }), keep: 'record' },
  ],
  [
    'changeMedicalRecord',
    {
      as: doctor,
      path: idOf('record'),
      body: (m) => ({ doctor_id: m['otherDoctor'], ...visit({ ...m, n: m.n + 3 }) }),
    },
  ],
  ['orderLabTest', order(doctor, 'test')],
  [
    'collectLabTest',
    { as: bench, path: idOf('test'), body: () => ({ sample_collected_date: '2024-05-02T09:00:00Z' }) },
  ],
  [
    'enterLabResults',
    {
      as: bench,
      path: idOf('test'),
      body: (m) => ({ results: [result(m)], notes: `clear ${m.n}`, reason: `first ${m.n}` }),
      found: {
        reason: (test) => test.result_versions?.at(-1)?.reason,
        notes: (test) => test.result_versions?.at(-1)?.notes,
      },
    },
  ],
  [
    'callAboutLabTest',
    {
      as: bench,
      path: idOf('test'),
      body: (m) => ({ recipient: m['doctor'], spoke_to: `ward ${m.n}`, outcome: 'told', note: `twice ${m.n}` }),
      found: {
        recipient: (row) => row.calls?.at(-1)?.recipient?.id,
        spoke_to: (row) => row.calls?.at(-1)?.spoke_to,
        outcome: (row) => row.calls?.at(-1)?.outcome,
        note: (row) => row.calls?.at(-1)?.note,
      },
      read: {
        operation: 'listCriticalResults',
        path: () => ({}),
        row: (page: Answer, m: Made) => page.data?.find((row: Answer) => row.lab_test_id === m['test']),
      },
    },
  ],
  [
    'acknowledgeLabTest',
    {
      as: doctor,
      path: idOf('test'),
      body: (m) => ({ reason: `called ${m.n}`, action: `repeated ${m.n}` }),
      found: { ...lastStep, action: null },
      why: 'what was done stands with the critical result',
    },
  ],
  ['orderLabTest', order(doctor, 'rejected')],
  [
    'collectLabTest',
    { as: bench, path: idOf('rejected'), body: () => ({ sample_collected_date: '2024-05-02T09:30:00Z' }) },
  ],
  [
    'rejectLabTest',
    { as: bench, path: idOf('rejected'), body: (m) => ({ reason: `clotted ${m.n}` }), found: lastStep },
  ],
  ['orderLabTest', order(doctor, 'cancelled')],
  [
    'cancelLabTest',
    { as: doctor, path: idOf('cancelled'), body: (m) => ({ reason: `not needed ${m.n}` }), found: lastStep },
  ],
  ['prescribe', prescribing('Paracetamol', 'prescription')],
  [
    'holdPrescription',
    { as: doctor, path: idOf('prescription'), body: (m) => ({ reason: `surgery ${m.n}` }), found: statusReason },
  ],
  [
    'resumePrescription',
    { as: doctor, path: idOf('prescription'), body: (m) => ({ reason: `done ${m.n}` }), found: statusReason },
  ],
  [
    'dispensePrescription',
    {
      as: 'pharmacist',
      path: idOf('prescription'),
      body: (m) => ({ quantity: 2, notes: `half ${m.n}`, override_reason: `asked ${m.n}`, decisions: [] }),
      found: {
        quantity: (p) => p.dispenses?.at(-1)?.quantity,
        notes: (p) => p.dispenses?.at(-1)?.notes,
        override_reason: null,
        decisions: null,
      },
      why: 'kept only where there was a conflict to override, or something to decide',
    },
  ],
  [
    'revisePrescription',
    {
      as: doctor,
      path: idOf('prescription'),
      body: (m) => ({
        doctor_id: m['doctor'],
        medical_record_id: m['record'],
        override_reason: 'weighed',
        decisions: [],
        reason: `dearer ${m.n}`,
        ...drug({ ...m, n: m.n + 5 }, 'Paracetamol'),
      }),
      found: { override_reason: null, decisions: null, reason: null },
      why: 'the reason stands with the prescription that ends',
      keep: 'revised',
    },
  ],
  [
    'renewPrescription',
    {
      as: doctor,
      path: idOf('revised'),
      body: (m) => ({
        doctor_id: m['doctor'],
        medical_record_id: m['record'],
        override_reason: 'weighed',
        decisions: [],
        quantity: 7,
        refills_allowed: 2,
      }),
      found: { override_reason: null, decisions: null },
      why: 'kept only where there was a conflict to override, or something to decide',
      keep: 'revised',
    },
  ],
  [
    'verifyPrescription',
    {
      as: 'pharmacist',
      path: idOf('revised'),
      body: (m) => ({ reason: `looked ${m.n}` }),
      found: { reason: (p) => p.verify_reason },
    },
  ],
  [
    'askPrescriber',
    {
      as: 'pharmacist',
      path: idOf('revised'),
      body: (m) => ({ question: `twice a day? ${m.n}` }),
      found: { question: (p) => p.questions?.at(-1)?.question },
    },
  ],
  [
    'answerQuestion',
    {
      as: doctor,
      path: idOf('revised'),
      body: (m) => ({ answer: `yes ${m.n}` }),
      found: { answer: (p) => p.questions?.at(-1)?.answer },
    },
  ],
  [
    'prescribeVerbally',
    {
      as: 'nurse',
      body: (m) => ({
        patient_id: m['patient'],
        doctor_id: m['doctor'],
        medical_record_id: m['record'],
        override_reason: 'weighed',
        decisions: [],
        read_back: true,
        ...drug(m, 'Cetirizine'),
        quantity: null,
        dose_unit: 'mg',
      }),
      found: { override_reason: null, decisions: null, read_back: null },
      why: 'kept only where there was something to answer; what was not read back is refused',
      keep: 'verbal',
    },
  ],
  [
    'enterPack',
    {
      as: 'pharmacist',
      path: idOf('verbal'),
      body: (m) => ({ quantity: 20 + m.n, unit: 'tablet' }),
      found: { unit: (p) => p.pack_unit },
    },
  ],
  ['countersignPrescription', { as: doctor, path: idOf('verbal'), body: () => ({}) }],
  [
    'refusePrescription',
    { as: 'pharmacist', path: idOf('verbal'), body: (m) => ({ reason: `out of stock ${m.n}` }), found: statusReason },
  ],
  [
    'discontinuePrescription',
    { as: doctor, path: idOf('revised'), body: (m) => ({ reason: `well ${m.n}` }), found: statusReason },
  ],
  ['prescribe', prescribing('Amoxicillin', 'amoxicillin')],
  [
    'recordAllergy',
    {
      as: doctor,
      path: idOf('patient'),
      body: () => ({
        substance: 'Penicillin',
        code: '91936005',
        reaction: 'rash',
        severity: 'severe',
        status: 'active',
      }),
      keep: 'allergy',
      read: {
        operation: 'listAllergies',
        path: idOf('patient'),
        row: (page, m) => page.data?.find((row: Answer) => row.id === m['allergy']),
      },
    },
  ],
  [
    'recordPatientState',
    {
      as: doctor,
      path: idOf('patient'),
      body: () => ({ state: 'pregnant', from_date: '2026-01-10', expected_delivery: '2026-09-20' }),
      keep: 'state',
      read: {
        operation: 'listPatientStates',
        path: idOf('patient'),
        row: (page, m) => page.data?.find((row: Answer) => row.id === m['state']),
      },
    },
  ],
  [
    'changePatientState',
    {
      as: doctor,
      path: idOf('state'),
      body: () => ({
        from_date: '2026-01-12',
        until_date: '2026-02-01',
        expected_delivery: null,
        status: 'entered_in_error',
      }),
      read: {
        operation: 'listPatientStates',
        path: idOf('patient'),
        row: (page, m) => page.data?.find((row: Answer) => row.id === m['state']),
      },
    },
  ],
  [
    'acknowledgeAlert',
    {
      as: doctor,
      path: idOf('alert'),
      body: (m) => ({ reason: `tolerated ${m.n}` }),
      found: { reason: (alert) => alert.acknowledge_reason },
      read: { operation: 'listAlerts', row: (page, m) => page.data?.find((row: Answer) => row.id === m['alert']) },
    },
  ],
  [
    'changeAllergy',
    {
      as: doctor,
      path: idOf('allergy'),
      body: () => ({ substance: 'Penicillin V', code: null, reaction: 'hives', severity: 'mild', status: 'resolved' }),
      read: {
        operation: 'listAllergies',
        path: idOf('patient'),
        row: (page, m) => page.data?.find((row: Answer) => row.id === m['allergy']),
      },
    },
  ],
  [
    'addAddendum',
    {
      as: doctor,
      path: idOf('signedRecord'),
      body: (m) => ({ text: `more ${m.n}`, reason: `forgotten ${m.n}` }),
      found: { text: (r) => r.addenda?.at(-1)?.text, reason: (r) => r.addenda?.at(-1)?.reason },
    },
  ],
  [
    'assignCare',
    {
      as: admin,
      path: idOf('patient'),
      body: (m) => ({ user_id: m[`assigned${m.n}`] ?? 0 }),
      keep: 'assignment',
      read: {
        operation: 'listCareTeam',
        path: idOf('patient'),
        row: (page, m) => page.data?.find((row: Answer) => row.id === m['assignment']),
      },
    },
  ],
  [
    'breakGlass',
    {
      as: doctor,
      path: idOf('patient'),
      body: (m) => ({ reason: `unconscious ${m.n}`, password: 'password123' }),
      found: { password: null },
      why: 'a password is not kept',
      keep: 'access',
      reader: admin,
      read: {
        operation: 'listBreakGlassAccesses',
        row: (page, m) => page.data?.find((row: Answer) => row.id === m['access']),
      },
    },
  ],
  [
    'reviewBreakGlass',
    {
      as: admin,
      path: idOf('access'),
      body: (m) => ({ note: `justified ${m.n}` }),
      found: { note: (row) => row.review_note },
      reader: admin,
      read: {
        operation: 'listBreakGlassAccesses',
        row: (page, m) => page.data?.find((row: Answer) => row.id === m['access']),
      },
    },
  ],
  [
    'changeClinicalSettings',
    {
      as: admin,
      body: ({ n }) => ({
        lab_verifier_must_differ: n === 0,
        care_relation_required: false,
        critical_minutes: 20 + n,
        critical_escalation_roles: ['Doctor', 'Nurse'],
        critical_import_hours: 48 + n,
        delta_days: 30 + n,
        delta_limits: [{ name: 'Sodium', percent: 10 + n }],
        early_refill_days: 1 + (n % 9),
        prescription_valid_months: 12 + (n % 9),
        controlled_valid_days: 28 + (n % 9),
        pharmacist_verifies_first: false,
      }),
      read: { operation: 'getClinicalSettings' },
      versionOf: { operation: 'getClinicalSettings' },
    },
  ],
  ['createLabCatalogueEntry', { as: admin, body: (m) => ({ kind: 'analyte', ...analyte(m) }), keep: 'analyte' }],
  [
    'changeLabCatalogueEntry',
    { as: admin, path: idOf('analyte'), body: (m) => ({ ...analyte({ ...m, n: m.n + 5 }), status: 'inactive' }) },
  ],
  [
    'createLabReferenceRange',
    {
      as: admin,
      body: range,
      keep: 'range',
      read: {
        operation: 'listLabReferenceRanges',
        row: (page, m) => page.data?.find((row: Answer) => row.id === m['range']),
      },
    },
  ],
  [
    'changeLabReferenceRange',
    {
      as: admin,
      path: idOf('range'),
      body: (m) => ({ ...range({ ...m, n: m.n + 4 }), sex: 'male', status: 'inactive' }),
      read: {
        operation: 'listLabReferenceRanges',
        row: (page, m) => page.data?.find((row: Answer) => row.id === m['range']),
      },
    },
  ],
  [
    'mergePatients',
    {
      as: admin,
      path: idOf('patient'),
      body: (m) => ({ duplicate_id: m['twin'], reason: `same person ${m.n}` }),
      found: { duplicate_id: null, reason: null },
      why: 'they stand with the merge, which is read',
      read: pastMerge,
    },
  ],
  [
    'unmergePatients',
    {
      as: admin,
      path: idOf('patient'),
      body: (m) => ({ duplicate_id: m['twin'], reason: `two people ${m.n}` }),
      found: { duplicate_id: null, reason: null },
      why: 'they stand with the merge, which is read',
      read: {
        ...pastMerge,
        row: (page) => ({ ...page.data?.[0], reason: page.data?.[0]?.unmerge_reason }),
      },
    },
  ],
  [
    'bookAppointment',
    {
      as: doctor,
      body: (m) => ({
        patient_id: m['patient'],
        doctor_id: m['doctor'],
        appointment_date: day(m.n),
        duration_minutes: 25,
        appointment_type: 'follow-up',
        notes: `note ${m.n}`,
        overbook_reason: `urgent ${m.n}`,
      }),
      keep: 'appointment',
    },
  ],
  [
    'changeAppointment',
    {
      as: doctor,
      path: idOf('appointment'),
      body: (m) => ({
        doctor_id: m['otherDoctor'],
        appointment_date: day(m.n, '11:00'),
        duration_minutes: 35,
        appointment_type: 'review',
        notes: `moved ${m.n}`,
        overbook_reason: `again ${m.n}`,
      }),
    },
  ],
  [
    'cancelAppointment',
    {
      as: desk,
      path: idOf('appointment'),
      body: (m) => ({ reason: `ill ${m.n}` }),
      found: { reason: (row) => row.cancel_reason },
    },
  ],
  [
    'bookSeries',
    {
      as: desk,
      body: (m) => ({
        patient_id: m['patient'],
        doctor_id: m['doctor'],
        appointment_date: `2031-0${4 + m.n}-02T10:00:00+02:00`,
        duration_minutes: 20,
        appointment_type: 'physio',
        notes: `series ${m.n}`,
        repeat: { frequency: 'weekly', interval: 2, count: 2 },
      }),
      found: Object.fromEntries([
        ...['patient_id', 'doctor_id', 'appointment_date', 'duration_minutes', 'appointment_type', 'notes'].map(
          (field) => [field, (row: Answer) => row.appointments?.[0]?.[field]] as const,
        ),
        ['repeat', null] as const,
      ]),
      why: 'the repetition is told by its appointments',
      read: null,
    },
  ],
  [
    'addTimeOff',
    {
      as: admin,
      path: idOf('doctor'),
      body: (m) => ({
        from: `2032-0${1 + m.n}-05T08:00:00Z`,
        to: `2032-0${1 + m.n}-06T08:00:00Z`,
        reason: `course ${m.n}`,
      }),
      keep: 'timeOff',
      read: {
        operation: 'listTimeOff',
        path: idOf('doctor'),
        row: (page, m) => page.data?.find((row: Answer) => row.id === m['timeOff']),
      },
    },
  ],
  [
    'setWorkingHours',
    {
      as: admin,
      path: idOf('thirdDoctor'),
      body: ({ n }) => ({ rules: [{ weekday: 1 + n, start: '08:00', end: '12:30' }] }),
      read: { operation: 'getWorkingHours', path: idOf('thirdDoctor') },
    },
  ],
  [
    'joinWaitlist',
    {
      as: desk,
      body: (m) => ({
        patient_id: m['patient'],
        doctor_id: m['doctor'],
        from: '2031-05-01T08:00:00Z',
        to: '2031-05-20T08:00:00Z',
        duration_minutes: 40,
        notes: `any time ${m.n}`,
      }),
      keep: 'entry',
    },
  ],
  [
    'changeHospital',
    {
      as: admin,
      body: ({ n }) => ({
        timezone: n === 0 ? 'Europe/Berlin' : 'America/New_York',
        opening_hours: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, start: '00:00', end: '24:00' })),
        closing_days: [{ date: '2031-12-25', name: `Closed ${n}` }],
        no_show_after_minutes: 60 + n,
        offer_minutes: 45 + n,
      }),
      read: { operation: 'getHospital' },
      versionOf: { operation: 'getHospital' },
    },
  ],
  [
    'createRole',
    {
      as: admin,
      body: ({ n }) => ({ name: `Round trip ${n}`, description: `role ${n}`, permissions: ['patients.read'] }),
      keep: 'role',
      read: { operation: 'listRoles', row: (page, m) => page.data?.find((row: Answer) => row.id === m['role']) },
    },
  ],
  [
    'changeRole',
    {
      as: admin,
      path: idOf('role'),
      body: ({ n }) => ({
        name: `Round trip back ${n}`,
        description: `changed ${n}`,
        permissions: ['users.read', 'patients.read'],
      }),
      read: { operation: 'listRoles', row: (page, m) => page.data?.find((row: Answer) => row.id === m['role']) },
    },
  ],
  [
    'createUser',
    {
      as: admin,
      body: (m) => ({
        name: `User ${m.n}`,
        email: `user${m.n}@trip.example`,
        password: 'a long enough passphrase',
        role_ids: [m['role']],
        phone_number: `555-66${m.n}`,
      }),
      found: { password: null, role_ids: (user) => user.roles?.map((role: Answer) => role.id) },
      why: 'a password is not told; `role_id` is the short form of `role_ids`',
      keep: 'user',
    },
  ],
  [
    'changeUser',
    {
      as: admin,
      path: idOf('user'),
      body: (m) => ({
        name: `User changed ${m.n}`,
        email: `changed${m.n}@trip.example`,
        phone_number: null,
        profile_picture_url: `https://trip.example/${m.n}.png`,
        status: 'inactive',
      }),
    },
  ],
  [
    'setUserRoles',
    {
      as: admin,
      path: idOf('user'),
      body: (m) => ({ role_ids: [m['role']] }),
      found: { role_ids: (user) => user.roles?.map((role: Answer) => role.id) },
    },
  ],
  [
    'changeSecuritySettings',
    {
      as: admin,
      body: (m) => ({ mfa_required_role_ids: [m['role']] }),
      read: { operation: 'getSecuritySettings' },
      versionOf: { operation: 'getSecuritySettings' },
    },
  ],
  [
    'createTenant',
    {
      as: 'operator',
      body: ({ n }) => ({
        id: `round_trip_${n}`,
        name: `Round Trip ${n}`,
        timezone: 'Europe/Paris',
        admin: { name: `Chief ${n}`, email: `chief${n}@trip.example`, password: 'a long enough passphrase' },
      }),
      found: { admin: null },
      why: 'the Admin is a user of that hospital',
      read: { operation: 'getTenant' },
    },
  ],
  [
    'changeTenant',
    {
      as: 'operator',
      path: ({ n }) => ({ id: `demo_hospital_00${5 - n}` }),
      body: ({ n }) => ({ name: `Round Trip back ${n}`, timezone: 'Europe/Madrid', status: 'suspended' }),
      read: { operation: 'getTenant' },
    },
  ],
]
