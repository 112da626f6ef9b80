import { FormatRegistry, TypeRegistry } from '@sinclair/typebox'

/**
 * The formats of the contracts, as TypeBox checks them in rows and messages. Those are read as they stand: an adopted row
 * with a birth year of five digits must still be shown. What comes in is checked by the calendar (calendar.ts).
 */
const formats: Record<string, (text: string) => boolean> = {
  date: (text) => /^\d{4,}-\d\d-\d\d$/.test(text),
  'date-time': (text) => /^\d{4,}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.test(text),
  email: (text) => /^[^\s@]+@[^\s@]+$/.test(text),
  uuid: (text) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text),
}

/** The contracts' own shapes (`OneOf`, `Nullable`) are plain JSON Schema: a list of words, a type or null. */
function fitsUnsafe(schema: { type?: string | string[]; enum?: unknown[] }, value: unknown): boolean {
  if (schema.enum !== undefined) return schema.enum.includes(value)
  const types = schema.type === undefined ? [] : [schema.type].flat()
  return types.length === 0 || types.some((type) => isOfType(value, type))
}

function isOfType(value: unknown, type: string): boolean {
  if (type === 'null') return value === null
  if (type === 'integer') return Number.isSafeInteger(value)
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value)
  return typeof value === type
}

/**
 * Teaches TypeBox's compiler, which knows no formats and no unsafe types by itself, what the contracts use. Whoever
 * compiles a contract's schema calls this first; calling it again changes nothing.
 */
export function registerValueChecks(): void {
  for (const [name, check] of Object.entries(formats)) if (!FormatRegistry.Has(name)) FormatRegistry.Set(name, check)
  if (!TypeRegistry.Has('Unsafe')) TypeRegistry.Set<Parameters<typeof fitsUnsafe>[0]>('Unsafe', fitsUnsafe)
}
