import type { Permission, RouteContract } from '@hospital/contracts'

type Fields = NonNullable<RouteContract['fields']>

/** The fields of the contract that this person may not see. */
export const hiddenFields = (fields: Fields | undefined, held: readonly Permission[]): string[] =>
  Object.entries(fields ?? {})
    .filter(([, anyOf]) => !anyOf.some((permission) => held.includes(permission)))
    .map(([field]) => field)

const without = (entity: object, hidden: readonly string[]) =>
  Object.fromEntries(Object.entries(entity).filter(([field]) => !hidden.includes(field)))

/** The answer without what this person may not see; lists item by item. */
export function applyFieldRules(contract: RouteContract, held: readonly Permission[], answer: unknown): unknown {
  const hidden = hiddenFields(contract.fields, held)
  if (hidden.length === 0 || typeof answer !== 'object' || answer === null) return answer
  if ('data' in answer && Array.isArray(answer.data)) {
    return { ...answer, data: answer.data.map((item: object) => without(item, hidden)) }
  }
  return without(answer, hidden)
}
