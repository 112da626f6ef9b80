import { allergyRules } from '../src/prescriptions/knowledge/allergy-reactions.ts'
import {
  allIngredients,
  interactionCounts,
  interactionRules,
  ruleSetVersion,
} from '../src/prescriptions/knowledge/rule-set.ts'

export const knowledgeFile = new URL('../../../docs/knowledge.md', import.meta.url)

const severities = ['contraindicated', 'major', 'moderate', 'minor'] as const

/** docs/knowledge.md: how much the medication checks know, and which of it was read in a publication that was opened. */
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
  ].join('\n')
}
