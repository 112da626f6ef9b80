import { drugPhrases, formWords } from './drug-name-rules.ts'
import { classNames, otherAllergens } from './knowledge/allergens.ts'
import type { Ingredient } from './knowledge/ingredient.ts'
import { createPhraseBook, partsOf, saysMoreThan, splitWords, wordsOfAnyScript } from './phrase-rules.ts'

/** What a recorded allergy is against: a substance, a class of drugs, or something that is no drug. */
export type Allergen =
  | { kind: 'ingredient'; ingredient: Ingredient }
  | { kind: 'class'; name: string }
  | { kind: 'other'; name: string }

const phrases = new Map<string, Allergen[]>([
  ...[...otherAllergens].map(([word, name]): [string, Allergen[]] => [word, [{ kind: 'other', name }]]),
  ...[...drugPhrases].map(([phrase, ingredients]): [string, Allergen[]] => [
    phrase,
    ingredients.map((ingredient) => ({ kind: 'ingredient', ingredient })),
  ]),
  // Last, so that "penicillin" is the class and not one of its members.
  ...[...classNames].map(([word, name]): [string, Allergen[]] => [word, [{ kind: 'class', name }]]),
])
const book = createPhraseBook(phrases)

/** Words around an allergen that name none: reactions, people, times, and ways to say that there is nothing. */
const otherWords = new Set(
  `none nkda nka nkfa nil known denies denied allergy allergies allergic allergen drug drugs medication medications medicine food
  reaction reactions sensitivity intolerance intolerant rash rashes hives urticaria anaphylaxis anaphylactic angioedema
  swelling nausea vomiting diarrhea diarrhoea itching itch itchy pruritus severe mild moderate unknown childhood child
  causes cause caused history reported recorded stated date upset stomach breathing difficulty shock seasonal house
  environmental other noted patient family bronchospasm wheezing cough when taking after from with that this have been
  products product dairy confirmed suspected possible type since year years test tested never significant any
  a an the to of in on at by for or if as is was has had be been it its she he her his they not no nor but except apart only
  must may can cannot do does did give given giving take taken receive avoid again without doubt tolerate tolerates tolerated
  w c o pt hx yo yr yrs mg ml g iv im po age aged per all due see skin throat face lips tongue hospital admitted required
  needed butter oil adrenaline gi sob ok fine very bad feels felt gets got`.split(/\s+/),
)
const negations = new Set(['no', 'not', 'nil', 'denies', 'denied'])

/** Sentences that deny an allergy, of which a single word makes the negation. */
const denials = [
  /^(?:patient |she |he |is |was )*(?:not|no|nil|denies)(?: any| known| history of)*(?: allergic| allergy| allergies| reactions?| intolerance| sensitivity)(?: to)? .+$/,
  /^(?:patient |she |he )*(?:no|nil|denies)(?: any| known)* .+ (?:allergy|reactions?|intolerance|sensitivity)$/,
  /^.+ allergy (?:is |was )?denied$/,
]
/** Sentences that say that a substance does no harm. */
const tolerances = [
  /^(?:patient |she |he |has |well )*(?:tolerates|tolerated) .+$/,
  /^.+ (?:is |was |well )*tolerated(?: well)?$/,
]

/** All that a denial consists of besides what it names. */
const denying = new Set(
  `patient she he is was has not no nil denies denied any known history of allergic allergy allergies reaction reactions
  intolerance sensitivity to or and drug drugs well tolerates tolerated`.split(/\s+/),
)
const isPlainText = (text: string) => /^[\p{L}\p{M}\s.,;()']*$/u.test(text)

/**
 * Does the sentence deny, plainly, what it names? Anything else beside a negation is taken for a warning: a reaction, an
 * exception, a time ("until 2020"), a doubt, a dash after which something is named.
 */
function isPlainDenial(part: string, words: readonly string[], named: ReadonlySet<string>): boolean {
  const sentence = words.join(' ')
  if (!isPlainText(part) || words.some((word) => !denying.has(word) && !named.has(word))) return false
  const count = words.filter((word) => negations.has(word)).length
  return (
    (count === 1 && denials.some((form) => form.test(sentence))) ||
    (count === 0 && tolerances.some((form) => form.test(sentence)))
  )
}

const sayingNone = new Set(['none', 'no', 'nil', 'nka', 'nkda', 'nkfa', 'denies'])
const aroundNone = new Set(
  `known drug drugs food latex environmental allergy allergies allergic medication medications medicine any reported
  stated history of patient the or reactions reaction to`.split(/\s+/),
)

/** `None`, `No known drug allergies`; "unknown" and "allergies not known" are no such thing. */
function saysNone(text: string): boolean {
  const words = wordsOfAnyScript(text)
  // A number or a question mark says something besides.
  if (!/^[\p{L}\p{M}\s.,;:()'/–—-]*$/u.test(text)) return false
  return (
    words.some((word) => sayingNone.has(word)) && words.every((word) => sayingNone.has(word) || aroundNone.has(word))
  )
}

interface ReadAllergens {
  allergens: Allergen[]
  /** Parts that say something the tables do not know, whatever its script or length. */
  unknown: string[]
}

function readPart(part: string): { allergens: Allergen[]; isUnknown: boolean; isDenied: boolean } {
  const words = splitWords(part)
  const found = book.find(words)
  const named = new Set(found.flatMap((each) => each.words))
  const isDenied = found.length > 0 && isPlainDenial(part, words, named)
  return {
    allergens: isDenied ? [] : found.flatMap(({ meaning }) => meaning),
    isUnknown: !isDenied && saysMoreThan(part, named, otherWords, formWords),
    isDenied,
  }
}

/**
 * Reads the name of an allergy, or the free text about allergies. An allergen beside a negation counts as named unless the
 * sentence is a plain denial ("Do not give penicillin" warns, "not allergic to penicillin" does not). A text that names
 * nothing and does not say that there is nothing is unknown as a whole.
 */
export function readAllergens(text: string): ReadAllergens {
  const parts = partsOf(text).map((part) => ({ part, ...readPart(part) }))
  const unknown = parts.filter(({ isUnknown }) => isUnknown).map(({ part }) => part)
  const allergens = parts.flatMap((part) => part.allergens)
  const isSilent = unknown.length === 0 && allergens.length === 0 && !parts.some(({ isDenied }) => isDenied)
  if (isSilent && /[^\s./-]/.test(text) && !saysNone(text)) unknown.push(text.trim())
  // Each once: a long text can name one drug thousands of times.
  return { allergens: [...new Set(allergens)], unknown: [...new Set(unknown)] }
}
