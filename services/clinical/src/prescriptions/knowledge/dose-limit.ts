import type { Opened } from './interaction.ts'

/** Where a drug goes in; `topical` is everything that is meant to stay where it is put: skin, eye, nose, airways. */
export type Route = 'oral' | 'parenteral' | 'topical'

/** The most of a substance that a source names for an adult, in milligrams. */
export interface DoseLimit {
  name: string
  route: 'oral' | 'parenteral'
  /** At a time; null where the source says only the day. */
  single: number | null
  /** In a day. */
  daily: number
  source: string
  /** null: unverified. The publication was not opened; such a figure may warn, it is never a reason to pass anything. */
  opened: Opened | null
}

const rows = (table: string): string[][] =>
  table
    .split('\n')
    .filter((line) => line.includes('|'))
    .map((line) => line.split('|').map((cell) => cell.trim()))

const number = (cell: string | undefined): number | null => (cell === undefined || cell === '-' ? null : Number(cell))

/** Reads lines `name | single | daily | passage`, in milligrams, of one publication; an empty address: not opened. */
export function doseLimits(
  route: DoseLimit['route'],
  { source, address }: { source: string; address: string | null },
  table: string,
): DoseLimit[] {
  return rows(table).map(([name = '', single, daily, passage = '']) => ({
    name,
    route,
    single: number(single),
    daily: number(daily) ?? 0,
    source,
    opened: address === null ? null : { address, passage },
  }))
}

/** The most for a child under twelve, in milligrams for each kilogram. */
export interface ChildDoseLimit {
  name: string
  route: 'oral' | 'parenteral'
  daily: number
  source: string
  opened: Opened | null
}

/** Reads lines `name | oral or parenteral | mg/kg a day | passage` of one publication. */
export function childDoseLimits(
  { source, address }: { source: string; address: string | null },
  table: string,
): ChildDoseLimit[] {
  return rows(table).map(([name = '', route, daily, passage = '']) => ({
    name,
    route: route === 'parenteral' ? 'parenteral' : 'oral',
    daily: number(daily) ?? 0,
    source,
    opened: address === null ? null : { address, passage },
  }))
}
