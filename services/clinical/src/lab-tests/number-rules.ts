/** A number as analysers and forms write it. */
export interface TypedNumber {
  value: number
  comparator: '<' | '<=' | '>=' | '>' | null
}

const comparators = { '<': '<', '<=': '<=', '≤': '<=', '>': '>', '>=': '>=', '≥': '>=' } as const

/**
 * Reads a text that is a number and nothing else: with either decimal sign, with a comparator before it. `null`: it is
 * no number. `ambiguous`: it is one, and nobody can say which (`1,234` is 1234 to some and 1.234 to others).
 */
export function readNumber(text: string): TypedNumber | null | 'ambiguous' {
  const match = /^\s*(<=|>=|<|>|≤|≥)?\s*([+-]?)(\d+)(?:([.,])(\d+))?\s*$/.exec(text)
  if (match === null) return null
  const [, comparator, sign = '', whole = '', mark, decimals] = match
  if (mark === ',' && decimals?.length === 3 && whole.length <= 3 && whole !== '0') return 'ambiguous'
  const value = Number(`${sign}${whole}${decimals === undefined ? '' : `.${decimals}`}`)
  return {
    value,
    comparator: comparator === undefined ? null : comparators[comparator as keyof typeof comparators],
  }
}
