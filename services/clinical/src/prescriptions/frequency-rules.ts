/** How often a dose is given. */
export interface Frequency {
  /** Doses a day; below 1 where it is not every day: weekly is 1/7. */
  perDay: number
  /** The words say that and nothing else that changes it. */
  isExact: boolean
}

const numbers: Readonly<Record<string, number>> = {
  once: 1,
  one: 1,
  twice: 2,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
}
const count = String.raw`(\d{1,2}|once|one|twice|two|three|four|five|six)`
const numberOf = (word = '1') => numbers[word] ?? Number(word)
const weekday = '(?:mon|tues|wednes|thurs|fri|satur|sun)days?'

type Reading = [RegExp, (...found: string[]) => number]

/** In this order: what is said of weeks and hours before what is said of days. */
const readings: readonly Reading[] = [
  [
    new RegExp(
      String.raw`\b${count}(?: ?(?:times?|x))? (?:a|per|each|every) week\b|\b${count}(?: ?(?:times?|x))? weekly\b`,
    ),
    (a, b) => numberOf(a ?? b) / 7,
  ],
  [
    /\b(?:every|each) (?:(\d|two|three|four) weeks|other week)\b|\bfortnightly\b/,
    (weeks) => 1 / (7 * numberOf(weeks ?? 'two')),
  ],
  [
    new RegExp(String.raw`\b(?:weekly|every week|each week|per week|a week|once a week|(?:on|every) ${weekday})\b`),
    () => 1 / 7,
  ],
  [/\b(?:monthly|every (?:month|4 weeks|28 days)|once a month)\b/, () => 1 / 28],
  [/\b(?:every other|alternate|every second) days?\b|\beod\b/, () => 0.5],
  [/\bevery (\d{1,2}) days\b/, (days) => 1 / Number(days)],
  [
    /\b(?:every|q) ?(\d{1,2})(?: ?(?:-|–|to) ?\d{1,2})? ?(?:h|hr|hrs|hours?|hourly)\b|\b(\d{1,2})(?: ?(?:-|–|to) ?\d{1,2})? ?hourly\b/,
    (a, b) => 24 / Number(a ?? b),
  ],
  [
    new RegExp(
      String.raw`\b${count}(?: ?(?:times?|x))? ?(?:a|per|each|every|/) ?day\b|\b${count}(?: ?(?:times?|x))? daily\b|\b${count} ?x ?/? ?d(?:ay)?\b`,
    ),
    (a, b, c) => numberOf(a ?? b ?? c),
  ],
  [/\b(?:qds|qid)\b/, () => 4],
  [/\b(?:tds|tid)\b/, () => 3],
  [/\b(?:bd|bid)\b/, () => 2],
  [/\b(?:morning and (?:evening|night)|am and pm)\b/, () => 2],
  [
    /\b(?:od|qd|om|nocte|mane|qhs|hs|daily|every day|each day|a day|per day|nightly|(?:at|every) (?:night|bedtime)|(?:in the|every) (?:morning|evening)|stat|single dose|once)\b|^on$/,
    () => 1,
  ],
]
const changing = /\b(?:taper\w*|reduc\w*|wean\w*|increas\w*|titrat\w*|then|load\w*|decreas\w*|step\w*)\b/

/** Reads how often from words; null where they do not say it. */
export function readFrequency(text: string): Frequency | null {
  const said = text.normalize('NFKC').toLowerCase().replaceAll('.', '')
  for (const [pattern, perDay] of readings) {
    const found = pattern.exec(said)
    if (found === null) continue
    const times = perDay(...(found.slice(1) as string[]))
    return Number.isFinite(times) && times > 0 ? { perDay: times, isExact: !changing.test(said) } : null
  }
  return null
}
