import type { AllergySeverity, Conflict, Static } from '@hospital/contracts'
import { type Allergen, readAllergens } from './allergen-rules.ts'
import { type Drug, ingredientsOfCode } from './drug-name-rules.ts'
import type { Ask, Findings } from './findings-rules.ts'
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
    unchecked: [],
    asks: gaps.map((part) => ({
      part,
      detail: `the allergy to “${part}” is not in the tables`,
      entry: { kind: 'allergy', id: allergy.id },
    })),
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
    unchecked: [],
    asks: read.unknown.map((part) => ({
      part,
      detail: `“${part}” in the free text about allergies is not clear`,
      entry: { kind: 'free-text', id: null },
    })),
  }
}

/** The chart's word about allergies: entries, free text, and whether anybody asked. */
export interface AllergyStatus {
  allergies: readonly RecordedAllergy[]
  allergyText: string | null
  /** An allergy was ever recorded, or somebody attested that there is none. */
  wasAsked: boolean
}

/** How an entry reads; a decision about it counts while this stays. Null: it is not there any more. */
export function readsAs({ part, entry }: Pick<Ask, 'part' | 'entry'>, status: AllergyStatus): string | null {
  if (entry.kind === 'drug') return part
  if (entry.kind === 'free-text') return status.allergyText
  if (entry.kind === 'status') return status.wasAsked ? null : ''
  const allergy = status.allergies.find(({ id }) => id === entry.id)
  return allergy === undefined ? null : [allergy.substance, allergy.code, allergy.reaction].join('\n')
}

const neverAsked: Ask = {
  part: 'allergy status',
  detail: 'nobody has asked whether the patient has allergies: record them, or attest that there are none',
  entry: { kind: 'status', id: null },
}

const asksOfDrug = (drug: Drug): Ask[] =>
  drug.unknown.map((part) => ({
    part,
    detail: `“${part}” is not in the drug table`,
    entry: { kind: 'drug', id: null },
  }))

const namesAllergy = (text: string): boolean => {
  const { allergens, unknown } = readAllergens(text)
  return allergens.length > 0 || unknown.length > 0
}

/**
 * The drug against the structured allergies and the free text. A drug that nobody knows is asked about only where there is
 * an allergy to compare it with.
 */
export function checkAllergies(drug: Drug, { allergies, allergyText, wasAsked }: AllergyStatus): Findings {
  const text = allergyText?.trim() ? allergyText : null
  const all = [...allergies.map((allergy) => checkAllergy(drug, allergy)), ...(text ? [checkText(drug, text)] : [])]
  const hasAllergy = allergies.length > 0 || (text !== null && namesAllergy(text))
  const asks = [
    ...all.flatMap((each) => each.asks ?? []),
    ...(hasAllergy ? asksOfDrug(drug) : []),
    ...(wasAsked || text !== null ? [] : [neverAsked]),
  ]
  return { conflicts: all.flatMap(({ conflicts }) => conflicts), unchecked: asks.map(({ detail }) => detail), asks }
}
