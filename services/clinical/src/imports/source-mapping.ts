import type { Bundle } from './bundle-mapping.ts'
import { joinTexts, nodesAt, type Resource, textAt, textOf } from './fhir-mapping.ts'

/** The name of a Practitioner or an Organization, as it is kept in `source`. */
function nameOf(party: Resource): string | null {
  if (party.type === 'Organization') return textAt(party, 'name')
  const name = nodesAt(party, 'name')[0]
  if (name === undefined) return null
  const words = ['prefix', 'given'].flatMap((part) => (Array.isArray(name[part]) ? name[part].map(textOf) : []))
  return textOf(name['text']) ?? joinTexts([...words, textOf(name['family'])], ' ')
}

/** Who recorded it: the names behind the references, with what the reference itself says where the bundle has no more. */
export function sourceOf(bundle: Bundle, from: Resource, ...references: unknown[]): string | null {
  const names = references.map((reference) => {
    const party = bundle.resolve(from, reference)
    const display = textOf((reference as { display?: unknown } | null | undefined)?.display)
    return (party && nameOf(party)) ?? display
  })
  return joinTexts([...new Set(names)], ', ')
}
