import { isAllowed, type Permission, type RouteContract, type Steps } from '@hospital/contracts'

/** A field of answers that is closed to whoever holds none of the permissions. */
export interface FieldRule {
  field: string
  opens: readonly Permission[]
  /** JSON types of its values, null aside: another field of the same name counts something. */
  types: string
}

interface Schema {
  type?: string | string[]
  anyOf?: Schema[]
  properties?: Record<string, Schema>
  items?: Schema
}

/** Every field of a schema, however deep, with the schema of its values. */
function fieldsIn(schema: Schema | null | undefined): [string, Schema][] {
  if (!schema) return []
  const own = Object.entries(schema.properties ?? {})
  const inside = [...own.map(([, part]) => part), ...(schema.anyOf ?? []), ...(schema.items ? [schema.items] : [])]
  return [...own, ...inside.flatMap(fieldsIn)]
}

const typesOf = ({ type, anyOf }: Schema): string =>
  [type ?? [], ...(anyOf ?? []).map((part) => part.type ?? [])]
    .flat()
    .filter((name) => name !== 'null')
    .join()

/**
 * The rules that contracts declare, each field once.
 * @throws when two contracts have different rules for fields of one name, or a rule names a field that is not answered
 */
export function fieldRules(contracts: readonly RouteContract[]): FieldRule[] {
  const rules = new Map<string, FieldRule>()
  for (const { operationId, answer, fields = {} } of contracts) {
    for (const [place, opens] of Object.entries(fields)) {
      const field = place.split('.').at(-1) ?? place
      const found = fieldsIn(answer as Schema | null).find(([name]) => name === field)
      if (found === undefined) throw new Error(`${operationId} has a rule for ${field}, and does not answer it`)
      const rule = { field, opens, types: typesOf(found[1]) }
      const known = rules.get(field)
      if (known !== undefined && JSON.stringify(known) !== JSON.stringify(rule))
        throw new Error(`${operationId} has a rule of its own for ${field}`)
      rules.set(field, rule)
    }
  }
  return [...rules.values()]
}

/** The rules whose fields a schema holds somewhere, whether its contract repeats the rule or not. */
export const rulesIn = (schema: object | null | undefined, rules: readonly FieldRule[]): FieldRule[] => {
  const held = new Set(fieldsIn(schema as Schema | null).map(([name, part]) => `${name} ${typesOf(part)}`))
  return rules.filter(({ field, types }) => held.has(`${field} ${types}`))
}

/** May somebody with these permissions see what the rule is about? Null: not signed in. */
export const mayKnow = ({ opens }: FieldRule, held: readonly Permission[] | null): boolean =>
  opens.some((permission) => isAllowed(permission, held))

const areaOf = (access: string): string => access.split('.')[0] ?? ''

/** A door of the area that opens the field shows it in its own words: who merges patients sees who they are. */
export const isOfArea = ({ opens }: FieldRule, { access }: RouteContract): boolean =>
  opens.some((permission) => areaOf(permission) === areaOf(access))

/**
 * Sets of permissions for which the rules matter: what each door asks for, alone and beside one permission that opens a
 * field there. Built-in roles hold many, so that a door may be closed to nobody who passes it by luck.
 */
export function barePermissions(contracts: readonly RouteContract[], rules: readonly FieldRule[]): Permission[][] {
  const sets = contracts.flatMap(({ access, answer }) => {
    if (access === 'public' || access === 'signed-in') return []
    const opening = rulesIn(answer, rules).flatMap(({ opens }) => opens)
    return opening.length === 0 ? [] : [[access], ...opening.map((opens) => [...new Set([access, opens])].sort())]
  })
  return [...new Map(sets.map((set) => [set.join(), set])).values()]
}

/** The steps from a status to the nearest of some others; null: they lead nowhere near. */
export function wayTo(table: Steps, status: string, goals: readonly string[]): string[] | null {
  const ways = new Map<string, string[]>([[status, []]])
  for (const [at, way] of ways) {
    if (goals.includes(at)) return way
    for (const [name, { from, to }] of Object.entries(table))
      if (to !== undefined && from.includes(at) && !ways.has(to)) ways.set(to, [...way, name])
  }
  return null
}
