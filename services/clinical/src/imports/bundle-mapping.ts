import { invalidBundle, isNode, type Node, type Resource, referenceOf, textOf } from './fhir-mapping.ts'

/** A bundle that can be read: its resources, and where references lead. */
export interface Bundle {
  resources: readonly Resource[]
  /** Follows a reference inside the bundle; `#id` leads into the resource that refers. */
  resolve(from: Resource, reference: unknown): Resource | null
  ofType(type: string): readonly Resource[]
}

const bundleTypes = ['transaction', 'collection']
const mostEntries = 100_000

function toResource(entry: unknown, index: number): Resource & { fullUrl: string | null } {
  const pointer = `/entry/${index}/resource`
  if (!isNode(entry)) throw invalidBundle(`/entry/${index}`, 'must be an object')
  const node = entry['resource']
  if (!isNode(node)) throw invalidBundle(pointer, 'must be a FHIR resource')
  const type = textOf(node['resourceType'])
  if (type === null || !/^[A-Z][A-Za-z]{1,63}$/.test(type))
    throw invalidBundle(`${pointer}/resourceType`, 'must name a FHIR resource type')
  const fullUrl = textOf(entry['fullUrl'])
  const id = textOf(node['id']) ?? fullUrl
  if (id === null)
    throw invalidBundle(
      `${pointer}/id`,
      'is required, or a fullUrl: without it a second import could not be told from the first',
    )
  return { type, key: `${type}/${id}`, pointer, node, fullUrl }
}

/** The resources that are written inside another one, reachable from it alone. */
function contained(from: Resource, id: string): Resource | null {
  const list = from.node['contained']
  const node = Array.isArray(list) ? list.find((item): item is Node => isNode(item) && item['id'] === id) : undefined
  const type = textOf(node?.['resourceType'])
  return node && type ? { type, key: `${from.key}#${id}`, pointer: `${from.pointer}/contained`, node } : null
}

/**
 * Reads a FHIR R4 transaction or collection Bundle.
 * @throws problem `invalid-bundle` that points at what is wrong
 */
export function readBundle(body: unknown): Bundle {
  if (!isNode(body)) throw invalidBundle('', 'must be a JSON object')
  if (body['resourceType'] !== 'Bundle') throw invalidBundle('/resourceType', 'must be Bundle')
  if (!bundleTypes.includes(String(body['type']))) throw invalidBundle('/type', `must be ${bundleTypes.join(' or ')}`)
  const entries = body['entry']
  if (!Array.isArray(entries)) throw invalidBundle('/entry', 'must be a list of entries')
  if (entries.length > mostEntries) throw invalidBundle('/entry', `must not have more than ${mostEntries} entries`)
  const byReference = new Map<string, Resource>()
  const byType = new Map<string, Resource[]>()
  const resources: Resource[] = []
  for (const [index, entry] of entries.entries()) {
    const { fullUrl, ...resource } = toResource(entry, index)
    // The same resource twice in one bundle is one resource.
    if (byReference.has(resource.key)) continue
    byReference.set(resource.key, resource)
    if (fullUrl !== null) byReference.set(fullUrl, resource)
    resources.push(resource)
    const sameType = byType.get(resource.type)
    if (sameType) sameType.push(resource)
    else byType.set(resource.type, [resource])
  }
  if (!byType.has('Patient')) throw invalidBundle('/entry', 'must hold a Patient')
  return {
    resources,
    ofType: (type) => byType.get(type) ?? [],
    resolve: (from, value) => {
      const reference = referenceOf(value)
      if (reference === null) return null
      return reference.startsWith('#') ? contained(from, reference.slice(1)) : (byReference.get(reference) ?? null)
    },
  }
}
