import { decideStep, type Prescription, prescriptionSteps, problem } from '@hospital/contracts'

/** A clock elsewhere may be a little ahead. */
const toleranceMs = 5 * 60_000

/** @throws problem `validation-failed` for a prescription from the future */
export function decidePrescribedDate(given: string | undefined, now: Date): string {
  if (given === undefined) return now.toISOString()
  const at = new Date(given)
  if (at.getTime() > now.getTime() + toleranceMs) {
    throw problem('validation-failed', { errors: [{ pointer: '/prescribed_date', detail: 'lies in the future' }] })
  }
  return at.toISOString()
}

type Status = Prescription['status']

/**
 * May this be handed out? Without a quantity there is nothing to hand out from: the prescriber says it by revising.
 * Answers the status after it.
 * @throws problem `dispense-limit` or `illegal-transition`
 */
export function decideDispense(prescription: Prescription, quantity: number): Status {
  const { status, remaining_quantity } = prescription
  if (status !== 'completed') decideStep(prescriptionSteps, status, 'dispense')
  if (remaining_quantity === null) {
    throw problem('dispense-limit', {
      detail: 'The prescription has no quantity: nothing can be dispensed until it is revised with one.',
      extensions: { remaining_quantity: 0 },
    })
  }
  if (status === 'completed' || quantity > remaining_quantity) {
    throw problem('dispense-limit', { extensions: { remaining_quantity } })
  }
  return quantity === remaining_quantity ? prescriptionSteps.dispense.last : status
}
