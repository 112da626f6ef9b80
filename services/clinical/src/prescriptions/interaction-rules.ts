import type { Conflict } from '@hospital/contracts'
import { staysLocal } from './dose-reading-rules.ts'
import { type Drug, readMedications } from './drug-name-rules.ts'
import type { Findings } from './findings-rules.ts'
import { duplicateClasses, duplicateSource } from './knowledge/duplicate-classes.ts'
import { type Ingredient, keysOf } from './knowledge/ingredient.ts'
import { type InteractionRule, severities } from './knowledge/interaction.ts'
import { interactionRules } from './knowledge/rule-set.ts'
import { splitWords } from './phrase-rules.ts'

/** Another prescription in use. */
export interface OtherDrug {
  prescriptionId: number
  drug: Drug
}

const pairKey = (a: string, b: string) => (a < b ? `${a}|${b}` : `${b}|${a}`)
const rulesByPair = Map.groupBy(interactionRules, ({ a, b }) => pairKey(a, b))

const worstFirst = (a: InteractionRule, b: InteractionRule) =>
  severities.indexOf(a.severity) - severities.indexOf(b.severity) || positionOf(a) - positionOf(b)
const order = new Map(interactionRules.map((rule, position) => [rule, position]))
const positionOf = (rule: InteractionRule) => order.get(rule) ?? 0

const found = new Map<Ingredient, Map<Ingredient, readonly InteractionRule[]>>()

/** The rules for two substances; looked for once, since most of prescribing's time went there. */
function rulesOf(one: Ingredient, other: Ingredient): readonly InteractionRule[] {
  const known = found.get(one)?.get(other)
  if (known !== undefined) return known
  const rules = findRules(one, other)
  found.set(one, (found.get(one) ?? new Map()).set(other, rules))
  return rules
}

/** Of the rules that tell the same effect only the worst, and among equals the first written. */
function findRules(one: Ingredient, other: Ingredient): InteractionRule[] {
  if (one === other) return []
  const rules = keysOf(one).flatMap((a) => keysOf(other).flatMap((b) => rulesByPair.get(pairKey(a, b)) ?? []))
  const byEffect = Map.groupBy(new Set(rules), ({ effect }) => effect)
  return [...byEffect.values()].flatMap((same) => same.sort(worstFirst).slice(0, 1))
}

/** What the rule follows, and whether that was opened while it was written. */
export const sourceOf = ({ source, opened }: Pick<InteractionRule, 'source' | 'opened'>): string =>
  opened === null ? `${source} (unverified: not opened)` : `${source}; read in ${opened.address}: ${opened.passage}`

const localOnly = 'it stays where it is put: interactions of the whole body are not looked at'

const unknownOther = ({ prescriptionId, drug }: OtherDrug): string[] =>
  drug.unknown.map((part) => `“${part}” of prescription ${prescriptionId} is not in the drug table`)

/** What the rules say of a drug beside another. */
export function interactionsOf(
  drug: Drug,
  other: Pick<Drug, 'ingredients'>,
  partner: Conflict['with'],
): Findings['conflicts'] {
  return drug.ingredients.flatMap((mine) =>
    other.ingredients.flatMap((theirs) =>
      rulesOf(mine, theirs).map((rule) => ({
        check: 'interaction' as const,
        rule: rule.id,
        severity: rule.severity,
        detail: `${mine.name} with ${theirs.name}: ${rule.effect}`,
        source: sourceOf(rule),
        with: partner,
      })),
    ),
  )
}

/** The drug against the other prescriptions in use and the free text about medication. */
export function checkInteractions(drug: Drug, all: readonly OtherDrug[], medicationText: string | null): Findings {
  if (staysLocal(drug)) return { conflicts: [], unchecked: [], notCovered: [localOnly] }
  const others = all.filter((other) => !staysLocal(other.drug))
  const inText = medicationText ? readMedications(medicationText) : []
  return {
    conflicts: [
      ...others.flatMap((other) =>
        interactionsOf(drug, other.drug, { kind: 'prescription', id: other.prescriptionId }),
      ),
      ...inText.flatMap((other) => interactionsOf(drug, other, { kind: 'free-text', id: null })),
    ],
    unchecked: [
      ...others.flatMap(unknownOther),
      ...inText
        .flatMap(({ unknown }) => unknown)
        .map((part) => `“${part}” in the free text about medication is not in the drug table`),
    ],
  }
}

function duplicateRules(mine: Ingredient, theirs: Ingredient): Pick<Conflict, 'rule' | 'detail'>[] {
  if (mine === theirs) return [{ rule: 'duplicate-ingredient', detail: `${mine.name} is prescribed already` }]
  return mine.classes
    .filter((name) => duplicateClasses.has(name) && theirs.classes.includes(name))
    .map((name) => ({ rule: `duplicate-class-${name}`, detail: `${mine.name} and ${theirs.name} are both ${name}` }))
}

const sameLabel = (one: Drug, other: Drug) => splitWords(one.label).join(' ') === splitWords(other.label).join(' ')

function duplicatesOf(drug: Drug, { drug: other, prescriptionId }: OtherDrug): Findings['conflicts'] {
  const rules = drug.ingredients.flatMap((mine) => other.ingredients.flatMap((theirs) => duplicateRules(mine, theirs)))
  if (rules.length === 0 && sameLabel(drug, other)) {
    rules.push({ rule: 'duplicate-name', detail: `“${other.label}” is prescribed already` })
  }
  return rules.map((rule) => ({
    ...rule,
    check: 'duplicate-therapy',
    severity: 'moderate',
    source: duplicateSource,
    with: { kind: 'prescription', id: prescriptionId },
  }))
}

/** The same substance, or another of a class of which one is meant. */
export function checkDuplicates(drug: Drug, all: readonly OtherDrug[]): Findings {
  // A cream beside a tablet of the same substance is no duplicate; two creams are.
  const others = all.filter((other) => staysLocal(other.drug) === staysLocal(drug))
  return { conflicts: others.flatMap((other) => duplicatesOf(drug, other)), unchecked: others.flatMap(unknownOther) }
}
