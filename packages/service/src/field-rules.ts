import type { Permission, RouteContract } from '@hospital/contracts'

type Fields = NonNullable<RouteContract['fields']>

/** The fields of the contract that somebody with these permissions may not see. */
export const hiddenFields = (fields: Fields | undefined, held: readonly Permission[]): string[] =>
  Object.entries(fields ?? {})
    .filter(([, anyOf]) => !anyOf.some((permission) => held.includes(permission)))
    .map(([field]) => field)

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** The entity without these fields; `items.name` is the name of each item. */
export const without = <T extends object>(entity: T, hidden: readonly string[]): T =>
  hidden.reduce<T>((rest, place) => leaveOut(rest, place.split('.')), entity)

function leaveOut<T>(value: T, [field = '', ...deeper]: readonly string[]): T {
  if (Array.isArray(value)) return value.map((item) => leaveOut(item, [field, ...deeper])) as T
  if (!isObject(value) || !(field in value)) return value
  const { [field as keyof typeof value]: found, ...others } = value
  return (deeper.length === 0 ? others : { ...value, [field]: leaveOut(found, deeper) }) as T
}
