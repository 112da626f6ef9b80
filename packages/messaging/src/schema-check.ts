import { registerValueChecks } from '@hospital/contracts'
import type { TSchema } from '@sinclair/typebox'
import { type TypeCheck, TypeCompiler } from '@sinclair/typebox/compiler'

registerValueChecks()

const compiled = new WeakMap<TSchema, TypeCheck<TSchema>>()

/** The first thing about `value` that does not match, as `path: reason`, or null when all does. */
export function mismatch(schema: TSchema, value: unknown): string | null {
  let check = compiled.get(schema)
  if (!check) {
    check = TypeCompiler.Compile(schema)
    compiled.set(schema, check)
  }
  if (check.Check(value)) return null
  const first = check.Errors(value).First()
  return first ? `${first.path || '/'}: ${first.message}` : 'does not match its schema'
}
