import type { Delta } from '@hospital/contracts'
import { type Catalogue, type Entry, expectedAnalytes, findAnalyte, wordOf } from '../lab-catalogue/rules.ts'
import { convertValue } from '../lab-tests/analyte-rules.ts'
import type { Result } from '../lab-tests/grading-rules.ts'
import { significantChangeSource, significantChanges } from './knowledge/significant-changes.ts'

/** A test with its results and the instant that they speak of. */
export interface Tested {
  id: number
  test_name: string
  code: string | null
  results: readonly Result[]
  at: string
}

export interface HospitalLimit {
  name: string
  percent: number
}

interface Reading {
  result: Result
  value: number
  analyte: Entry | null
  from: Tested
}

const readingsOf = (catalogue: Catalogue, from: Tested): Reading[] => {
  const members = expectedAnalytes(catalogue, { name: from.test_name, code: from.code })
  return from.results.flatMap((result) =>
    // Beyond a limit of the analyser is no number to subtract.
    typeof result.value === 'number' && result.comparator === null
      ? { result, value: result.value, analyte: findAnalyte(catalogue, result, members), from }
      : [],
  )
}

const isSame = (a: Reading, b: Reading): boolean => {
  if (a.analyte !== null || b.analyte !== null) return a.analyte?.id === b.analyte?.id
  if (a.result.code !== null && b.result.code !== null) return a.result.code === b.result.code
  return wordOf(a.result.name) === wordOf(b.result.name)
}

function inUnitOf(reading: Reading, unit: string | null): number | null {
  const own = reading.result.unit
  if (own === unit) return reading.value
  if (own === null || unit === null) return null
  const { analyte } = reading
  return convertValue(reading.result.name, reading.value, own, unit, analyte?.molar_mass ?? null, analyte)
}

type Limit = Pick<Delta, 'limit' | 'limit_percent' | 'source'>

function limitFor(catalogue: Catalogue, { result, analyte }: Reading, own: readonly HospitalLimit[]): Limit {
  const speaksOf = ({ name }: { name: string }) =>
    wordOf(name) === wordOf(result.name) ||
    (analyte !== null && findAnalyte(catalogue, { name, code: null })?.id === analyte.id)
  const hospital = own.find(speaksOf)
  if (hospital) return { limit: 'hospital', limit_percent: hospital.percent, source: null }
  // The published ones speak of blood: of what the catalogue knows by that name alone.
  const published = analyte && significantChanges.find(speaksOf)
  if (published) return { limit: 'published', limit_percent: published.percent, source: significantChangeSource }
  return { limit: null, limit_percent: null, source: null }
}

/**
 * Each number of a test against the patient's last one of the same analyte, in one unit. `earlier`: newest first. What
 * cannot be brought into one unit is passed over for the next older.
 */
export function deltasOf(
  catalogue: Catalogue,
  test: Tested,
  earlier: readonly Tested[],
  own: readonly HospitalLimit[],
): Delta[] {
  const before = earlier.flatMap((one) => readingsOf(catalogue, one))
  return readingsOf(catalogue, test).flatMap((now): Delta[] => {
    for (const last of before) {
      const previous = isSame(now, last) ? inUnitOf(last, now.result.unit) : null
      if (previous === null) continue
      const percent = previous === 0 ? null : Math.round(((now.value - previous) / Math.abs(previous)) * 1000) / 10
      const limit = limitFor(catalogue, now, own)
      return [
        {
          name: now.result.name,
          code: now.result.code,
          value: now.value,
          unit: now.result.unit,
          previous,
          previous_at: last.from.at,
          previous_lab_test_id: last.from.id,
          percent,
          ...limit,
          exceeded: limit.limit_percent === null || percent === null ? null : Math.abs(percent) > limit.limit_percent,
        },
      ]
    }
    return []
  })
}
