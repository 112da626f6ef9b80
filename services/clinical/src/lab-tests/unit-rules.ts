import { ucum } from '@atomic-ehr/ucum'

// Units of measure by UCUM (https://ucum.org). Pure: the library is a table and arithmetic.

/** Is this a unit as UCUM writes it? `mg/dL` is, `x10^9/L` is not. */
export function isUnit(unit: string): boolean {
  try {
    return ucum.validate(unit).valid
  } catch {
    // The library throws at characters that no unit has.
    return false
  }
}

/**
 * Forms that are printed and typed, and mean one unit of UCUM whoever writes them. Those that UCUM reads as something that
 * no laboratory measures (`K/uL` is a kelvin, `Mg` a megagram) come before its own reading.
 */
const printedForms: readonly [RegExp, string][] = [
  [/^[x×*]?10(?:\^|\*|\*\*|e)?(\d{1,2})\/(L|l|uL|mL|dL)$/, '10*$1/$2'],
  [/^K\/(uL|cumm|mm3)$/, '10*3/uL'],
  [/^(?:k|thou(?:sand)?)\/(uL|cumm|mm3)$/i, '10*3/uL'],
  [/^(?:M|mil(?:lion)?)\/(uL|cumm|mm3)$/, '10*6/uL'],
  [/^(?:cells?)?\/(uL|cumm|mm3)$/i, '/uL'],
  [/^([mu]?)Eq\/(.+)$/i, '$1eq/$2'],
  [/^([munk]?)IU\/(.+)$/, '$1[IU]/$2'],
  [/^([mu]?)Osm(ol)?\/(.+)$/, '$1osm/$3'],
  [/^mm ?Hg$/i, 'mm[Hg]'],
  [/^(.+)\/dl$/, '$1/dL'],
  [/^gm\/(.+)$/, 'g/$1'],
  [/^mcg\/(.+)$/, 'ug/$1'],
  [/^sec(?:onds?)?$/i, 's'],
  [/^(?:deg|°) ?C$/, 'Cel'],
  [/^(?:deg|°) ?F$/, '[degF]'],
  [/^percent$/i, '%'],
  [/^mL\/min\/(?:\(?1\.73 ?m2\)?)$/i, 'mL/min/{1.73m2}'],
  [/^([a-z]+)\/24 ?h(?:rs?|ours?)?$/i, '$1/(24.h)'],
  [/^(.+)\/(?:hr|hour)$/i, '$1/h'],
  [/^(?:cells?|RBCs?|WBCs?)?\/(HPF|LPF)$/i, '/[$1]'],
  [/^CFU\/(mL|L)$/i, '[CFU]/$1'],
  [/^(copies|particles|parasites)\/(mL|uL|L)$/i, '{$1}/$2'],
  [/^pH$/i, '[pH]'],
  [/^(INR|ratio|index|tit(?:er|re)|score|COI|S\/CO)$/i, '{$1}'],
  // What it is measured against stands behind it: `mg/g creat`, `ug/mL FEU`.
  [/^(\S+) ([a-z]+)$/i, '$1{$2}'],
]

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/** Both letters mu are `u`, raised digits are digits, no blanks. */
const plainly = (text: string): string =>
  text
    .trim()
    .replaceAll(/[µμ]/g, 'u')
    .replaceAll(/[⁰¹²³⁴⁵⁶⁷⁸⁹]/g, (digit) => String(superscripts.indexOf(digit)))
    .replaceAll(/\s*([/*^×])\s*/g, '$1')

/** The unit of UCUM that a typed or printed form means; null when there is no such unit. */
export function readUnit(text: string): string | null {
  const plain = plainly(text)
  for (const [form, unit] of printedForms) {
    if (!form.test(plain)) continue
    const read = plain.replace(form, unit).replace(/\[[hl]pf\]/i, (power) => power.toUpperCase())
    if (isUnit(read)) return read
  }
  return isUnit(plain) ? plain : null
}

/** Units of everyday results, to be offered for one that is misspelt. */
const everyday = [
  'mg/dL',
  'g/dL',
  'g/L',
  'ug/L',
  'ng/mL',
  'pg/mL',
  'mmol/L',
  'umol/L',
  'nmol/L',
  'pmol/L',
  'mmol/mol',
].concat(['meq/L', '[IU]/L', 'm[IU]/L', 'U/L', '10*9/L', '10*12/L', '10*3/uL', 'mm[Hg]', 'kPa', 'fL', 'pg', 's', '%'])

/** The everyday unit that somebody may have meant; null when none is spelt like it. */
export function suggestUnit(text: string): string | null {
  const bare = (unit: string) => unit.toLowerCase().replaceAll(/[^a-z0-9%]/g, '')
  return everyday.find((unit) => bare(unit) === bare(plainly(text))) ?? null
}

/** Conversion is floating point: 5.000000000000001 is 5. */
const significantDigits = 12

/** Null when the dimensions differ. */
function convert(value: number, from: string, to: string): number | null {
  try {
    const converted = ucum.convert(value, from, to)
    return Number.isFinite(converted) ? Number(converted.toPrecision(significantDigits)) : null
  } catch {
    return null
  }
}

const fibrin = /\{(?:FEU|DDU)\}/
const equivalents = /(?<![A-Za-z])[a-z]?eq(?![A-Za-z])/

/**
 * The value in another unit; null when there is no way from one to the other. Between mass and amount of substance the
 * molar mass (g/mol) is needed, between equivalents and anything else the charge of the ion: nothing is guessed. (UCUM
 * takes an equivalent for a mole, which holds for single charges alone.)
 */
export function convertUnit(
  value: number,
  from: string,
  to: string,
  molarMass: number | null,
  valence: number | null = null,
): number | null {
  if (from === to) return value
  if (!isUnit(from) || !isUnit(to)) return null
  // D-dimer: a fibrinogen equivalent weighs about two dimers, and UCUM sees no difference.
  const [fromFibrin, toFibrin] = [fibrin.exec(from)?.[0], fibrin.exec(to)?.[0]]
  if (fromFibrin && toFibrin && fromFibrin !== toFibrin) return null
  const [fromEquivalents, toEquivalents] = [equivalents.test(from), equivalents.test(to)]
  if (fromEquivalents !== toEquivalents) {
    if (valence === null) return null
    const moles = (unit: string) => unit.replace(equivalents, (eq) => eq.replace('eq', 'mol'))
    return fromEquivalents
      ? convertUnit(value / valence, moles(from), to, molarMass)
      : convertUnit(value * valence, from, moles(to), molarMass)
  }
  const direct = convert(value, from, to)
  if (direct !== null || molarMass === null) return direct
  return convert(value / molarMass, `(${from}).mol/g`, to) ?? convert(value * molarMass, `(${from}).g/mol`, to)
}
