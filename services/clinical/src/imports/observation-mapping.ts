import { convertValue } from '../lab-tests/analyte-rules.ts'
import { flagOf, flags, rangeOf, worse } from '../lab-tests/grading-rules.ts'
import { readNumber } from '../lab-tests/number-rules.ts'
import { readUnit } from '../lab-tests/unit-rules.ts'
import {
  codingsOf,
  conceptText,
  cut,
  invalidBundle,
  isNode,
  joinTexts,
  type Node,
  nodesAt,
  nodesOf,
  type Resource,
  textOf,
  toInstant,
} from './fhir-mapping.ts'
import type { ImportedResult } from './plan-mapping.ts'

/** Where a measured thing stands: a resource, or one component of it. */
interface Place {
  at: Resource
  node: Node
  field: string
}

type Value = Pick<ImportedResult, 'value' | 'value_type' | 'unit' | 'comparator'>
const plain = (value: string, unit: string | null = null): Value => ({
  value_type: 'text',
  value,
  unit,
  comparator: null,
})

const comparators = ['<', '<=', '>=', '>'] as const
const largest = 1e12

function numberAt({ at, field }: Place, value: unknown): number {
  if (typeof value !== 'number') throw invalidBundle(`${at.pointer}/${field}/value`, 'must be a number')
  return value
}

function quantity(place: Place, node: Node): Value | null {
  if (node['value'] === undefined) return null
  const value = numberAt(place, node['value'])
  const unit = textOf(node['unit']) ?? textOf(node['code'])
  if (Math.abs(value) > largest) return plain(String(value), unit)
  const comparator = comparators.find((sign) => sign === node['comparator']) ?? null
  return { value_type: 'numeric', value, unit, comparator }
}

function coded(concept: Node): Value | null {
  const [coding] = codingsOf(concept).filter(({ code }) => code !== null)
  const text = conceptText(concept)
  if (text === null) return null
  if (!coding?.code || coding.code.length > 50) return plain(cut(text, 2000))
  const value = { code: coding.code, display: cut(text, 255), system: coding.system }
  return { value_type: 'coded', value, unit: null, comparator: null }
}

const amount = (node: unknown): string | null => {
  if (!isNode(node) || typeof node['value'] !== 'number') return null
  return joinTexts([textOf(node['comparator']), String(node['value']), textOf(node['unit'])], ' ')
}

/** A number that came as text: `7.9`, `<0.001`. What is no number for certain, or would not be written so, stays text. */
function typedNumber(text: string): Value | null {
  const typed = readNumber(text)
  if (typed === null || typed === 'ambiguous' || /^[^\d]*0\d/.test(text)) return null
  return { value_type: 'numeric', value: typed.value, unit: null, comparator: typed.comparator }
}

/** What does not fit a number, a text or a code is kept in words, exactly. */
function inWords(node: Node): Value | null {
  if (isNode(node['valueRange']))
    return plain(`${amount(node['valueRange']['low']) ?? ''} – ${amount(node['valueRange']['high']) ?? ''}`.trim())
  if (isNode(node['valueRatio']))
    return plain(
      `${amount(node['valueRatio']['numerator']) ?? '?'} : ${amount(node['valueRatio']['denominator']) ?? '?'}`,
    )
  if (typeof node['valueBoolean'] === 'boolean') return plain(node['valueBoolean'] ? 'yes' : 'no')
  const text = textOf(node['valueString']) ?? textOf(node['valueDateTime']) ?? textOf(node['valueTime'])
  if (text !== null) return typedNumber(text) ?? plain(cut(text, 2000))
  const other = isNode(node['valuePeriod']) ? node['valuePeriod'] : node['valueSampledData']
  return isNode(other) ? plain(cut(JSON.stringify(other), 2000)) : null
}

function readValue(place: Place): Value | null {
  const { node, field } = place
  if (isNode(node['valueQuantity']))
    return quantity({ ...place, field: `${field}valueQuantity` }, node['valueQuantity'])
  if (isNode(node['valueCodeableConcept'])) return coded(node['valueCodeableConcept'])
  if (typeof node['valueInteger'] === 'number') {
    return { value_type: 'numeric', value: node['valueInteger'], unit: null, comparator: null }
  }
  return inWords(node)
}

/** Is it what is normal? A range without a type is. */
const isNormal = (range: Node): boolean => range['type'] === undefined || /normal/i.test(wordsOfType(range['type']))
const isCriticalRange = (range: Node): boolean => /critical|panic/i.test(wordsOfType(range['type']))
const wordsOfType = (type: unknown): string =>
  joinTexts([conceptText(type), ...codingsOf(type).map(({ code }) => code)], ' ') ?? ''

/** A limit in the unit of the value; null where it stands in another that cannot be converted. */
function limitOf(ranges: readonly Node[], side: 'low' | 'high', name: string, unit: string | null): number | null {
  const limit = ranges.map((range) => range[side]).find(isNode)
  if (limit === undefined || typeof limit['value'] !== 'number') return null
  const own = textOf(limit['unit']) ?? textOf(limit['code'])
  // A value without a unit came as text: it was measured in what its range is written in.
  if (own === null || unit === null || own === unit) return limit['value']
  const [from, to] = [readUnit(own), readUnit(unit)]
  return from === null || to === null ? null : convertValue(name, limit['value'], from, to, null)
}

/** The range that came with the value, and its flag: what follows from the range or what the laboratory said, the worse. */
function comparedWithin(node: Node, name: string, value: Value) {
  const ranges = nodesOf(node['referenceRange'])
  const [normal, critical] = [ranges.filter(isNormal), ranges.filter(isCriticalRange)]
  const limits = {
    reference_low: limitOf(normal, 'low', name, value.unit),
    reference_high: limitOf(normal, 'high', name, value.unit),
    critical_low: limitOf(critical, 'low', name, value.unit),
    critical_high: limitOf(critical, 'high', name, value.unit),
  }
  const said = nodesOf(node['interpretation'])
    .flatMap((concept) => codingsOf(concept).map(({ code }) => code))
    .find((code): code is NonNullable<ImportedResult['flag']> => flags.some((flag) => flag === code))
  const measured = typeof value.value === 'number' ? flagOf(value.value, value.comparator, limits) : null
  return { ...limits, range: rangeOf(value, limits, 'entered'), flag: worse(measured, said ?? null) }
}

function toResult(place: Place, name: string): ImportedResult | null {
  const value = readValue(place)
  if (value === null) return null
  const [coding] = codingsOf(place.node['code'])
  return {
    name: cut(name, 255),
    code: coding?.code && coding.code.length <= 50 ? coding.code : null,
    ...value,
    ...comparedWithin(place.node, name, value),
    converted_from: null,
    notes: joinTexts(
      nodesOf(place.node['note']).map((note) => textOf(note['text'])),
      '\n',
    ),
  }
}

/** What an Observation measured: its value, and each of its components'. Empty when it says only that there is none. */
export function mapResults(at: Resource): ImportedResult[] {
  const name = conceptText(at.node['code'])
  if (name === null) throw invalidBundle(`${at.pointer}/code`, 'must say in words or by a code what was observed')
  const whole = toResult({ at, node: at.node, field: '' }, name)
  const parts = nodesAt(at, 'component').map((node, i) =>
    toResult({ at, node, field: `component/${i}/` }, conceptText(node['code']) ?? name),
  )
  return [whole, ...parts].filter((result) => result !== null)
}

/** When it was observed, and when that became known. */
export function observedAt(at: Resource): { observed: string; issued: string } | null {
  const { effectivePeriod, effectiveDateTime, effectiveInstant, issued } = at.node
  const period = isNode(effectivePeriod) ? effectivePeriod : {}
  const [field, when] = Object.entries({
    effectiveDateTime,
    effectiveInstant,
    'effectivePeriod/start': period['start'],
    'effectivePeriod/end': period['end'],
    issued,
  }).find(([, value]) => value !== undefined) ?? ['', undefined]
  if (when === undefined) return null
  const observed = toInstant(at, field, when)
  const known = issued === undefined ? observed : toInstant(at, 'issued', issued)
  return { observed, issued: [observed, known].sort().at(-1) ?? observed }
}
