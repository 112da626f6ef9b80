import type { AllergySeverity, Conflict, Static } from '@hospital/contracts'
import { type Allergen, readAllergens } from './allergen-rules.ts'
import { type Drug, ingredientsOfCode } from './drug-name-rules.ts'
import type { Findings } from './findings-rules.ts'
import { allergyRules } from './knowledge/allergy-reactions.ts'
import { type Ingredient, keysOf } from './knowledge/ingredient.ts'
import { severities } from './knowledge/interaction.ts'
import { splitWords } from './phrase-rules.ts'

/** An active allergy of the patient. */
export interface RecordedAllergy {
  id: number
  substance: string
  code: string | null
  reaction: string | null
  severity: Static<typeof AllergySeverity> | null
}

type Hit = Pick<Conflict, 'rule' | 'severity' | 'detail' | 'source'>

const ownRecord = 'The patient’s own record'

const keysOfAllergen = (allergen: Allergen): string[] =>
  allergen.kind === 'ingredient' ? keysOf(allergen.ingredient) : [allergen.name]

/** The reasons that one allergen gives against one substance, the closest only. */
function hitsOf(allergen: Allergen, ingredient: Ingredient, worst: Hit['severity']): Hit[] {
  if (allergen.kind === 'ingredient' && allergen.ingredient === ingredient) {
    return [{ rule: 'allergy-same-substance', severity: worst, detail: `${ingredient.name} itself`, source: ownRecord }]
  }
  if (allergen.kind === 'class' && ingredient.classes.includes(allergen.name)) {
    const detail = `${ingredient.name} is one of the ${allergen.name}`
    return [{ rule: `allergy-class-${allergen.name}`, severity: worst, detail, source: ownRecord }]
  }
  const allergenKeys = keysOfAllergen(allergen)
  const drugKeys = keysOf(ingredient)
  const rules = allergyRules.filter(({ a, b }) => allergenKeys.includes(a) && drugKeys.includes(b))
  // One fact, one alert: of the rules that speak of the pair only the worst.
  const rule = rules.sort((one, other) => severities.indexOf(one.severity) - severities.indexOf(other.severity))[0]
  if (rule === undefined) return []
  const isOneClass = rule.a === rule.b
  return [
    {
      rule: isOneClass ? `allergy-class-${rule.a}` : `allergy-${rule.id}`,
      severity: isOneClass && rule.severity === 'major' ? worst : rule.severity,
      detail: `${ingredient.name}: ${rule.effect} (${rule.a})`,
      source: rule.source,
    },
  ]
}

/** A name that no table knows still conflicts with itself. */
function sameName(drug: Drug, names: readonly string[]): Hit[] {
  const label = ` ${splitWords(drug.label).join(' ')} `
  return names
    .filter((name) => splitWords(name).join('').length >= 4 && label.includes(` ${splitWords(name).join(' ')} `))
    .map((name) => ({ rule: 'allergy-same-name', severity: 'major', detail: `“${name}” itself`, source: ownRecord }))
}

function describe(allergy: RecordedAllergy): string {
  const notes = [allergy.severity, allergy.reaction].filter(Boolean).join('; ')
  return `Allergy to “${allergy.substance}”${notes ? ` (${notes})` : ''}`
}

const fromCode = (code: string | null): Allergen[] =>
  code === null ? [] : ingredientsOfCode(code).map((ingredient) => ({ kind: 'ingredient', ingredient }))

function checkAllergy(drug: Drug, allergy: RecordedAllergy): Findings {
  const read = readAllergens(allergy.substance)
  const allergens = [...read.allergens, ...fromCode(allergy.code)]
  const worst = allergy.severity === 'severe' ? 'contraindicated' : 'major'
  const hits = drug.ingredients.flatMap((ingredient) =>
    allergens.flatMap((allergen) => hitsOf(allergen, ingredient, worst)),
  )
  const named = sameName(drug, [...read.unknown, ...(hits.length === 0 ? [allergy.substance] : [])])
  // A code that the table knows says what the words do not.
  const gaps = read.allergens.length === 0 && allergens.length > 0 ? [] : read.unknown
  return {
    conflicts: [...hits, ...named].map((hit) => ({
      ...hit,
      check: 'allergy',
      detail: `${describe(allergy)}: ${hit.detail}`,
      with: { kind: 'allergy', id: allergy.id },
    })),
    unchecked: gaps.map((part) => `the allergy to “${part}” is not in the tables`),
  }
}

function checkText(drug: Drug, text: string): Findings {
  const read = readAllergens(text)
  const hits = drug.ingredients.flatMap((ingredient) =>
    read.allergens.flatMap((allergen) => hitsOf(allergen, ingredient, 'major')),
  )
  return {
    conflicts: [...hits, ...sameName(drug, read.unknown)].map((hit) => ({
      ...hit,
      check: 'allergy',
      detail: `The free text about allergies: ${hit.detail}`,
      with: { kind: 'free-text', id: null },
    })),
    unchecked: read.unknown.map((part) => `“${part}” in the free text about allergies is not clear`),
  }
}

/** The drug against the structured allergies and the free text. */
export function checkAllergies(drug: Drug, allergies: readonly RecordedAllergy[], text: string | null): Findings {
  const all = [...allergies.map((allergy) => checkAllergy(drug, allergy)), ...(text ? [checkText(drug, text)] : [])]
  return { conflicts: all.flatMap(({ conflicts }) => conflicts), unchecked: all.flatMap(({ unchecked }) => unchecked) }
}
