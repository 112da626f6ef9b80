import { routeOf } from './dose-reading-rules.ts'
import { sourceOf } from './dose-rules.ts'
import type { Drug } from './drug-name-rules.ts'
import type { Findings } from './findings-rules.ts'
import { type AgeLimit, ageLimits } from './knowledge/age-limits.ts'
import { keysOf } from './knowledge/ingredient.ts'
import { ageOf, type PatientFacts } from './patient-facts-rules.ts'

const bySubject = Map.groupBy(ageLimits, ({ subject }) => subject)

function toConflict(name: string, age: number, limit: AgeLimit): Findings['conflicts'][number] {
  return {
    check: 'age',
    rule: `age-${limit.subject}-${limit.under}`.replaceAll(' ', '-'),
    severity: limit.severity,
    detail: `${name} under ${limit.under} years (the patient is ${age}): ${limit.effect}`,
    source: sourceOf(limit),
    with: { kind: 'patient', id: null },
  }
}

/** Drugs that are not for this age. Adults pass where a verified rule of the substance has looked. */
export function checkAge(drug: Drug, facts: PatientFacts | undefined): Findings {
  const nothing: Findings = { conflicts: [], unchecked: [] }
  const age = facts === undefined ? null : ageOf(facts)
  if (age === null) return { ...nothing, notCovered: ['the age of the patient is not known'] }
  if (routeOf(drug.label, drug.order ?? {}) === 'topical') {
    return { ...nothing, notCovered: ['no rule of age: it stays where it is put'] }
  }
  const unknown = drug.unknown.map((part) => `no rule of age for “${part}”`)
  const found = drug.ingredients.map((ingredient) => {
    const limits = keysOf(ingredient).flatMap((key) => bySubject.get(key) ?? [])
    return { name: ingredient.name, limits, broken: limits.filter(({ under }) => age < under) }
  })
  return {
    ...nothing,
    conflicts: found.flatMap(({ name, broken }) => broken.map((limit) => toConflict(name, age, limit))),
    notCovered: [
      ...unknown,
      ...found
        .filter(({ limits }) => !limits.some(({ opened }) => opened !== null))
        .map(({ name }) => `no verified rule of age for ${name}`),
    ],
  }
}
