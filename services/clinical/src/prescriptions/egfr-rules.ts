import type { Sex } from '../lab-reference-ranges/sex-rules.ts'

const micromolesInMilligramPerDecilitre = 88.42

/** Creatinine in mg/dL; null for a unit that is neither of the two it is reported in, or a figure that is none. */
export function creatinineInMgPerDl({ value, unit }: { value: number; unit: string }): number | null {
  const plain = unit.normalize('NFKC').toLowerCase().replaceAll(' ', '')
  if (!(value > 0)) return null
  if (plain === 'mg/dl') return value
  return /^(?:u|μ|micro)mol\/l$/.test(plain) ? value / micromolesInMilligramPerDecilitre : null
}

function estimate(creatinine: number, age: number, sex: Sex): number {
  const kappa = sex === 'female' ? 0.7 : 0.9
  const alpha = sex === 'female' ? -0.241 : -0.302
  const ratio = creatinine / kappa
  const ofSex = sex === 'female' ? 1.012 : 1
  return 142 * Math.min(ratio, 1) ** alpha * Math.max(ratio, 1) ** -1.2 * 0.9938 ** age * ofSex
}

/**
 * Estimated glomerular filtration rate of an adult in mL/min/1.73 m² by CKD-EPI 2021 (Inker et al., N Engl J Med
 * 2021;385:1737), as it stands at https://kidney.org/ckd-epi-creatinine-equation-2021: “eGFRcr = 142 x min(Scr/κ, 1)α x
 * max(Scr/κ, 1)-1.200 x 0.9938Age x 1.012 [if female]”, κ 0.7 and 0.9, α −0.241 and −0.302. Where the sex is not known the
 * lower of the two counts.
 */
export function estimateGfr(creatinineMgPerDl: number, age: number, sex: Sex | 'other' | 'unknown'): number {
  const sexes: readonly Sex[] = sex === 'male' || sex === 'female' ? [sex] : ['female', 'male']
  return Math.min(...sexes.map((each) => estimate(creatinineMgPerDl, age, each)))
}
