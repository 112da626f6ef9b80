import { Kind, type Static, type TObject, type TProperties, type TSchema, type TUnsafe, Type } from '@sinclair/typebox'

/** Row ids: integers inside one hospital. */
export const Id = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })
/** An instant, RFC 3339 with an offset (`isInstant`); answers are UTC with milliseconds. */
export const Instant = Type.String({ format: 'date-time', maxLength: 40 })
/** A calendar day that exists, `YYYY-MM-DD` (`isCalendarDate`). */
export const DateOnly = Type.String({ format: 'date' })
/** A single line with something in it. */
export const Line = (maxLength = 255) => Type.String({ minLength: 1, maxLength, pattern: '\\S' })
/** Free text; may be empty. */
export const Text = (maxLength = 20_000) => Type.String({ maxLength })
export const Email = Type.String({ format: 'email', maxLength: 254 })
/**
 * The schema or null. Where the schema has one JSON type the two become one `type` list: shorter errors and documents,
 * and no validator inside the serialiser.
 */
export const Nullable = <T extends TSchema>(schema: T): TUnsafe<Static<T> | null> => {
  const { type, enum: words } = schema as { type?: unknown; enum?: unknown[] }
  if (typeof type !== 'string') return Type.Unsafe(Type.Union([schema, Type.Null()]))
  const options = { ...schema, type: [type, 'null'], ...(words ? { enum: [...words, null] } : {}) }
  return Type.Unsafe<Static<T> | null>({ ...options, [Kind]: 'Unsafe' })
}

/** One of the given words. */
export const OneOf = <const T extends readonly string[]>(words: T, options = {}) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...words], ...options })

/** An object that refuses fields it does not name. */
export const Closed = <T extends TProperties>(properties: T, options = {}) =>
  Type.Object(properties, { additionalProperties: false, ...options })

/** `:id` of a path. */
export const IdParams = Closed({ id: Id })

/** Query of a list: `limit`, `cursor` and the list's own filters. */
export const ListQuery = <T extends TProperties>(filters: T) =>
  Closed({
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 25 }),
    cursor: Type.Optional(Type.String({ maxLength: 1000 })),
    ...filters,
  })

/** Up to a hundred ids, with commas between them: a list's `ids` answers those rows of it. */
export const Ids = Type.String({ pattern: '^[1-9]\\d{0,9}(,[1-9]\\d{0,9}){0,99}$' })

/** Answer of a list. */
export const Page = <T extends TSchema>(item: T) =>
  Type.Object({
    data: Type.Array(item),
    page: Type.Object({ next_cursor: Nullable(Type.String()) }),
  })

/** RFC 7396 merge patch over the given fields: absent = unchanged, null = cleared (where the field may be empty). */
export const MergePatch = <T extends TProperties>(schema: TObject<T>) =>
  Type.Partial(schema, { additionalProperties: false, minProperties: 1 })

/** The members of `value` that the schema names. */
export const pick = <T extends TObject>(schema: T, value: Static<T>): Static<T> =>
  Object.fromEntries(
    Object.keys(schema.properties).map((name) => [name, (value as Record<string, unknown>)[name]]),
  ) as Static<T>

type Emptiable<R> = { [K in keyof R]-?: null extends R[K] ? K : never }[keyof R]

/** The members that the schema names, with null for each that may be empty and is not given. */
export const withNulls = <T extends TObject>(
  schema: T,
  given: Omit<Static<T>, Emptiable<Static<T>>> & { [K in Emptiable<Static<T>>]?: Static<T>[K] | undefined },
): Static<T> =>
  Object.fromEntries(
    Object.keys(schema.properties).map((name) => [name, (given as Record<string, unknown>)[name] ?? null]),
  ) as Static<T>

export type { Static, TSchema }
