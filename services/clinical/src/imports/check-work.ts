import { type FieldError, Problem, registerPatient } from '@hospital/contracts'
import { compileValidation } from '@hospital/service'
import { checkDates } from '../patients/rules.ts'
import { invalidBundle } from './fhir-mapping.ts'
import type { ImportPlan, PatientDraft } from './plan-mapping.ts'

const checkRegistration = compileValidation(registerPatient)

/** Where in a FHIR Patient a field of ours comes from. */
const elements: Record<string, string> = {
  patient_number: 'identifier',
  first_name: 'name',
  last_name: 'name',
  date_of_birth: 'birthDate',
  email: 'telecom',
  phone: 'telecom',
  emergency_contact_name: 'contact',
  emergency_contact_phone: 'contact',
  deceased_date: 'deceasedDateTime',
}

/** The front door's rules for a patient; what they refuse is told by its place in the bundle. */
function checkPatient({ key, pointer, number, status, deceased_date, ...fields }: PatientDraft, now: Date): void {
  try {
    checkRegistration({
      path: undefined,
      query: {},
      body: { ...fields, ...(number === null ? {} : { patient_number: number }) },
    })
    checkDates({ ...fields, status, deceased_date }, now)
  } catch (error) {
    const refused = error instanceof Problem ? error.options.errors?.[0] : undefined
    throw refused ? inBundle(pointer, refused) : error
  }
}

function inBundle(pointer: string, refused: FieldError) {
  const field = refused.pointer.slice(1)
  return invalidBundle(`${pointer}/${elements[field] ?? field}`, refused.detail)
}

const dayMs = 86_400_000

/**
 * Holds the rows of an import to the rules of the front door: a patient could be registered as it stands, and what
 * happened did not happen later than now, give or take a day for zones and clocks.
 * @throws problem `invalid-bundle` that points at the first one that does not hold
 */
export function checkPlan(plan: ImportPlan, now: Date): void {
  for (const patient of plan.patients) checkPatient(patient, now)
  const latest = now.getTime() + dayMs
  const happened = [
    ...plan.records.map(({ pointer, visit_date }) => ({ pointer, dates: [visit_date] })),
    ...plan.prescriptions.map(({ pointer, prescribed_date }) => ({ pointer, dates: [prescribed_date] })),
    ...plan.labTests.map(({ pointer, observed_at, results_date }) => ({ pointer, dates: [observed_at, results_date] })),
  ]
  for (const { pointer, dates } of happened) {
    const future = dates.find((date) => Date.parse(date) > latest)
    if (future !== undefined) throw invalidBundle(pointer, `must not be of the future: ${future.slice(0, 10)}`)
  }
}
