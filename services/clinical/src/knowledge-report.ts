import { analytes, catalogueVersion } from './lab-catalogue/knowledge/catalogue.ts'
import { panels } from './lab-catalogue/knowledge/panels.ts'
import { ageLimits } from './prescriptions/knowledge/age-limits.ts'
import { allergyRules } from './prescriptions/knowledge/allergy-reactions.ts'
import { adultDoseLimits, childLimits, courseLimits, weeklyOnly } from './prescriptions/knowledge/dose-limits.ts'
import { pregnancyRules } from './prescriptions/knowledge/pregnancy-harms.ts'
import { renalLimits } from './prescriptions/knowledge/renal-limits.ts'
import {
  allIngredients,
  interactionCounts,
  interactionRules,
  ruleSetVersion,
} from './prescriptions/knowledge/rule-set.ts'
import { washouts } from './prescriptions/knowledge/washouts.ts'

const severities = ['contraindicated', 'major', 'moderate', 'minor'] as const

/** Of how many substances (or rules) at least one figure is verified, and of how many none is. */
function counted(rules: readonly { key: string; opened: unknown }[]): string {
  const keys = new Set(rules.map(({ key }) => key))
  const verified = new Set(rules.filter(({ opened }) => opened !== null).map(({ key }) => key))
  return `${keys.size}: ${verified.size} verified, ${keys.size - verified.size} unverified`
}

/** What is known of the patient's side: dose, age, kidneys, pregnancy. */
const patientRules = (): string[] => [
  `- substances with a dose limit for adults ${counted(adultDoseLimits.map(({ name, opened }) => ({ key: name, opened })))}`,
  `- substances with a limit by weight for children ${counted(childLimits.map(({ name, opened }) => ({ key: name, opened })))}`,
  `- drugs for some days of the week alone, and longest courses ${counted([...[...weeklyOnly].map(([key, { opened }]) => ({ key, opened })), ...courseLimits.map(({ name, opened }) => ({ key: name, opened }))])}`,
  `- rules of age ${counted(ageLimits.map(({ subject, opened }) => ({ key: subject, opened })))}`,
  `- rules of kidney function ${counted(renalLimits.map(({ subject, below, opened }) => ({ key: `${subject} ${below}`, opened })))}`,
  `- rules of pregnancy and breast-feeding ${counted(pregnancyRules.map(({ subject, state, opened }) => ({ key: `${subject} ${state}`, opened })))}`,
  `- washouts after a drug was stopped ${counted(washouts.map(({ stopped, begun, opened }) => ({ key: `${stopped} ${begun}`, opened })))}`,
]

const share = (figures: readonly { source: unknown }[]): string => {
  const verified = figures.filter(({ source }) => source !== null).length
  return `${figures.length}: ${verified} verified, ${figures.length - verified} unverified`
}

/** What the laboratory's catalogue holds, and for which analytes it has no limits at all. */
function laboratoryText(): string[] {
  const limits = analytes.flatMap(({ ranges }) => ranges)
  const unverified = analytes.filter(({ ranges }) => ranges.some(({ source }) => source === null))
  const without = analytes.filter(({ unit, ranges }) => unit !== null && ranges.length === 0)
  const inWords = analytes.filter(({ criticalTexts }) => criticalTexts.length > 0)
  return [
    '# What the laboratory knows',
    '',
    `The catalogue (${catalogueVersion}), as every hospital has it. Limits that are unverified alarm and never say normal; plausible limits`,
    'are from memory and only ask for a reason.',
    '',
    `- ${analytes.length} analytes, ${analytes.filter(({ code }) => code !== null).length} with a LOINC code that was read in a published list; ${panels.length} panels`,
    `- reference limits ${share(limits.filter(({ kind }) => kind === 'normal'))}`,
    `- critical limits ${share(limits.filter(({ kind }) => kind === 'critical'))}`,
    `- analytes with critical answers in words ${share(inWords.map(({ textSource }) => ({ source: textSource })))}`,
    `- with limits of their own for pregnancy ${limits.filter(({ pregnant }) => pregnant).length}, for the first month ${limits.filter(({ to }) => to !== undefined && /^P(T|[0-9]+D$)/.test(to)).length}`,
    '',
    `Some limits unverified: ${unverified.map(({ name }) => name).join('; ')}.`,
    '',
    `Numbers without any limits (\`range: none\`): ${without.map(({ name }) => name).join('; ')}.`,
    '',
  ]
}

/** docs/knowledge.md, and what `hospital knowledge` prints: how much the medication checks know, and which of it was read in a publication that was opened. */
export function knowledgeText(): string {
  const rows = severities.map((severity) => {
    const of = interactionRules.filter((rule) => rule.severity === severity)
    const verified = of.filter(({ opened }) => opened !== null).length
    return `| ${severity} | ${verified} | ${of.length - verified} |`
  })
  const unverified = interactionRules.filter(({ opened }) => opened === null)
  const unverifiedAllergies = allergyRules.filter(({ opened }) => opened === null)
  const named = new Set(allIngredients.flatMap(({ names }) => names.map(({ text }) => text)))
  return [
    '# What the medication checks know',
    '',
    `Generated from the rules (${ruleSetVersion}) by \`npm run docs\`; the tests compare it. Verified: read in a publication that was`,
    'opened, whose address and passage stand beside the rule. Unverified rules warn; none is a reason to pass anything.',
    '',
    `- ${allIngredients.length} ingredients, ${named.size} names and brands, ${allIngredients.filter(({ rxcui }) => rxcui !== null).length} with an RxNorm code`,
    `- ${interactionRules.length} interactions: ${interactionCounts.verified} verified, ${interactionCounts.unverified} unverified`,
    `- ${allergyRules.length} rules of allergies: ${allergyRules.length - unverifiedAllergies.length} verified, ${unverifiedAllergies.length} unverified`,
    ...patientRules(),
    '',
    '| interactions | verified | unverified |',
    '|---|---|---|',
    ...rows,
    '',
    '## Unverified interactions',
    '',
    ...unverified.map(({ a, b, severity }) => `- ${a} × ${b} (${severity})`),
    '',
    '## Unverified rules of allergies',
    '',
    ...unverifiedAllergies.map(({ a, b, severity }) => `- ${a} → ${b} (${severity})`),
    '',
    ...laboratoryText(),
  ].join('\n')
}
