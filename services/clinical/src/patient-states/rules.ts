import { type FieldError, type PatientState, problem } from '@hospital/contracts'

const longestPregnancyDays = 310
const dayMs = 86_400_000
const days = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / dayMs

/** @throws problem `validation-failed` for days that cannot be: it ends before it begins, begins in the future … */
export function checkDays(
  state: Pick<PatientState, 'state' | 'from_date' | 'until_date' | 'expected_delivery'>,
  today: string,
): void {
  const errors: FieldError[] = []
  const refuse = (field: string, detail: string) => errors.push({ pointer: `/${field}`, detail })
  // A day is over earlier elsewhere.
  if (days(today, state.from_date) > 1) refuse('from_date', 'lies in the future')
  if (state.until_date !== null && state.until_date < state.from_date) refuse('until_date', 'is before from_date')
  if (state.until_date !== null && days(today, state.until_date) > 1) refuse('until_date', 'lies in the future')
  if (state.expected_delivery !== null) {
    if (state.state !== 'pregnant') refuse('expected_delivery', 'is of a pregnancy')
    else if (
      days(state.from_date, state.expected_delivery) < 0 ||
      days(state.from_date, state.expected_delivery) > longestPregnancyDays
    ) {
      refuse('expected_delivery', 'is not within ten months of from_date')
    }
  }
  if (errors.length > 0) throw problem('validation-failed', { errors })
}
