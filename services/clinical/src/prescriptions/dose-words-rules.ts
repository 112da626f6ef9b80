/** What a text says of an amount, in the base unit of its kind: milligrams, or units of activity. */
export interface Amount {
  value: number
  kind: 'mg' | 'unit'
}

/** Milligrams of the units of mass that people write. */
const milligrams: Readonly<Record<string, number>> = {
  g: 1000,
  gm: 1000,
  gram: 1000,
  grams: 1000,
  mg: 1,
  mgs: 1,
  milligram: 1,
  milligrams: 1,
  mcg: 0.001,
  ug: 0.001,
  μg: 0.001,
  microg: 0.001,
  microgram: 0.001,
  micrograms: 0.001,
  ng: 0.000_001,
  nanogram: 0.000_001,
  nanograms: 0.000_001,
}
const activityUnits = new Set(['unit', 'units', 'iu', 'unt', 'international unit', 'international units'])

/** Things that are given by the piece: how much is in one, the name of the drug has to say. */
const pieces = new Set(
  `tablet tab capsule cap caplet pill piece suppository lozenge sachet pessary ampoule ampule vial puff spray patch
  actuation inhalation syringe pen film pastille blister bag`.split(/\s+/),
)
/** Understood, and nothing to compute with. */
const uncounted = new Set(
  'drop application mmol meq mg/kg mcg/kg units/kg percent % strip pump ring enema applicator inch cm dose'.split(
    /\s+/,
  ),
)

const plain = (text: string) => text.normalize('NFKC').toLowerCase()

/** `patches` → `patch`, `suppositories` → `suppository`, `tablets` → `tablet`. */
const singular = (word: string) =>
  word
    .replace(/ies$/, 'y')
    .replace(/(ch|sh|x)es$/, '$1')
    .replace(/(?<=[a-z]{2})s$/, '')

/** What kind of thing a unit of a structured dose is; null: not understood, a person looks. */
export function readUnit(unit: string): { mg: number } | 'unit' | 'millilitre' | 'piece' | 'uncounted' | null {
  const word = plain(unit).trim().replace(/\.$/, '')
  const mass = milligrams[word]
  if (mass !== undefined) return { mg: mass }
  if (activityUnits.has(word)) return 'unit'
  if (/^(?:ml|mls|cc|millilit(?:er|re)s?)$/.test(word)) return 'millilitre'
  if (pieces.has(singular(word))) return 'piece'
  return uncounted.has(word) || uncounted.has(singular(word)) ? 'uncounted' : null
}

const mass = 'g|gm|grams?|mgs?|milligrams?|mcg|ug|μg|microg|micrograms?|ng|nanograms?|units?|iu|unt'
const number = String.raw`\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+`
const amountPattern = new RegExp(
  String.raw`(?<![\d.,/-])(?:(?:${number})\s*(?:-|–|to)\s*)?(${number})\s*(${mass})\b(\s*(?:/|per)\s*(\d+(?:\.\d+)?)?\s*(ml|mls|milliliter|millilitre|kg|m2|h|hr|hour|min|day|dose|actuat\w*|puff|spray|tablet|g|mg)\b)?`,
  'g',
)

/** An amount in a text, where it stands, and what it is counted by: `250 mg / 5 ml` is 50 mg by the millilitre. */
export interface WrittenAmount extends Amount {
  at: number
  per: 'one' | 'millilitre' | 'other'
}

/** Every amount that a text names. Of a range the higher end counts. */
export function readAmounts(text: string): WrittenAmount[] {
  return [...plain(text).matchAll(amountPattern)].map((match) => {
    const [, digits = '', unit = '', by, count, each = ''] = match
    const factor = milligrams[unit]
    const value = Number(digits.replaceAll(',', '')) * (factor ?? 1)
    const kind = factor === undefined ? ('unit' as const) : ('mg' as const)
    if (by === undefined) return { value, kind, at: match.index, per: 'one' as const }
    if (/^(?:actuat|puff|spray|tablet|dose)/.test(each)) return { value, kind, at: match.index, per: 'one' as const }
    const isLiquid = /^m(?:l|illi)/.test(each)
    return { value: value / Number(count ?? 1), kind, at: match.index, per: isLiquid ? 'millilitre' : 'other' }
  })
}

const words: Readonly<Record<string, number>> = { half: 0.5, a: 1, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6 }
const counted =
  /(?:^|\s)(\d+(?:\.\d+)?|half|one|two|three|four|five|six|a)(?:\s*(?:-|–|to|or)\s*(\d+|two|three|four))?\s*([a-z]+)/g

/** `2 tablets`, `one capsule`, `5 ml`: so many pieces or millilitres; of a range the higher end. */
export function readCount(text: string): { count: number; of: 'piece' | 'millilitre' } | null {
  for (const [, low = '', high, unit = ''] of plain(text).matchAll(counted)) {
    const of = readUnit(unit)
    if (of !== 'piece' && of !== 'millilitre') continue
    const said = high ?? low
    return { count: words[said] ?? Number(said), of }
  }
  return null
}
