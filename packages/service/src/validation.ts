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
for (const ajv of [bodies, texts]) {
  addFormats.default(ajv, ['email', 'uri'])
  ajv.addFormat('date', isCalendarDate)
  ajv.addFormat('date-time', isInstant)
}

type Part = 'path' | 'query' | 'body'

const pointerOf = (part: Part, error: ErrorObject): string => {
  const extra = error.params['additionalProperty'] ?? error.params['missingProperty']
  const place =
    extra === undefined
      ? error.instancePath
      : `${error.instancePath}/${String(extra).replaceAll('~', '~0').replaceAll('/', '~1')}`
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
  }
  return [...byPlace].slice(0, 50).map(([pointer, detail]) => ({ pointer, detail }))
}

/** Text that PostgreSQL cannot hold exactly: NUL, and halves of surrogate pairs. */
const isUnstorable = (text: string) => text.includes('\u0000') || !text.isWellFormed()

/** Where a value holds unstorable text, as JSON Pointers. Bodies come from JSON.parse, so the walk is finite. */
function unstorableText(value: unknown, pointer = ''): FieldError[] {
  if (typeof value === 'string') {
    return isUnstorable(value) ? [{ pointer, detail: 'must not contain NUL or unpaired surrogates' }] : []
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) => [
    ...(isUnstorable(key) ? [{ pointer, detail: 'has a key with NUL or unpaired surrogates' }] : []),
    ...unstorableText(item, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  ])
}

/** Deeper JSON than any document of ours; stops stack-eating bodies before the recursive walks. */
const maxDepth = 64

/** One pass that allocates nothing: a large body in order costs half a millisecond a megabyte, not six. */
function isInOrder(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return !isUnstorable(value)
  if (typeof value !== 'object' || value === null) return true
  if (depth >= maxDepth) return false
  if (Array.isArray(value)) return value.every((item) => isInOrder(item, depth + 1))
  for (const key in value) {
    if (isUnstorable(key) || !isInOrder((value as Record<string, unknown>)[key], depth + 1)) return false
  }
  return true
}

export function isTooDeep(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (depth >= maxDepth) return true
  return Object.values(value).some((item) => isTooDeep(item, depth + 1))
}

const refuse = (errors: FieldError[]) =>
  problem('invalid-request', {
    detail: errors
      .map((e) => `${e.pointer || 'body'} ${e.detail}`)
      .slice(0, 5)
      .join('; '),
    errors,
  })

/** Checks the parts of a request against the contract, filling defaults. Returns a function that throws `invalid-request`. */
export function compileValidation(contract: RouteContract) {
  const compiled: [Part, ValidateFunction][] = []
  if (contract.params) compiled.push(['path', texts.compile(contract.params)])
  compiled.push(['query', texts.compile(contract.query ?? { type: 'object', additionalProperties: false })])
  if (contract.body) compiled.push(['body', bodies.compile(contract.body)])
  return (parts: Record<Part, unknown>): void => {
    if (!contract.body && parts.body !== undefined && parts.body !== null && Object.keys(parts.body).length > 0) {
      throw refuse(
        Object.keys(parts.body).map((key) => ({ pointer: `/${key}`, detail: 'is not a field of this request' })),
      )
    }
    const inOrder = isInOrder(parts.body, 0)
    if (!inOrder && isTooDeep(parts.body))
      throw refuse([{ pointer: '', detail: `nests deeper than ${maxDepth} levels` }])
    const errors = compiled.flatMap(([part, validate]) =>
      validate(parts[part]) ? [] : toFieldErrors(part, validate.errors ?? []),
    )
    if (!inOrder) errors.push(...unstorableText(parts.body))
    for (const part of ['path', 'query'] as const) {
      for (const [name, value] of Object.entries(parts[part] ?? {})) {
        if (typeof value === 'string' && isUnstorable(value))
          errors.push({ pointer: `${part}:${name}`, detail: 'must not contain NUL' })
      }
    }
    if (errors.length > 0) throw refuse(errors)
  }
}
