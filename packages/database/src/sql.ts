import { registerValueChecks } from '@hospital/contracts'
import type { Static, TSchema } from '@sinclair/typebox'
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

registerValueChecks()

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
