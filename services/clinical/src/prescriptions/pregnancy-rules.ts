import { routeOf } from './dose-reading-rules.ts'
import { sourceOf } from './dose-rules.ts'
import type { Drug } from './drug-name-rules.ts'
import type { Findings } from './findings-rules.ts'
import { type Ingredient, keysOf } from './knowledge/ingredient.ts'
import { type PregnancyRule, pregnancyRules } from './knowledge/pregnancy-harms.ts'
import { ageOf, type PatientFacts, type PatientState } from './patient-facts-rules.ts'

const bySubject = Map.groupBy(pregnancyRules, ({ subject }) => subject)
const found = new Map<Ingredient, readonly PregnancyRule[]>()

function rulesOf(ingredient: Ingredient): readonly PregnancyRule[] {
  const known = found.get(ingredient)
  if (known !== undefined) return known
  const rules = keysOf(ingredient).flatMap((key) => bySubject.get(key) ?? [])
  found.set(ingredient, rules)
  return rules
}

const youngest = 12
const oldest = 55
const dayMs = 86_400_000

/** Completed weeks of a pregnancy of forty; null where no day of delivery is expected. */
export function weeksOf({ expectedDelivery }: PatientState, today: string): number | null {
  if (expectedDelivery === null) return null
  return Math.floor(40 - (Date.parse(expectedDelivery) - Date.parse(today)) / dayMs / 7)
}

/** May this person be pregnant, as far as sex and age say? */
function mayBePregnant(facts: PatientFacts): boolean {
  const age = ageOf(facts)
  return facts.sex !== 'male' && (age === null || (age >= youngest && age <= oldest))
}

function breaks(rule: PregnancyRule, state: PatientState, today: string): boolean {
  if (rule.state !== state.state) return false
  const weeks = weeksOf(state, today)
  // Without a day of delivery any week may be meant.
  return weeks === null || weeks >= rule.fromWeek
}

const words = { pregnant: 'in pregnancy', breast_feeding: 'while breast-feeding' } as const

/** Drugs that harm a child that is not born or is breast-fed. */
export function checkPregnancy(drug: Drug, facts: PatientFacts | undefined): Findings {
  const told = (...notCovered: string[]): Findings => ({ conflicts: [], unchecked: [], notCovered })
  if (facts === undefined) return told('nothing is known of the patient')
  if (routeOf(drug.label, drug.order ?? {}) === 'topical') return told('no rule of pregnancy: it stays where it is put')
  const looked = drug.ingredients.map((ingredient) => ({ name: ingredient.name, rules: rulesOf(ingredient) }))
  const conflicts = looked.flatMap(({ name, rules }) =>
    facts.states.flatMap((state) =>
      rules
        .filter((rule) => breaks(rule, state, facts.today))
        .map((rule) => ({
          check: 'pregnancy' as const,
          rule: `${rule.state}-${rule.subject}`.replaceAll(' ', '-'),
          severity: rule.severity,
          detail: `${name} ${words[rule.state]}: ${rule.effect}`,
          source: sourceOf(rule),
          with: { kind: 'state' as const, id: state.id },
        })),
    ),
  )
  const unruled = looked
    .filter(({ rules }) => !rules.some(({ opened }) => opened !== null))
    .map(({ name }) => `no verified rule of pregnancy for ${name}`)
  const unknown = drug.unknown.map((part) => `no rule of pregnancy for “${part}”`)
  const unsaid =
    mayBePregnant(facts) && facts.states.length === 0
      ? ['whether the patient is pregnant or breast-feeding is not recorded']
      : []
  return { conflicts, unchecked: [], notCovered: [...unsaid, ...unknown, ...unruled] }
}
