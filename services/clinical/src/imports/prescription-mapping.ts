import type { Bundle } from './bundle-mapping.ts'
import {
  codingsOf,
  conceptText,
  cut,
  instantAt,
  isNode,
  joinTexts,
  type Node,
  nodeAt,
  nodesAt,
  nodesOf,
  type Resource,
  textAt,
  textOf,
} from './fhir-mapping.ts'
import type { PrescriptionDraft } from './plan-mapping.ts'
import { sourceOf } from './source-mapping.ts'

const statuses: Record<string, PrescriptionDraft['status']> = {
  active: 'active',
  'on-hold': 'on_hold',
  completed: 'completed',
  stopped: 'discontinued',
  cancelled: 'discontinued',
}

const unitNames: Record<string, string> = {
  s: 'second',
  min: 'minute',
  h: 'hour',
  d: 'day',
  wk: 'week',
  mo: 'month',
  a: 'year',
}
const daysOf: Record<string, number> = { d: 1, wk: 7 }

const numberOf = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null)
const wholeBetween = (value: number | null, low: number, high: number): number | null =>
  value !== null && Number.isInteger(value) && value >= low && value <= high ? value : null

/** How often, in words and, where it is that simple, in numbers. */
function timing(dose: Node): Pick<PrescriptionDraft, 'frequency' | 'times_per_day' | 'interval_hours'> {
  const repeat = isNode(dose['timing']) && isNode(dose['timing']['repeat']) ? dose['timing']['repeat'] : {}
  const text = isNode(dose['timing']) ? conceptText(dose['timing']['code']) : null
  const [times, period, unit] = [
    numberOf(repeat['frequency']) ?? 1,
    numberOf(repeat['period']),
    textOf(repeat['periodUnit']),
  ]
  const needed = dose['asNeededBoolean'] === true || isNode(dose['asNeededCodeableConcept']) ? 'as needed' : null
  if (period === null || unit === null)
    return { frequency: joinTexts([text, needed], ', '), times_per_day: null, interval_hours: null }
  const every = period === 1 ? (unitNames[unit] ?? unit) : `${period} ${unitNames[unit] ?? unit}s`
  const words = `${times === 1 ? 'once' : `${times} times`} every ${every}`
  const timesPerDay = unit === 'd' && period === 1 ? wholeBetween(times, 1, 48) : null
  const intervalHours = unit === 'h' && times === 1 ? wholeBetween(period, 1, 8760) : null
  return {
    frequency: joinTexts([text ?? words, needed], ', '),
    times_per_day: timesPerDay,
    interval_hours: intervalHours,
  }
}

function doseOf(dose: Node): Pick<PrescriptionDraft, 'dosage' | 'dose_amount' | 'dose_unit' | 'dose_route'> {
  const [rate] = nodesOf(dose['doseAndRate'])
  const quantity = isNode(rate?.['doseQuantity']) ? rate['doseQuantity'] : {}
  const [amount, unit] = [numberOf(quantity['value']), textOf(quantity['unit']) ?? textOf(quantity['code'])]
  const route = conceptText(dose['route'])
  const exact =
    amount !== null &&
    unit !== null &&
    unit.length <= 30 &&
    amount > 0 &&
    amount < 1e6 &&
    /^\d+(\.\d{1,6})?$/.test(String(amount))
  return {
    dosage: joinTexts([textOf(dose['text']), amount === null ? null : joinTexts([String(amount), unit], ' ')], '; '),
    dose_amount: exact ? amount : null,
    dose_unit: exact ? unit : null,
    dose_route: route === null ? null : cut(route, 50),
  }
}

function durationOf(dose: Node, supply: Node): Pick<PrescriptionDraft, 'duration' | 'duration_days'> {
  const repeat = isNode(dose['timing']) && isNode(dose['timing']['repeat']) ? dose['timing']['repeat'] : {}
  const bounds = [repeat['boundsDuration'], supply['expectedSupplyDuration']].find(isNode)
  const value = numberOf(bounds?.['value'])
  const unit = textOf(bounds?.['code']) ?? textOf(bounds?.['unit'])
  if (value === null) return { duration: null, duration_days: null }
  const days = wholeBetween(value * (daysOf[unit ?? ''] ?? Number.NaN), 1, 3650)
  return { duration: joinTexts([String(value), unitNames[unit ?? ''] ?? unit], ' '), duration_days: days }
}

function instructionsOf(bundle: Bundle, at: Resource, doses: readonly Node[]): string | null {
  const said = doses.flatMap((dose) => [
    textOf(dose['patientInstruction']),
    ...nodesOf(dose['additionalInstruction']).map(conceptText),
  ])
  const reasons = [
    ...nodesAt(at, 'reasonCode').map(conceptText),
    ...nodesAt(at, 'reasonReference').map((reference) => conceptText(bundle.resolve(at, reference)?.node['code'])),
  ]
  const reason = joinTexts([...new Set(reasons)], '; ')
  const notes = nodesAt(at, 'note').map((note) => textOf(note['text']))
  const more = doses.slice(1).map((dose) => joinTexts([doseOf(dose).dosage, timing(dose).frequency], ', '))
  const text = joinTexts([...said, ...more, reason === null ? null : `For: ${reason}`, ...notes], '\n')
  return text === null ? null : cut(text, 4000)
}

/** Why a MedicationRequest becomes no prescription; null when it does. */
export function prescriptionRefusal(at: Resource): string | null {
  const status = textAt(at, 'status') ?? 'unknown'
  return statuses[status] === undefined ? `status ${status}` : null
}

const short = (text: string | null) => (text === null ? null : cut(text, 255))

/** MedicationRequest → a row of prescriptions; null when it names no drug or no day. */
export function mapPrescription(
  bundle: Bundle,
  at: Resource,
  patientKey: string,
  recordKey: string | null,
): PrescriptionDraft | null {
  const drug =
    nodeAt(at, 'medicationCodeableConcept') ?? bundle.resolve(at, at.node['medicationReference'])?.node['code']
  const name = conceptText(drug) ?? textOf(nodeAt(at, 'medicationReference')?.['display'])
  const when = instantAt(at, 'authoredOn')
  if (name === null || when === null) return null
  const rxnorm = codingsOf(drug).find(({ system, code }) => system?.includes('rxnorm') && /^\d{1,8}$/.test(code ?? ''))
  const doses = nodesAt(at, 'dosageInstruction')
  const [dose = {}] = doses
  const supply = nodeAt(at, 'dispenseRequest') ?? {}
  const status = textAt(at, 'status') ?? ''
  const { frequency, ...times } = timing(dose)
  const { dosage, ...amount } = doseOf(dose)
  const { duration, duration_days } = durationOf(dose, supply)
  return {
    keys: [at.key],
    pointer: at.pointer,
    patientKey,
    recordKey,
    medication_name: cut(name, 255),
    rxnorm_code: rxnorm?.code ?? null,
    dosage: short(dosage),
    frequency: short(frequency),
    duration: short(duration),
    instructions: instructionsOf(bundle, at, doses),
    quantity: isNode(supply['quantity']) ? wholeBetween(numberOf(supply['quantity']['value']), 1, 1_000_000) : null,
    refills_allowed: wholeBetween(numberOf(supply['numberOfRepeatsAllowed']), 0, 99) ?? 0,
    status: statuses[status] ?? 'discontinued',
    status_reason:
      status === 'active' || status === 'completed'
        ? null
        : (conceptText(at.node['statusReason']) ?? `${status} in the source`),
    prescribed_date: when,
    ...amount,
    ...times,
    duration_days,
    source: sourceOf(bundle, at, at.node['requester']),
  }
}
