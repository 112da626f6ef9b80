import type { Permission, RouteContract } from '@hospital/contracts'

type Fields = NonNullable<RouteContract['fields']>

/** The fields of the contract that somebody with these permissions may not see. */
export const hiddenFields = (fields: Fields | undefined, held: readonly Permission[]): string[] =>
  Object.entries(fields ?? {})
    .filter(([, anyOf]) => !anyOf.some((permission) => held.includes(permission)))
    .map(([field]) => field)

/** The entity without these fields. */
export const without = <T extends object>(entity: T, hidden: readonly string[]): T =>
  hidden.length === 0
    ? entity
    : (Object.fromEntries(Object.entries(entity).filter(([field]) => !hidden.includes(field))) as T)
