import { FormatRegistry, type Static, type TSchema, TypeRegistry } from '@sinclair/typebox'
import { TypeCompiler } from '@sinclair/typebox/compiler'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import {
  type Interceptor,
  type QueryResultRow,
  type QuerySqlToken,
  SchemaValidationError,
  sql as slonikSql,
  type ValueExpression,
} from 'slonik'

/** Formats the row check knows; a program that registered stricter ones keeps them. */
const formats: Record<string, RegExp> = {
  date: /^\d{4,}-\d\d-\d\d$/,
  'date-time': /^\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
  email: /^[^\s@]+@[^\s@]+$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
}
for (const [name, pattern] of Object.entries(formats)) {
  if (!FormatRegistry.Has(name)) FormatRegistry.Set(name, (value) => pattern.test(value))
}

/** The contracts' own shapes (`OneOf`, `Nullable`) are plain JSON Schema: a list of words, a type or null. */
const isOfType = (value: unknown, type: string): boolean => {
  if (type === 'null') return value === null
  if (type === 'integer') return Number.isSafeInteger(value)
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value)
  return typeof value === type
}
if (!TypeRegistry.Has('Unsafe')) {
  TypeRegistry.Set<{ type?: string | string[]; enum?: unknown[] }>('Unsafe', (schema, value) => {
    if (schema.enum !== undefined) return schema.enum.includes(value)
    const types = schema.type === undefined ? [] : [schema.type].flat()
    return types.length === 0 || types.some((type) => isOfType(value, type))
  })
}

type Standard<T extends TSchema> = StandardSchemaV1<unknown, Static<T>>

const compiled = new WeakMap<TSchema, StandardSchemaV1>()

/** A TypeBox schema in the form slonik asks its parsers; compiled once. */
export function standardSchema<T extends TSchema>(schema: T): Standard<T> {
  const known = compiled.get(schema)
  if (known !== undefined) return known as Standard<T>
  const check = TypeCompiler.Compile(schema)
  const made: Standard<T> = {
    '~standard': {
      version: 1,
      vendor: 'typebox',
      validate: (value) =>
        check.Check(value)
          ? { value }
          : {
              issues: [...check.Errors(value)].map(({ message, path }) => ({
                message,
                path: path.split('/').slice(1),
              })),
            },
    },
  }
  compiled.set(schema, made)
  return made
}

/** slonik checks nothing at run time without this. */
export const resultParser: Interceptor = {
  name: 'result-parser',
  transformRow: (context, query, row) => {
    const result = context.resultParser?.['~standard'].validate(row)
    if (result === undefined) return row
    if (result instanceof Promise) throw new TypeError('A row schema cannot be asynchronous')
    if (result.issues) throw new SchemaValidationError(query, row, result.issues)
    return result.value as QueryResultRow
  },
}

type Template<S extends StandardSchemaV1> = (
  text: TemplateStringsArray,
  ...values: ValueExpression[]
) => QuerySqlToken<S>

const {
  and,
  array,
  binary,
  date,
  fragment,
  identifier,
  interval,
  join,
  json,
  jsonb,
  or,
  timestamp,
  unnest,
  unsafe,
  uuid,
} = slonikSql

/**
 * SQL text with its values kept apart: `` tx.one(sql.type(Patient)`SELECT … WHERE id = ${id}`) ``. Rows are checked
 * against the schema when they arrive. `unsafe` skips the check and nothing else: for statements without rows.
 * There is deliberately no way here to put a string into SQL text.
 */
export const sql = {
  and,
  array,
  binary,
  date,
  fragment,
  identifier,
  interval,
  join,
  json,
  jsonb,
  or,
  timestamp,
  type: <T extends TSchema>(schema: T): Template<Standard<T>> => slonikSql.type(standardSchema(schema)),
  unnest,
  unsafe,
  uuid,
}
