import { dailyOf, readDoses, routeOf } from './dose-reading-rules.ts'
import { sourceOf } from './dose-rules.ts'
import type { Drug } from './drug-name-rules.ts'
import { creatinineInMgPerDl, estimateGfr } from './egfr-rules.ts'
import type { Findings } from './findings-rules.ts'
import { type Ingredient, keysOf } from './knowledge/ingredient.ts'
import { type RenalLimit, renalLimits } from './knowledge/renal-limits.ts'
import { ageOf, type PatientFacts } from './patient-facts-rules.ts'

const bySubject = Map.groupBy(renalLimits, ({ subject }) => subject)
const found = new Map<Ingredient, readonly RenalLimit[]>()

function limitsOf(ingredient: Ingredient): readonly RenalLimit[] {
  const known = found.get(ingredient)
  if (known !== undefined) return known
  const limits = keysOf(ingredient).flatMap((key) => bySubject.get(key) ?? [])
  found.set(ingredient, limits)
  return limits
}

const adultAge = 18

/** The estimated filtration rate and the day of its creatinine, or why there is none. */
export function filtrationOf(facts: PatientFacts): { rate: number; on: string } | string {
  const age = ageOf(facts)
  if (age === null || age < adultAge) return 'the filtration rate of children is not estimated'
  if (facts.creatinine === null) return 'no creatinine of the last year'
  const creatinine = creatinineInMgPerDl(facts.creatinine)
  if (creatinine === null) return `a creatinine in ${facts.creatinine.unit} is not understood`
  return { rate: estimateGfr(creatinine, age, facts.sex), on: facts.creatinine.on }
}

/** Drugs that the kidneys of this patient may not let go of. */
export function checkRenal(drug: Drug, facts: PatientFacts | undefined): Findings {
  const told = (...notCovered: string[]): Findings => ({ conflicts: [], unchecked: [], notCovered })
  const unknown = drug.unknown.map((part) => `no rule about kidney function for “${part}”`)
  if (facts === undefined) return told('nothing is known of the patient')
  if (routeOf(drug.label, drug.order ?? {}) === 'topical')
    return told('no rule about kidney function: it stays where it is put')
  const looked = drug.ingredients.map((ingredient) => ({ ingredient, limits: limitsOf(ingredient) }))
  const ruled = looked.filter(({ limits }) => limits.length > 0)
  const unruled = looked
    .filter(({ limits }) => !limits.some(({ opened }) => opened !== null))
    .map(({ ingredient }) => `no verified rule about kidney function for ${ingredient.name}`)
  if (ruled.length === 0) return told(...unknown, ...unruled)
  const filtration = filtrationOf(facts)
  if (typeof filtration === 'string') return told(filtration, ...unknown, ...unruled)
  const doses = readDoses(drug, drug.order ?? {})
  const isBroken = (ingredient: Ingredient, { below, mostDaily }: RenalLimit) => {
    if (filtration.rate >= below) return false
    const daily = dailyOf(doses.get(ingredient))
    return mostDaily === null || (daily !== null && daily > mostDaily * 1.02)
  }
  return {
    conflicts: ruled.flatMap(({ ingredient, limits }) =>
      limits
        .filter((limit) => isBroken(ingredient, limit))
        .slice(0, 1)
        .map((limit) => ({
          check: 'renal' as const,
          rule: `renal-${limit.subject}-${limit.below}`.replaceAll(' ', '-'),
          severity: limit.severity,
          detail:
            `${ingredient.name} with an eGFR of ${Math.round(filtration.rate)} mL/min/1.73 m² (creatinine of ${filtration.on}), ` +
            `below ${limit.below}: ${limit.effect}`,
          source: sourceOf(limit),
          with: { kind: 'patient' as const, id: null },
        })),
    ),
    unchecked: [],
    notCovered: [...unknown, ...unruled],
  }
}
