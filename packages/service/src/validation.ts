import { type FieldError, isCalendarDate, isInstant, problem, type RouteContract } from '@hospital/contracts'
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'

const options = {
  allErrors: true,
  useDefaults: true,
  removeAdditional: false,
  strict: false,
  allowUnionTypes: true,
} as const
/** Bodies are JSON: a number is not a string. */
const bodies = new Ajv({ ...options, coerceTypes: false })
/** Paths and queries are text: `limit=5` is the number 5. */
const texts = new Ajv({ ...options, coerceTypes: true })

/** No value of a format is longer. A format is asked whatever `maxLength` says, and some take the text apart. */
const longestFormatted = 2_000
const names = ['email', 'uri'] as const
const library = addFormats.default(new Ajv(), [...names])
const formats: Record<string, (text: string) => boolean> = {
  date: isCalendarDate,
  'date-time': isInstant,
  ...Object.fromEntries(names.map((format) => [format, library.compile<string>({ type: 'string', format })])),
}
for (const [format, fits] of Object.entries(formats)) {
  for (const ajv of [bodies, texts])
    ajv.addFormat(format, (text: string) => text.length <= longestFormatted && fits(text))
}

/** A refusal names so many places, and none of them at length: it must not become larger than what it refuses. */
const mostErrors = 50
const longestKey = 200

type Part = 'path' | 'query' | 'body'

/** A key in a pointer (RFC 6901). */
const escaped = (key: string) =>
  (key.length > longestKey ? `${key.slice(0, longestKey)}…` : key).replaceAll('~', '~0').replaceAll('/', '~1')

const pointerOf = (part: Part, error: ErrorObject): string => {
  const extra = error.params['additionalProperty'] ?? error.params['missingProperty']
  const place = extra === undefined ? error.instancePath : `${error.instancePath}/${escaped(String(extra))}`
  return part === 'body' ? place : `${part}:${place.slice(1)}`
}

const formatDetails: Record<string, string> = {
  date: 'must be a day of the calendar, YYYY-MM-DD',
  'date-time': 'must be an instant with its offset, e.g. 2026-11-23T09:00:00Z',
}

const detailOf = (error: ErrorObject): string => {
  if (error.keyword === 'additionalProperties') return 'is not a field of this request'
  if (error.keyword === 'required') return 'is required'
  if (error.keyword === 'enum')
    return `must be one of ${(error.params['allowedValues'] as unknown[]).filter((v) => v !== null).join(', ')}`
  if (error.keyword === 'pattern' && error.params['pattern'] === '\\S') return 'must not be blank'
  if (error.keyword === 'format')
    return formatDetails[String(error.params['format'])] ?? error.message ?? 'is not valid'
  return error.message ?? 'is not valid'
}

/** One line per place: of a union's many complaints the first that says something. */
function toFieldErrors(part: Part, errors: readonly ErrorObject[]): FieldError[] {
  const byPlace = new Map<string, string>()
  for (const error of errors) {
    const pointer = pointerOf(part, error)
    const vague = error.keyword === 'anyOf' || error.keyword === 'oneOf'
    if (!byPlace.has(pointer) && !(vague && errors.length > 1)) byPlace.set(pointer, detailOf(error))
    if (byPlace.size === mostErrors) break
  }
  return [...byPlace].map(([pointer, detail]) => ({ pointer, detail }))
}

/** Text that PostgreSQL cannot hold exactly: NUL, and halves of surrogate pairs. */
const isUnstorable = (text: string) => text.includes('\u0000') || !text.isWellFormed()

/** Where a value holds unstorable text, as JSON Pointers: the first places. `parseJson` bounds how deep it goes. */
function unstorableText(value: unknown, pointer = '', found: FieldError[] = []): FieldError[] {
  if (typeof value === 'string' && isUnstorable(value))
    found.push({ pointer, detail: 'must not contain NUL or unpaired surrogates' })
  if (typeof value !== 'object' || value === null) return found
  for (const key in value) {
    if (found.length >= mostErrors) break
    if (isUnstorable(key)) found.push({ pointer, detail: 'has a key with NUL or unpaired surrogates' })
    unstorableText((value as Record<string, unknown>)[key], `${pointer}/${escaped(key)}`, found)
  }
  return found
}

/** One pass that allocates nothing: a large body in order costs half a millisecond a megabyte, not six. */
function isInOrder(value: unknown): boolean {
  if (typeof value === 'string') return !isUnstorable(value)
  if (typeof value !== 'object' || value === null) return true
  if (Array.isArray(value)) return value.every(isInOrder)
  for (const key in value) {
    if (isUnstorable(key) || !isInOrder((value as Record<string, unknown>)[key])) return false
  }
  return true
}

function refuse(found: readonly FieldError[]) {
  const errors = found.slice(0, mostErrors)
  const first = errors.slice(0, 5).map(({ pointer, detail }) => `${pointer || 'body'} ${detail}`)
  return problem('invalid-request', { detail: first.join('; '), errors })
}

/** Checks the parts of a request against the contract, filling defaults. Returns a function that throws `invalid-request`. */
export function compileValidation(contract: RouteContract) {
  const compiled: [Part, ValidateFunction][] = []
  if (contract.params) compiled.push(['path', texts.compile(contract.params)])
  compiled.push(['query', texts.compile(contract.query ?? { type: 'object', additionalProperties: false })])
  if (contract.body) compiled.push(['body', bodies.compile(contract.body)])
  return (parts: Record<Part, unknown>): void => {
    if (!contract.body && parts.body !== undefined && parts.body !== null && Object.keys(parts.body).length > 0) {
      throw refuse(
        Object.keys(parts.body).map((key) => ({
          pointer: `/${escaped(key)}`,
          detail: 'is not a field of this request',
        })),
      )
    }
    const errors = compiled.flatMap(([part, validate]) =>
      validate(parts[part]) ? [] : toFieldErrors(part, validate.errors ?? []),
    )
    if (!isInOrder(parts.body)) errors.push(...unstorableText(parts.body))
    for (const part of ['path', 'query'] as const) {
      for (const [name, value] of Object.entries(parts[part] ?? {})) {
        if (typeof value === 'string' && isUnstorable(value))
          errors.push({ pointer: `${part}:${name}`, detail: 'must not contain NUL' })
      }
    }
    if (errors.length > 0) throw refuse(errors)
  }
}
