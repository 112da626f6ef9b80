import { calendarDate } from '@hospital/contracts'

/** What somebody typed into the search, taken apart; every part must fit. */
export interface SearchTerms {
  birthDates: string[]
  /** Lower case; whole or the beginning of one. */
  emails: string[]
  /** What is left when dates and e-mails are taken out, lower case: a patient number, a telephone number, or names. */
  rest: string
  /** The digits of `rest` when it holds nothing else that counts. */
  digits: string | null
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

const forms: readonly [pattern: RegExp, read: (parts: string[]) => string | null][] = [
  [/(?<!\S)(\d{4})-(\d{1,2})-(\d{1,2})(?!\S)/g, ([y, m, d]) => calendarDate(Number(y), Number(m), Number(d))],
  // Day first, as the contract says.
  [/(?<!\S)(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?!\S)/g, ([d, m, y]) => calendarDate(Number(y), Number(m), Number(d))],
  [
    /(?<!\S)(\d{1,2})(?:st|nd|rd|th)?[ .-]+([a-z]{3,9})[ .,-]+(\d{4})(?!\S)/g,
    ([d, word = '', y]) => {
      const month = months.indexOf(word.slice(0, 3)) + 1
      return month === 0 ? null : calendarDate(Number(y), month, Number(d))
    },
  ],
]

/** Reads `1985-03-15`, `15/03/1985` or `15 mar 1985`, e-mails, and the rest of what was typed. */
export function parseSearch(typed: string): SearchTerms {
  const birthDates: string[] = []
  let rest = typed.toLowerCase().trim()
  for (const [pattern, read] of forms) {
    rest = rest.replace(pattern, (whole, ...parts) => {
      const date = read(parts.slice(0, 3).map(String))
      if (date === null) return whole
      birthDates.push(date)
      return ' '
    })
  }
  const words = rest.split(/[\s,;]+/).filter((word) => word !== '')
  const emails = words.filter((word) => word.includes('@'))
  rest = words.filter((word) => !word.includes('@')).join(' ')
  const isNumber = /^[\d\s()+./-]+$/.test(rest) && /\d/.test(rest)
  return { birthDates, emails, rest, digits: isNumber ? rest.replace(/\D/g, '') : null }
}

/** The word itself and, from four letters on, the word with each letter left out: finds words one mistake away. */
export function wordVariants(word: string): string[] {
  const letters = [...word].slice(0, 30)
  if (letters.length < 4) return [letters.join('')]
  return [
    ...new Set([
      letters.join(''),
      ...letters.map((_, i) => [...letters.slice(0, i), ...letters.slice(i + 1)].join('')),
    ]),
  ]
}
