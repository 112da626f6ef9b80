import { clinicalDrugs } from './knowledge/clinical-drugs.ts'
import type { Ingredient } from './knowledge/ingredient.ts'
import { allIngredients } from './knowledge/rule-set.ts'
import { createPhraseBook, partsOf, saysMoreThan, splitWords } from './phrase-rules.ts'
import type { Dosing } from './quantity-rules.ts'

const byName = new Map(allIngredients.map((ingredient) => [ingredient.name, ingredient]))
const byCode = new Map(
  allIngredients.flatMap((ingredient) => (ingredient.rxcui ? [[ingredient.rxcui, ingredient]] : [])),
)

/** Every name and brand → the ingredients it means. */
export const drugPhrases = new Map(
  allIngredients.flatMap(({ names }) => names.map(({ text, ingredients }) => [text, named(ingredients)])),
)
const drugBook = createPhraseBook(drugPhrases)

function named(names: readonly string[]): Ingredient[] {
  return names.map((name) => {
    const ingredient = byName.get(name)
    if (ingredient === undefined) throw new Error(`The drug table has no ingredient ${name}`)
    return ingredient
  })
}

/** What a prescription says of the dose, beside the name of the drug. */
export type DoseOrder = Partial<Dosing> & { dose_route?: string | null }

/** What a prescription's drug is made of, as far as the table knows. */
export interface Drug {
  label: string
  ingredients: readonly Ingredient[]
  /** Parts of the name that are not in the table. */
  unknown: readonly string[]
  /** What is said of the dose, where the drug was prescribed here. */
  order?: DoseOrder
}

/** The ingredients of an RxNorm code: of an ingredient itself, or of a product in the table. Empty for others. */
export function ingredientsOfCode(code: string): Ingredient[] {
  const ingredient = byCode.get(code)
  return ingredient ? [ingredient] : named(clinicalDrugs.get(code) ?? [])
}

function readName(text: string): { ingredients: Ingredient[]; unknown: string[] } {
  const parts = partsOf(text).map((part) => ({
    part,
    found: drugBook.find(splitWords(part)).flatMap(({ meaning }) => meaning),
  }))
  const ingredients = [...new Set(parts.flatMap(({ found }) => found))]
  const unknown = parts
    .filter(({ part, found }) => found.length === 0 && saysMoreThan(part, formWords))
    .map(({ part }) => part)
  return { ingredients, unknown: ingredients.length === 0 && unknown.length === 0 ? [text.trim()] : unknown }
}

/** Words of names that are no substance: forms, units, salts. */
export const formWords = new Set(
  `tablet tablets capsule capsules caplet oral solution suspension elixir syrup liquid injection injectable spray mucosal
  nasal inhaler inhalant inhalation metered dose powder extended release delayed immediate sustained hour hours pack
  chewable prefilled syringe auto injector autoinjector intrauterine system transdermal patch vaginal ring actuat actuation
  porcine topical cream ointment drops ophthalmic otic film coated unit units mcg strength food water daily twice three
  times every needed with take days weeks potassium sodium hydrochloride sulfate maleate succinate acetate low high
  morning night bedtime blood pain fever disintegrating softgel enteric dry wet
  mg ml l g kg ug ng meq mmol iu unt u h hr hrs er sr xr xl cr la mr dr ir ec po iv im sc sl pr od bd bid tds tid qds qid qhs qd
  prn stat mane nocte am pm x a an the of in on at to for per or as is no tab tabs cap caps inj sol susp once day week month
  months dose doses puff puffs drop one two four v vk`.split(/\s+/),
)

/** Words with which people say in free text that there is nothing, or what kind of thing follows. */
const listWords = new Set(
  'none nil no not known any regular current medication medications medicine medicines meds on takes taking'.split(' '),
)

/** Medicines named in free text; `unknown` are the parts that say something else. */
export function readMedications(text: string): Pick<Drug, 'ingredients' | 'unknown'>[] {
  return [...new Set(partsOf(text))].flatMap((part) => {
    if (!saysMoreThan(part, formWords, listWords)) return []
    const { ingredients } = readName(part)
    return [{ ingredients, unknown: ingredients.length === 0 ? [part] : [] }]
  })
}

/** Finds the substances of a prescription by its code and its name. */
export function identifyDrug({
  medication_name,
  rxnorm_code,
  ...order
}: {
  medication_name: string
  rxnorm_code: string | null
} & DoseOrder): Drug {
  const coded = rxnorm_code === null ? [] : ingredientsOfCode(rxnorm_code)
  const read = readName(medication_name)
  return {
    label: medication_name,
    ingredients: [...new Set([...coded, ...read.ingredients])],
    unknown: coded.length > 0 ? [] : read.unknown,
    order,
  }
}

/** Code and name are both in the table and share no substance: one of them is a slip. */
export function contradicts({
  medication_name,
  rxnorm_code,
}: {
  medication_name: string
  rxnorm_code: string | null
}): boolean {
  const coded = rxnorm_code === null ? [] : ingredientsOfCode(rxnorm_code)
  const read = readName(medication_name).ingredients
  return coded.length > 0 && read.length > 0 && !coded.some((ingredient) => read.includes(ingredient))
}
