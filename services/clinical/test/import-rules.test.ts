import t from 'tap'
import { mapResults } from '../src/imports/observation-mapping.ts'

const observed = (node: object) => {
  const whole = { code: { text: 'Potassium' }, ...node }
  const [result] = mapResults({ type: 'Observation', key: 'Observation/1', pointer: '/entry/0/resource', node: whole })
  return result
}
const quantity = (value: number, unit: string) => ({ valueQuantity: { value, unit } })
const limits = (low: number, high: number, unit: string, code?: string) => ({
  low: { value: low, unit },
  high: { value: high, unit },
  ...(code === undefined ? {} : { type: { coding: [{ code }] } }),
})
const said = (code: string) => ({ interpretation: [{ coding: [{ code }] }] })

t.test('an imported value is compared with the range that says what is normal', async (t) => {
  const both = [limits(2.5, 6.5, 'mmol/L', 'critical'), limits(3.5, 5.1, 'mmol/L', 'normal')]
  t.match(observed({ ...quantity(3, 'mmol/L'), referenceRange: both }), {
    ...{ reference_low: 3.5, reference_high: 5.1, critical_low: 2.5, critical_high: 6.5 },
    ...{ flag: 'L', range: 'entered' },
  })
  t.match(observed({ ...quantity(7, 'mmol/L'), referenceRange: both }), { flag: 'HH' })
  t.match(observed({ ...quantity(4, 'mmol/L'), referenceRange: [limits(3.5, 5.1, 'mmol/L')] }), { flag: 'N' })
  t.match(observed({ ...quantity(4, 'mmol/L'), referenceRange: [limits(1, 2, 'mmol/L', 'therapeutic')] }), {
    ...{ flag: null, range: 'none', reference_low: null },
  })
})

t.test('limits in another unit are converted, or not used', async (t) => {
  const glucose = { code: { text: 'Glucose' } }
  const foreign = { ...glucose, ...quantity(5.5, 'mmol/L'), referenceRange: [limits(70, 100, 'mg/dL')] }
  t.match(observed(foreign), { reference_low: null, reference_high: null, flag: null, range: 'none' })
  t.match(observed({ ...foreign, ...said('N') }), { flag: 'N' }, 'the laboratory compared it')
  const grams = { code: { text: 'Hemoglobin' }, ...quantity(13, 'g/dL'), referenceRange: [limits(120, 155, 'g/L')] }
  t.match(observed(grams), { reference_low: 12, reference_high: 15.5, flag: 'N' })
  const calcium = { code: { text: 'Calcium' }, ...quantity(1.5, 'mmol/L'), referenceRange: [limits(4.2, 5.2, 'mEq/L')] }
  t.match(observed(calcium), { reference_low: 2.1, reference_high: 2.6, flag: 'L' })
})

t.test('what the laboratory said is not made less', async (t) => {
  const normal = { ...quantity(4, 'mmol/L'), referenceRange: [limits(3.5, 5.1, 'mmol/L')] }
  t.match(observed({ ...normal, ...said('HH') }), { flag: 'HH' })
  t.match(observed({ ...normal, ...said('POS') }), { flag: 'N' }, 'a code of another kind')
  t.match(observed({ ...quantity(2, 'mmol/L'), referenceRange: normal.referenceRange, ...said('N') }), { flag: 'L' })
})

t.test('a number that came as text is a number', async (t) => {
  const texts: [string, object][] = [
    ['7.9', { value_type: 'numeric', value: 7.9, comparator: null }],
    ['7,9', { value_type: 'numeric', value: 7.9 }],
    ['<0.001', { value_type: 'numeric', value: 0.001, comparator: '<' }],
    ['1,234', { value_type: 'text', value: '1,234' }],
    ['007', { value_type: 'text', value: '007' }],
    ['trace', { value_type: 'text', value: 'trace', range: null }],
  ]
  for (const [valueString, expected] of texts) t.match(observed({ valueString }), expected, valueString)
  const range = { referenceRange: [limits(3.5, 5.1, 'mmol/L')] }
  t.match(observed({ valueString: '7.9', ...range }), { flag: 'H', range: 'entered' }, 'in the unit of its range')
})
