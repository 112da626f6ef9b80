import type { Bundle } from './bundle-mapping.ts'
import {
  codesOf,
  codingsOf,
  conceptText,
  cut,
  dayAt,
  joinTexts,
  nodesAt,
  nodesOf,
  type Resource,
  textAt,
} from './fhir-mapping.ts'
import type { AllergyDraft } from './plan-mapping.ts'
import { sourceOf } from './source-mapping.ts'

const severities = ['severe', 'moderate', 'mild'] as const

function statusOf(at: Resource): AllergyDraft['status'] {
  if (codesOf([at.node['verificationStatus']]).includes('entered-in-error')) return 'entered_in_error'
  const [clinical] = codesOf([at.node['clinicalStatus']])
  return clinical === 'inactive' || clinical === 'resolved' ? 'resolved' : 'active'
}

/** Why an AllergyIntolerance is left out; null when it is not. */
export const allergyRefusal = (at: Resource): string | null => {
  if (codesOf([at.node['verificationStatus']]).includes('refuted')) return 'verification status refuted'
  return conceptText(at.node['code']) === null && nodesAt(at, 'reaction').length === 0 ? 'without a substance' : null
}

/** AllergyIntolerance → a row of allergies. Criticality is no severity, so it is told in `source`, not turned into one. */
export function mapAllergy(bundle: Bundle, at: Resource, patientKey: string): AllergyDraft {
  const reactions = nodesAt(at, 'reaction')
  const substances = [conceptText(at.node['code']), ...reactions.map((reaction) => conceptText(reaction['substance']))]
  const manifested = reactions.flatMap((reaction) => nodesOf(reaction['manifestation']).map(conceptText))
  const reaction = joinTexts([...new Set(manifested)], '; ')
  const given = reactions.map((one) => one['severity'])
  const recorded = dayAt(at, 'recordedDate', 'onsetDateTime')
  const criticality = textAt(at, 'criticality')
  return {
    keys: [at.key],
    pointer: at.pointer,
    patientKey,
    substance: cut(substances.find((name) => name !== null) ?? 'Substance not named', 255),
    code: codingsOf(at.node['code']).find(({ code }) => code !== null)?.code ?? null,
    reaction: reaction === null ? null : cut(reaction, 2000),
    severity: severities.find((severity) => given.includes(severity)) ?? null,
    status: statusOf(at),
    source: joinTexts(
      [
        sourceOf(bundle, at, at.node['recorder'], at.node['asserter']),
        recorded ? `recorded ${recorded}` : null,
        criticality ? `criticality ${criticality}` : null,
      ],
      ', ',
    ),
  }
}
