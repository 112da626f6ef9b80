import { drugPhrases } from './drug-name-rules.ts'
import { classNames, otherAllergens } from './knowledge/allergens.ts'
import type { Ingredient } from './knowledge/ingredient.ts'
import { createPhraseBook, partsOf, splitWords } from './phrase-rules.ts'

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

/** Words around an allergen that name none: reactions, and ways to say that there is nothing. */
const otherWords = new Set(
  `none nkda nka nil known denies allergy allergies allergic allergen drug drugs medication medications medicine food
  reaction reactions sensitivity intolerance intolerant rash rashes hives urticaria anaphylaxis anaphylactic angioedema
  swelling nausea vomiting diarrhea diarrhoea itching itch itchy pruritus severe mild moderate unknown childhood child
  causes cause caused history reported recorded stated date upset stomach breathing difficulty shock seasonal house
  environmental other noted patient family bronchospasm wheezing cough when taking after from with that this have been
  products product dairy confirmed suspected possible type since year years test tested never significant any`.split(
    /\s+/,
  ),
)
const negations = new Set(['no', 'not', 'denies', 'tolerates', 'tolerated', 'tolerate', 'without', 'negative', 'never'])

interface ReadAllergens {
  allergens: Allergen[]
  /** Parts that name something the tables do not know. */
  unknown: string[]
  /** Parts that name an allergen in a sentence that may deny it. */
  ambiguous: string[]
}

/** Reads the name of an allergy, or the free text about allergies. */
export function readAllergens(text: string): ReadAllergens {
  const read: ReadAllergens = { allergens: [], unknown: [], ambiguous: [] }
  for (const part of partsOf(text)) {
    const words = splitWords(part)
    const found = book.find(words).flatMap(({ meaning }) => meaning)
    if (found.length === 0) {
      if (words.some((word) => /^[a-z]{4,}$/.test(word) && !otherWords.has(word))) read.unknown.push(part)
    } else if (words.some((word) => negations.has(word))) read.ambiguous.push(part)
    else read.allergens.push(...found)
  }
  // Each once: a long text can name one drug thousands of times.
  return {
    allergens: [...new Set(read.allergens)],
    unknown: [...new Set(read.unknown)],
    ambiguous: [...new Set(read.ambiguous)],
  }
}
