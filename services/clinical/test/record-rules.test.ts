import t from 'tap'
import { ageInYears, computeNews2, findBreaches, measuredVitals, mergePatch } from '../src/medical-records/rules.ts'

const calm = {
  systolic: 120,
  diastolic: 80,
  heart_rate: 70,
  respiratory_rate: 16,
  temperature_c: 36.8,
  oxygen_saturation: 98,
  on_oxygen: false,
  consciousness: 'A',
} as const

t.test('NEWS2 is the published chart', async (t) => {
  // Boundaries of every band: [part, value, points].
  const cases: [keyof typeof calm, number, number][] = [
    ['respiratory_rate', 8, 3],
    ['respiratory_rate', 9, 1],
    ['respiratory_rate', 11, 1],
    ['respiratory_rate', 12, 0],
    ['respiratory_rate', 20, 0],
    ['respiratory_rate', 21, 2],
    ['respiratory_rate', 24, 2],
    ['respiratory_rate', 25, 3],
    ['oxygen_saturation', 91, 3],
    ['oxygen_saturation', 92, 2],
    ['oxygen_saturation', 93, 2],
    ['oxygen_saturation', 94, 1],
    ['oxygen_saturation', 95, 1],
    ['oxygen_saturation', 96, 0],
    ['systolic', 90, 3],
    ['systolic', 91, 2],
    ['systolic', 100, 2],
    ['systolic', 101, 1],
    ['systolic', 110, 1],
    ['systolic', 111, 0],
    ['systolic', 219, 0],
    ['systolic', 220, 3],
    ['heart_rate', 40, 3],
    ['heart_rate', 41, 1],
    ['heart_rate', 50, 1],
    ['heart_rate', 51, 0],
    ['heart_rate', 90, 0],
    ['heart_rate', 91, 1],
    ['heart_rate', 110, 1],
    ['heart_rate', 111, 2],
    ['heart_rate', 130, 2],
    ['heart_rate', 131, 3],
    ['temperature_c', 35, 3],
    ['temperature_c', 35.1, 1],
    ['temperature_c', 36, 1],
    ['temperature_c', 36.1, 0],
    ['temperature_c', 38, 0],
    ['temperature_c', 38.1, 1],
    ['temperature_c', 39, 1],
    ['temperature_c', 39.1, 2],
  ]
  for (const [part, value, points] of cases)
    t.equal(computeNews2({ ...calm, [part]: value }, 40)?.score, points, `${part} ${value}`)
  t.equal(computeNews2({ ...calm, on_oxygen: true }, 40)?.score, 2)
  for (const consciousness of ['C', 'V', 'P', 'U'] as const) {
    t.match(computeNews2({ ...calm, consciousness }, 40), { score: 3, risk: 'low_medium' })
  }
  const scale2: [number, boolean, number][] = [
    [83, false, 3],
    [84, false, 2],
    [85, false, 2],
    [86, false, 1],
    [87, false, 1],
    [88, false, 0],
    [92, false, 0],
    [99, false, 0],
    [92, true, 0],
    [93, true, 1],
    [94, true, 1],
    [95, true, 2],
    [96, true, 2],
    [97, true, 3],
    [83, true, 3],
  ]
  for (const [oxygen_saturation, on_oxygen, points] of scale2) {
    t.equal(computeNews2({ ...calm, spo2_scale: 2, oxygen_saturation, on_oxygen }, 40)?.parts.oxygen_saturation, points)
  }
  t.match(computeNews2({ ...calm, heart_rate: 125, respiratory_rate: 22, temperature_c: 38.5 }, 40), {
    score: 5,
    risk: 'medium',
  })
  t.match(computeNews2({ ...calm, heart_rate: 135, respiratory_rate: 26, temperature_c: 38.5 }, 40), {
    score: 7,
    risk: 'high',
  })
  for (const part of Object.keys(calm).filter((name) => name !== 'diastolic')) {
    t.equal(computeNews2({ ...calm, [part]: undefined }, 40), null, `${part} missing`)
  }
  t.equal(computeNews2(null, 40), null)
  t.equal(computeNews2(calm, 15), null, 'not for children')
  t.equal(ageInYears('2010-03-15', '2026-03-14T23:00:00.000Z'), 15)
  t.equal(ageInYears('2010-03-15', '2026-03-15T00:00:00.000Z'), 16)
  t.same(mergePatch({ a: { b: 1, c: 2 }, d: [1] }, { a: { b: null }, d: [2] }), { a: { c: 2 }, d: [2] })
})

t.test('what the fields of a record must be to each other', async (t) => {
  const places = (changes: Partial<Parameters<typeof findBreaches>[0]>) =>
    findBreaches({ visit_date: '2031-03-03T10:00:00.000Z', follow_up_date: null, vital_signs: null, ...changes }).map(
      ({ pointer }) => pointer,
    )
  t.same(places({}), [])
  t.same(places({ vital_signs: calm, follow_up_date: '2031-03-03' }), [])
  t.same(places({ follow_up_date: '2031-03-02' }), ['/follow_up_date'])
  t.same(places({ vital_signs: { ...calm, diastolic: 120 } }), ['/vital_signs/diastolic'])
  t.same(places({ vital_signs: { diastolic: 120 } }), [], 'one alone says nothing')
  t.equal(measuredVitals({ heart_rate: null }), null)
  t.same(measuredVitals({ heart_rate: 70, systolic: null }), { heart_rate: 70 })
})
