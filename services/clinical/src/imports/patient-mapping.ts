import {
  codesOf,
  conceptText,
  cut,
  invalidBundle,
  joinTexts,
  type Node,
  nodesAt,
  nodesOf,
  type Resource,
  textAt,
  textOf,
  toDay,
} from './fhir-mapping.ts'
import type { PatientDraft } from './plan-mapping.ts'

const nameUses = ['official', 'usual', undefined, 'nickname', 'anonymous', 'old', 'maiden']

/** The name the patient goes by; the old and maiden ones only when there is no other. */
function nameOf(at: Resource): { first: string; last: string } {
  const names = nodesAt(at, 'name')
  const best = [...names].sort((a, b) => nameUses.indexOf(a['use'] as string) - nameUses.indexOf(b['use'] as string))[0]
  if (best === undefined) throw invalidBundle(`${at.pointer}/name`, 'is required')
  const given = Array.isArray(best['given']) ? joinTexts(best['given'].map(textOf), ' ') : null
  const words = textOf(best['text'])?.split(/\s+/) ?? []
  const last = textOf(best['family']) ?? words.at(-1)
  const first = given ?? words.slice(0, -1).join(' ')
  if (last === undefined) throw invalidBundle(`${at.pointer}/name`, 'must have a family name or a text')
  return { first: cut(first || 'Unknown', 100), last: cut(last, 100) }
}

const telecomOf = (points: readonly Node[], system: string): string | null =>
  textOf(points.find((point) => point['system'] === system && point['use'] !== 'old')?.['value'])

function addressOf(address: Node | undefined): string | null {
  if (address === undefined) return null
  const lines = Array.isArray(address['line']) ? address['line'].map(textOf) : []
  const city = joinTexts([textOf(address['city']), textOf(address['state']), textOf(address['postalCode'])], ' ')
  const text = textOf(address['text']) ?? joinTexts([...lines, city, textOf(address['country'])], ', ')
  return text === null ? null : cut(text, 1000)
}

function numberOf(at: Resource): string | null {
  const record = nodesAt(at, 'identifier').find((identifier) => codesOf([identifier['type']]).includes('MR'))
  const number = textOf(record?.['value'])
  return number !== null && number.length <= 50 ? number : null
}

const genders: Record<string, string> = { male: 'Male', female: 'Female', other: 'Other', unknown: 'Unknown' }

function statusOf(at: Resource): Pick<PatientDraft, 'status' | 'deceased_date'> {
  const died = at.node['deceasedDateTime']
  if (died !== undefined) return { status: 'deceased', deceased_date: toDay(at, 'deceasedDateTime', died) }
  // Somebody who died on a day nobody wrote down cannot be `deceased` here, which needs the day; active they are not.
  const gone = at.node['deceasedBoolean'] === true || at.node['active'] === false
  return { status: gone ? 'inactive' : 'active', deceased_date: null }
}

function birthDateOf(at: Resource): string {
  const date = textAt(at, 'birthDate')
  if (date === null || !/^\d{4}-\d\d-\d\d$/.test(date))
    throw invalidBundle(`${at.pointer}/birthDate`, 'must be a full date')
  return toDay(at, 'birthDate', date)
}

/** Patient → a row of patients. */
export function mapPatient(at: Resource): PatientDraft {
  const { first, last } = nameOf(at)
  const telecom = nodesAt(at, 'telecom')
  const contact = nodesAt(at, 'contact')[0]
  const contactName = nodesOf([contact?.['name']])[0]
  const given = Array.isArray(contactName?.['given']) ? contactName['given'].map(textOf) : []
  const contactText = textOf(contactName?.['text']) ?? joinTexts([...given, textOf(contactName?.['family'])], ' ')
  const born = birthDateOf(at)
  const { status, deceased_date } = statusOf(at)
  const gender = textAt(at, 'gender')
  return {
    key: at.key,
    pointer: at.pointer,
    number: numberOf(at),
    first_name: first,
    last_name: last,
    date_of_birth: born,
    email: telecomOf(telecom, 'email'),
    phone: telecomOf(telecom, 'phone'),
    gender: gender === null ? null : (genders[gender] ?? conceptText({ text: gender })),
    address: addressOf(nodesAt(at, 'address')[0]),
    emergency_contact_name: contactText === null ? null : cut(contactText, 200),
    emergency_contact_phone: telecomOf(nodesOf(contact?.['telecom']), 'phone'),
    status,
    deceased_date,
  }
}
