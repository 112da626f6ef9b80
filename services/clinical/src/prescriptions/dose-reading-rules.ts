import { type Amount, readAmounts, readCount, readUnit } from './dose-words-rules.ts'
import type { DoseOrder, Drug } from './drug-name-rules.ts'
import { type Frequency, readFrequency } from './frequency-rules.ts'
import type { Route } from './knowledge/dose-limit.ts'
import type { Ingredient } from './knowledge/ingredient.ts'

/** What is understood of the dose of one ingredient. */
export interface ReadDose {
  /** What is given at a time; null: not said, or not in a way that the amount of this ingredient follows from. */
  single: Amount | null
  /** What one tablet (or the like) of the product holds, where the name says it. */
  strength: Amount | null
  frequency: Frequency | null
}

const routeWords: readonly [Route, RegExp][] = [
  [
    'topical',
    /\b(?:cream|ointment|lotion|shampoo|topical|cutaneous|ophthalmic|otic|(?:eye|ear|nose|nasal) (?:drops?|spray|ointment|gel)|(?<!oral )gel|mouthwash|nasal|inhal\w*|nebul\w*|metered dose|actuat\w*|spray|vaginal|paste|foam|eye|ear|skin)\b/,
  ],
  [
    'parenteral',
    /\b(?:inject\w*|infus\w*|intraven\w*|intramusc\w*|subcut\w*|iv|im|sc|s\/c|vial|ampoules?|syringe|pen|intrathecal|epidural)\b/,
  ],
  ['oral', /\b(?:oral|po|by mouth|tablets?|tabs?|capsules?|caps?|caplets?|syrup|elixir|sublingual|buccal)\b/],
]

/** Where the drug goes in, from the field, else the name. Null: nothing says it. */
export function routeOf(label: string, order: DoseOrder): Route | null {
  const field = (order.dose_route ?? '').toLowerCase()
  const name = label.toLowerCase()
  const said = (text: string) => routeWords.find(([, words]) => words.test(text))?.[0]
  return said(field) ?? said(name) ?? null
}

/** A vial or a bottle holds more than is given at a time. */
const holdsMore = /\b(?:vials?|bottles?|bags?|inject\w*|infus\w*|solution|suspension|syrup|powder|kit|pack)\b/i

/** The amount that stands behind each ingredient's name; a single ingredient takes the first one. */
function amountsOf({ label, ingredients }: Drug, per: 'one' | 'millilitre'): Map<Ingredient, Amount> {
  const amounts = readAmounts(label).filter((amount) => amount.per === per)
  const [first] = amounts
  const [only, ...others] = ingredients
  if (first === undefined || only === undefined) return new Map()
  if (others.length === 0) return amounts.length === 1 ? new Map([[only, first]]) : new Map()
  const text = label.toLowerCase()
  const placed = ingredients
    .map((ingredient) => ({
      ingredient,
      at: Math.min(...ingredient.names.map((name) => text.indexOf(name.text)).filter((at) => at >= 0)),
    }))
    .sort((a, b) => a.at - b.at)
  if (placed.some(({ at }) => !Number.isFinite(at))) return new Map()
  const ends = placed.map((_, i) => placed[i + 1]?.at ?? Number.POSITIVE_INFINITY)
  return new Map(
    placed.flatMap(({ ingredient, at }, i) => {
      const own = amounts.filter((amount) => amount.at > at && amount.at < (ends[i] ?? 0))
      return own.length === 1 && own[0] !== undefined ? [[ingredient, own[0]] as const] : []
    }),
  )
}

const times = (amount: Amount | undefined, count: number): Amount | null =>
  amount === undefined ? null : { ...amount, value: amount.value * count }

/** The unit that was entered in the field and means nothing to us; null where there is none. */
export function unreadUnit({ dose_unit }: DoseOrder): string | null {
  return dose_unit && readUnit(dose_unit) === null ? dose_unit : null
}

interface Given {
  count: number
  of: 'piece' | 'millilitre'
}

/** What is given at a time: an amount of the substance, or so many pieces or millilitres. */
function readGiven({ dose_amount, dose_unit, dosage }: DoseOrder): Amount | Given | null {
  if (dose_amount && dose_unit) {
    const unit = readUnit(dose_unit)
    const count = Number(dose_amount)
    if (unit === 'piece' || unit === 'millilitre') return { count, of: unit }
    if (unit === 'unit') return { value: count, kind: 'unit' }
    return unit !== null && typeof unit === 'object' ? { value: count * unit.mg, kind: 'mg' } : null
  }
  if (!dosage) return null
  const counted = readCount(dosage)
  if (counted !== null) return counted
  const amounts = readAmounts(dosage)
  const [first] = amounts
  return first !== undefined && amounts.length === 1 && first.per === 'one' ? first : null
}

function frequencyOf(order: DoseOrder): Frequency | null {
  const changes = [order.dosage, order.frequency, order.instructions].some(
    (text) => text && readFrequency(`${text} daily`)?.isExact === false,
  )
  if (order.times_per_day) return { perDay: order.times_per_day, isExact: !changes }
  if (order.interval_hours) return { perDay: 24 / order.interval_hours, isExact: !changes }
  for (const text of [order.frequency, order.dosage, order.instructions]) {
    const read = text ? readFrequency(text) : null
    if (read !== null) return { ...read, isExact: !changes }
  }
  return null
}

/** Reads the dose of each ingredient from the fields, or where they are empty from the words. */
export function readDoses(drug: Drug, order: DoseOrder): Map<Ingredient, ReadDose> {
  const given = readGiven(order)
  const frequency = frequencyOf(order)
  const strengths = amountsOf(drug, 'one')
  const concentrations =
    given !== null && 'of' in given && given.of === 'millilitre' ? amountsOf(drug, 'millilitre') : null
  const isPiece = !holdsMore.test(drug.label) && concentrations === null
  return new Map(
    drug.ingredients.map((ingredient) => {
      const strength = strengths.get(ingredient) ?? null
      let single: Amount | null = null
      if (given !== null && 'of' in given) {
        single = times((concentrations ?? strengths).get(ingredient), given.count)
      } else if (given !== null && drug.ingredients.length === 1) {
        single = given
      }
      return [ingredient, { single, strength: isPiece ? strength : null, frequency }]
    }),
  )
}

/** Milligrams in a day, as far as the dose is understood; null otherwise. */
export function dailyOf(read: ReadDose | undefined): number | null {
  if (read?.single == null || read.single.kind !== 'mg' || read.frequency === null) return null
  return read.single.value * read.frequency.perDay
}

const local =
  /\b(?:cream|ointment|lotion|shampoo|(?<!oral )(?<!oromucosal )gel|foam|(?:eye|ear) (?:drops?|ointment|gel)|ophthalmic|otic)\b/
/** From there as much gets into the blood as from a tablet, or may: miconazole, hormones, patches. */
const enters = /\b(?:vaginal|rectal|oral|transdermal|intravaginal|buccal|nasal)\b/

/**
 * Does the product stay on the skin, in the eye or in the ear? Then rules about the whole body do not speak of it; allergies
 * still do. What is inhaled or sprayed into the nose is not counted here: enough of it gets into the blood to interact.
 */
export function staysLocal({ label, order }: Drug): boolean {
  const said = `${label} ${order?.dose_route ?? ''}`.toLowerCase()
  return local.test(said) && !enters.test(said)
}
