import t from 'tap'
import { computeDays } from '../src/prescriptions/quantity-rules.ts'
import { isOtherDrug, lastValidDay, tooEarlyUntil } from '../src/prescriptions/supply-rules.ts'

const limits = { early_refill_days: 7, prescription_valid_months: 12, controlled_valid_days: 28 }
const unsaid = {
  dose_amount: null,
  dose_unit: null,
  times_per_day: null,
  interval_hours: null,
  duration_days: null,
  dosage: null,
  frequency: null,
  duration: null,
  instructions: null,
}
const drug = (medication_name: string, rxnorm_code: string | null = null) => ({ medication_name, rxnorm_code })

t.test('how long a fill lasts, where it is said', async (t) => {
  const daily = { ...unsaid, dose_amount: '2', dose_unit: 'tablets' }
  const cases: [name: string, order: Partial<Parameters<typeof computeDays>[0]>, days: number | null][] = [
    ['as prescribed', { duration_days: 30, quantity: 90 }, 30],
    ['in words', { duration: '4 weeks', quantity: 28 }, 28],
    ['by the units of a day', { ...daily, times_per_day: 3, quantity: 60 }, 10],
    ['by hours', { ...daily, interval_hours: 8, quantity: 60 }, 10],
    ['by words', { dosage: '1 tablet', frequency: 'twice daily', quantity: 56 }, 28],
    ['milligrams are no tablets', { dosage: '500 mg', frequency: 'twice daily', quantity: 56 }, null],
    ['a dose that changes', { ...daily, times_per_day: 1, instructions: 'reduce weekly', quantity: 56 }, null],
    ['weekly', { dosage: '1 tablet', frequency: 'once weekly', quantity: 4 }, 28],
    ['as needed', { dosage: '1 tablet', frequency: 'as needed', quantity: 20 }, null],
    ['nothing', { quantity: 10 }, null],
  ]
  for (const [name, order, days] of cases) t.equal(computeDays({ ...unsaid, quantity: null, ...order }), days, name)
})

t.test('one fill at a time: the next is due when the last is nearly used up', async (t) => {
  const monthly = { ...unsaid, quantity: 30, duration_days: 30 }
  const on = (day: string, quantity: number) => ({ dispensed_at: `2031-${day}T09:00:00.000Z`, quantity })
  const due = (
    handedOut: ReturnType<typeof on>[],
    wanted: number,
    day: string,
    order: Parameters<typeof tooEarlyUntil>[0] = monthly,
    early = 7,
  ) =>
    tooEarlyUntil(order, handedOut, wanted, { ...limits, early_refill_days: early }, new Date(`2031-${day}T08:00:00Z`))
  t.equal(due([], 30, '01-01'), null, 'the first fill')
  t.equal(due([], 31, '01-01'), '2031-01-24', 'two at once')
  t.equal(due([on('01-01', 10)], 20, '01-01'), null, 'the rest of a fill that was begun is free')
  t.equal(due([on('01-01', 10)], 21, '01-01'), '2031-01-04', 'what goes beyond it is not')
  t.equal(due([on('01-01', 30)], 1, '01-02'), '2031-01-24')
  t.equal(due([on('01-01', 30)], 30, '01-23'), '2031-01-24')
  t.equal(due([on('01-01', 30)], 30, '01-24'), null, 'seven days before it ends')
  t.equal(due([on('01-01', 30)], 30, '01-24', monthly, 3), '2031-01-28', 'as the hospital says')
  t.equal(due([on('01-01', 30), on('01-24', 30)], 30, '02-17'), '2031-02-23', 'days that were early do not add up')
  t.equal(due([on('01-01', 10), on('01-25', 20)], 30, '01-31'), '2031-02-07', 'a late rest lasts as long')
  const weekly = { ...unsaid, quantity: 21, duration_days: 7 }
  t.equal(due([on('01-01', 21)], 21, '01-01', weekly), '2031-01-07', 'at most a quarter of a short fill')
  t.equal(due([on('01-01', 10)], 90, '01-01', { ...unsaid, quantity: 10 }), null, 'without days there is no interval')
})

t.test('valid for twelve months, a controlled drug for 28 days', async (t) => {
  const until = (name: string, prescribed_date = '2031-11-01T10:00:00.000Z') =>
    lastValidDay({ ...drug(name), prescribed_date }, limits)
  t.equal(until('Metformin 500 MG'), '2032-11-01')
  t.equal(until('Metformin 500 MG', '2032-02-29T10:00:00.000Z'), '2033-02-28')
  t.equal(until('Oxycodone 5 MG'), '2031-11-29', 'written on 1 November, valid until 29 November')
  t.equal(until('Zolpidem 10 MG'), '2031-11-29')
  t.equal(until('Codeine 15 MG / Paracetamol 500 MG'), '2032-11-01')
  t.equal(until('Zorbamycin'), '2032-11-01')
})

t.test('a supply begins anew only where another drug is understood', async (t) => {
  t.notOk(isOtherDrug(drug('Warfarin 5 MG'), drug('Coumadin 2.5 mg')), 'another strength, a brand')
  t.notOk(isOtherDrug(drug('Amoxicillin 500 MG'), drug('Amoxicillin / Clavulanate')), 'a substance in common')
  t.notOk(isOtherDrug(drug('Warfarin 5 MG'), drug('Warfarn 5 MG')), 'a slip')
  t.notOk(isOtherDrug(drug('Zorbamycin'), drug('Zorbamycin forte')))
  t.ok(isOtherDrug(drug('Amoxicillin 500 MG'), drug('Clarithromycin 250 MG')))
})
