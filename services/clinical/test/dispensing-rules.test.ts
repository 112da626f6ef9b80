import type { Prescription } from '@hospital/contracts'
import t from 'tap'
import { decideDispense, decidePrescribedDate } from '../src/prescriptions/rules.ts'
import { outcomeOf } from './outcome.ts'

const ordered = (status: Prescription['status'], remaining_quantity: number | null) =>
  ({ status, remaining_quantity }) as Prescription

t.test('what may be handed out, and what becomes of the prescription', async (t) => {
  const cases: [status: Prescription['status'], remaining: number | null, quantity: number, outcome: string][] = [
    ['active', 30, 10, 'active'],
    ['active', 30, 30, 'completed'],
    ['active', 30, 31, 'dispense-limit'],
    ['active', null, 1, 'dispense-limit'],
    ['on_hold', 30, 10, 'illegal-transition'],
    ['discontinued', 30, 10, 'illegal-transition'],
    ['completed', 0, 1, 'dispense-limit'],
  ]
  for (const [status, remaining, quantity, outcome] of cases)
    t.equal(
      outcomeOf(() => decideDispense(ordered(status, remaining), quantity)),
      outcome,
      `${status} ${remaining} ${quantity}`,
    )
})

t.test('a prescription is not from the future, but for the clocks of others', async (t) => {
  const now = new Date('2031-03-03T10:00:00.000Z')
  t.equal(decidePrescribedDate(undefined, now), '2031-03-03T10:00:00.000Z')
  t.equal(decidePrescribedDate('2031-03-03T12:05:00+02:00', now), '2031-03-03T10:05:00.000Z')
  t.equal(
    outcomeOf(() => decidePrescribedDate('2031-03-03T10:05:00.001Z', now)),
    'validation-failed /prescribed_date',
  )
})
