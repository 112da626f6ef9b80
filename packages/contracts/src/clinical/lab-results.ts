import { Type } from '@sinclair/typebox'
import { Closed, Line, Nullable, OneOf, Text } from '../kernel/schema.ts'

/**
 * HL7 v2 table 0078: below/above the reference range, below/above the critical limits, normal; of texts and codes: abnormal,
 * critically abnormal.
 */
export const LabFlag = OneOf(['L', 'H', 'LL', 'HH', 'N', 'A', 'AA'])

const finite = { minimum: -1e12, maximum: 1e12 }
const Limit = Type.Optional(Nullable(Type.Number(finite)))

const CodedValue = Closed({
  code: Line(50),
  display: Type.Optional(Nullable(Line(255))),
  system: Type.Optional(Nullable(Line(255))),
})

/** A number, a text, or a code. */
const Value = Type.Unsafe<number | string | { code: string; display?: string | null; system?: string | null }>(
  Type.Union([Type.Number(finite), Type.String({ minLength: 1, maxLength: 2000, pattern: '\\S' }), CodedValue]),
)

/** `<0.01` is the number 0.01 with the comparator `<`. */
const Comparator = OneOf(['<', '<=', '>=', '>'])

/** One result as it is entered. Limits that are left out come from the hospital's reference ranges. */
export const LabResultInput = Closed({
  name: Line(255),
  code: Type.Optional(Nullable(Line(50))),
  value: Value,
  unit: Type.Optional(Nullable(Line(50))),
  comparator: Type.Optional(Nullable(Comparator)),
  reference_low: Limit,
  reference_high: Limit,
  critical_low: Limit,
  critical_high: Limit,
  notes: Type.Optional(Nullable(Text(2000))),
})

/** One result as it is kept: with the reference range as it was then, and the flag that follows from it. */
export const LabResult = Type.Object({
  name: Type.String(),
  code: Nullable(Type.String()),
  value_type: OneOf(['numeric', 'text', 'coded']),
  value: Type.Unsafe<number | string | { code: string; display?: string | null; system?: string | null }>({}),
  unit: Nullable(Type.String()),
  comparator: Nullable(Comparator),
  reference_low: Nullable(Type.Number()),
  reference_high: Nullable(Type.Number()),
  critical_low: Nullable(Type.Number()),
  critical_high: Nullable(Type.Number()),
  /**
   * Which reference range a number was compared with: the one entered with it, the hospital's own, the catalogue's, one of
   * the catalogue that nobody has verified (`unverified`: it alarms, and never says normal), or none: such a result is never
   * normal. null for what is no number, and for results from before this was kept.
   */
  range: Nullable(OneOf(['entered', 'hospital', 'catalogue', 'unverified', 'none'])),
  /** null when it cannot be known: no range, a text that the catalogue does not know, a comparator that leaves it open. */
  flag: Nullable(LabFlag),
  /** What was entered, when its unit was converted into the unit of the hospital's reference range. */
  converted_from: Nullable(Type.Object({ value: Type.Number(), unit: Type.String() })),
  notes: Nullable(Type.String()),
})
