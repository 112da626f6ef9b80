import type { Entry } from './rules.ts'

/** Letters and numbers matter, `+` too (`2+`), all else does not. */
const plainly = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}+]+/gu, ' ')
    .trim()

/** What is denied: `not detected`, `no growth`, `non-reactive`, `without growth`. What stands after it in a list is not. */
const denials =
  /\b(?:no|not|non|without|nil)(?: (?:significant|bacterial|fungal|further|acid fast|malaria|yet))* \p{L}+/gu

const says = (text: string, phrases: readonly string[]): boolean =>
  phrases.some((phrase) => ` ${text} `.includes(` ${plainly(phrase)} `))

/** The answers in words that the catalogue knows of an analyte. */
export type Texts = Pick<Entry, 'normal_texts' | 'abnormal_texts' | 'critical_texts'>

/**
 * The flag of an answer in words, by what the catalogue knows of the analyte: `AA` or `A` where it says so anywhere outside
 * of a denial, `N` only where it is one of the normal answers and nothing else; null for what is not understood.
 */
export function flagOfText(
  text: string,
  { normal_texts, abnormal_texts, critical_texts }: Texts,
): 'N' | 'A' | 'AA' | null {
  const answer = plainly(text)
  if (normal_texts.some((normal) => plainly(normal) === answer)) return 'N'
  const asserted = answer.replaceAll(denials, ' | ')
  if (says(asserted, critical_texts)) return 'AA'
  return says(asserted, abnormal_texts) ? 'A' : null
}
