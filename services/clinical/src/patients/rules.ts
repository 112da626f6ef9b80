import {
  type FieldError,
  type Patient as PatientSchema,
  problem,
  refusedField,
  type Static,
  unknownReference,
} from '@hospital/contracts'

/** As it is stored: nothing is hidden here. */
type Patient = Required<Static<typeof PatientSchema>>

type Dates = Pick<Patient, 'date_of_birth' | 'deceased_date' | 'status'>

/** The calendar day at `now`, in UTC, a day ahead: somewhere it is tomorrow already. */
const latestToday = (now: Date): string => new Date(now.getTime() + 14 * 3_600_000).toISOString().slice(0, 10)

/** @throws problem `validation-failed` when the dates cannot be true together */
export function checkDates(patient: Dates, now: Date): void {
  const errors: FieldError[] = []
  const { date_of_birth: born, deceased_date: died, status } = patient
  if (born > latestToday(now)) errors.push({ pointer: '/date_of_birth', detail: 'is in the future' })
  if (born < '1850-01-01') errors.push({ pointer: '/date_of_birth', detail: 'is before 1850' })
  if (status === 'deceased' && died === null)
    errors.push({ pointer: '/deceased_date', detail: 'is required for a deceased patient' })
  if (died !== null) {
    if (status !== 'deceased') errors.push({ pointer: '/deceased_date', detail: 'needs the status deceased' })
    if (died < born) errors.push({ pointer: '/deceased_date', detail: 'is before the birth' })
    if (died > latestToday(now)) errors.push({ pointer: '/deceased_date', detail: 'is in the future' })
  }
  if (errors.length > 0) throw problem('validation-failed', { errors })
}

/** A merged patient stands for another one: changes belong there. */
export function refuseMerged(patient: Patient): void {
  if (patient.merged_into === null) return
  throw problem('already-merged', {
    detail: `The patient was merged into ${patient.merged_into}: change that one, or undo the merge.`,
    extensions: { merged_into: patient.merged_into },
  })
}

/** What a merge patch changes. Somebody who is no longer deceased has no date of death. */
export function decideChange<P extends Partial<Dates>>(current: Patient, patch: P, now: Date): P {
  refuseMerged(current)
  const revived = current.status === 'deceased' && patch.status !== undefined && patch.status !== 'deceased'
  const changes = { ...(revived ? { deceased_date: null } : {}), ...patch }
  checkDates({ ...current, ...changes }, now)
  return changes
}

/** @throws problem when these two cannot become one */
export function decideMerge(survivor: Patient, duplicate: Patient | undefined, duplicateId: number): Patient {
  if (survivor.id === duplicateId) throw refusedField('/duplicate_id', 'is the patient itself')
  if (duplicate === undefined) throw unknownReference('/duplicate_id', 'no such patient')
  refuseMerged(survivor)
  if (duplicate.merged_into !== null) {
    throw problem('already-merged', {
      detail: `Patient ${duplicate.id} is merged into ${duplicate.merged_into} already.`,
      extensions: { merged_into: duplicate.merged_into },
    })
  }
  if (survivor.status === 'inactive') throw problem('patient-archived')
  return duplicate
}

/** @throws problem when there is no such merge to undo, or another one lies on top of it */
export function decideUnmerge(survivor: Patient, duplicate: Patient | undefined, duplicateId: number): Patient {
  if (duplicate === undefined) throw unknownReference('/duplicate_id', 'no such patient')
  if (duplicate.merged_into !== survivor.id) {
    throw problem('already-merged', { detail: `Patient ${duplicateId} is not merged into ${survivor.id}.` })
  }
  if (survivor.merged_into !== null) {
    throw problem('already-merged', {
      detail: `Patient ${survivor.id} is itself merged into ${survivor.merged_into}: undo that merge first.`,
      extensions: { merged_into: survivor.merged_into },
    })
  }
  return duplicate
}

const clinicalTexts = ['medical_history', 'allergies', 'current_medications'] as const
type ClinicalTexts = Record<(typeof clinicalTexts)[number], string | null>

export const clinicalTextsOf = ({ medical_history, allergies, current_medications }: Patient): ClinicalTexts => ({
  medical_history,
  allergies,
  current_medications,
})

const joined = (mine: string | null, theirs: string | null): string | null => {
  if (theirs === null || theirs.trim() === '' || mine?.includes(theirs)) return mine
  return mine === null || mine.trim() === '' ? theirs : `${mine}\n${theirs}`
}

/** Nobody may miss an allergy because it was noted on the other chart: the survivor gets the duplicate's free text too. */
export function mergedTexts(survivor: ClinicalTexts, duplicate: ClinicalTexts): ClinicalTexts {
  return Object.fromEntries(
    clinicalTexts.map((field) => [field, joined(survivor[field], duplicate[field])]),
  ) as ClinicalTexts
}

/** The survivor's free text after an undone merge: as it was, but for what was edited since. */
export function restoredTexts(current: ClinicalTexts, before: ClinicalTexts, after: ClinicalTexts): ClinicalTexts {
  const entries = clinicalTexts.map((field) => [
    field,
    current[field] === after[field] ? before[field] : current[field],
  ])
  return Object.fromEntries(entries) as ClinicalTexts
}
