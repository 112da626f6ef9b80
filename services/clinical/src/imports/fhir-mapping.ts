import { isCalendarDate, isInstant, problem } from '@hospital/contracts'

/** A JSON object of a bundle, not yet believed. */
export type Node = Readonly<Record<string, unknown>>

/** One resource with its place in the bundle, so that a refusal can point at it. */
export interface Resource {
  type: string
  /** `<type>/<id in the source>`: the same in every import of the same resource. */
  key: string
  /** `/entry/<n>/resource` */
  pointer: string
  node: Node
}

/** A refusal of the whole bundle that names the place. */
export const invalidBundle = (pointer: string, detail: string) =>
  problem('invalid-bundle', { detail: `${pointer || 'The bundle'} ${detail}`, errors: [{ pointer, detail }] })

export const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const expected = (at: Resource, field: string, what: string) =>
  invalidBundle(`${at.pointer}/${field}`, `must be ${what}`)

/** The text, if there is any. */
export function textOf(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const text = value.trim()
  return text === '' ? null : text
}

/** An optional text field of a resource. */
export function textAt(at: Resource, field: string): string | null {
  const value = at.node[field]
  if (value !== undefined && typeof value !== 'string') throw expected(at, field, 'a text')
  return textOf(value)
}

/** An optional object field of a resource. */
export function nodeAt(at: Resource, field: string): Node | null {
  const value = at.node[field]
  if (value === undefined) return null
  if (!isNode(value)) throw expected(at, field, 'an object')
  return value
}

/** A list field of a resource; empty when it is absent. */
export function nodesAt(at: Resource, field: string): readonly Node[] {
  const value = at.node[field]
  if (value === undefined) return []
  if (!Array.isArray(value) || !value.every(isNode)) throw expected(at, field, 'a list of objects')
  return value
}

/** The objects of a list inside a resource; what is none is left out. */
export const nodesOf = (value: unknown): readonly Node[] => (Array.isArray(value) ? value.filter(isNode) : [])

const fhirDate = 'a FHIR date: a year, month or day of the calendar, or an instant with its offset'

/**
 * The day of a FHIR date or dateTime, as it was written down: in its own offset. What is left open begins its year or month.
 * @throws problem `invalid-bundle`
 */
export function toDay(at: Resource, field: string, value: unknown): string {
  if (typeof value !== 'string') throw expected(at, field, fhirDate)
  const day = /^\d{4}(-\d\d)?$/.test(value) ? `${value}-01-01`.slice(0, 10) : value.slice(0, 10)
  if (!isCalendarDate(day) || (value.length > 10 && !isInstant(value))) throw expected(at, field, fhirDate)
  return day
}

/**
 * A FHIR date or dateTime as an instant: what is left open begins its year, month or day, in UTC.
 * @throws problem `invalid-bundle`
 */
export function toInstant(at: Resource, field: string, value: unknown): string {
  const day = toDay(at, field, value)
  return new Date(String(value).length > 10 ? String(value) : day).toISOString()
}

const firstOf = (at: Resource, fields: readonly string[]) => fields.find((name) => at.node[name] !== undefined)

/** The first of the fields that is there, as an instant. */
export function instantAt(at: Resource, ...fields: string[]): string | null {
  const field = firstOf(at, fields)
  return field === undefined ? null : toInstant(at, field, at.node[field])
}

/** The first of the fields that is there, as a day. */
export function dayAt(at: Resource, ...fields: string[]): string | null {
  const field = firstOf(at, fields)
  return field === undefined ? null : toDay(at, field, at.node[field])
}

interface Coding {
  system: string | null
  code: string | null
  display: string | null
}

/** The codings of a CodeableConcept. */
export const codingsOf = (concept: unknown): Coding[] =>
  nodesOf(isNode(concept) ? concept['coding'] : undefined).map((coding) => ({
    system: textOf(coding['system']),
    code: textOf(coding['code']),
    display: textOf(coding['display']),
  }))

/** What a CodeableConcept says in words: its text, else a display, else a code. */
export function conceptText(concept: unknown): string | null {
  if (!isNode(concept)) return null
  const codings = codingsOf(concept)
  return textOf(concept['text']) ?? codings.find((c) => c.display)?.display ?? codings.find((c) => c.code)?.code ?? null
}

/** Every code of a list of CodeableConcepts. */
export const codesOf = (concepts: readonly unknown[]): string[] =>
  concepts.flatMap(codingsOf).flatMap(({ code }) => (code === null ? [] : [code]))

/** What a Reference points at, as it is written. */
export const referenceOf = (value: unknown): string | null => (isNode(value) ? textOf(value['reference']) : null)

/** Long text cut to what a column holds. */
export const cut = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`

/** The parts that are there, joined. */
export const joinTexts = (parts: readonly (string | null | undefined)[], between: string): string | null =>
  parts.filter((part) => part !== null && part !== undefined && part !== '').join(between) || null
