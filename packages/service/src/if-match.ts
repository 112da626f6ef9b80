import { problem } from '@hospital/contracts'

/** `"7"`: the entity tag of version 7. */
export const etagOf = (answer: unknown): string | null =>
  typeof answer === 'object' && answer !== null && 'version' in answer && typeof answer.version === 'number'
    ? `"${answer.version}"`
    : null

/**
 * The versions that If-Match accepts: null when the header is absent, `any` for `*`. Weak tags count, since our
 * versions stand for the stored row.
 * @throws problem `invalid-request` when the header is not a list of entity tags
 */
export function parseIfMatch(header: string | undefined): readonly string[] | 'any' | null {
  if (header === undefined) return null
  if (header.trim() === '*') return 'any'
  const tags = header.split(',').map((tag) => /^\s*(?:W\/)?"([^"]*)"\s*$/.exec(tag)?.[1])
  if (tags.includes(undefined)) {
    throw problem('invalid-request', { errors: [{ pointer: 'header:If-Match', detail: 'must be an ETag, e.g. "3"' }] })
  }
  return tags as string[]
}

/** @throws problem `stale-version` with the version that is there now */
export function checkIfMatch(accepted: readonly string[] | 'any' | null, current: unknown): void {
  const version = (current as { version?: number } | null | undefined)?.version
  // Where nothing with a version is changed (a new row below `:id`), there is nothing that could be stale.
  if (accepted === null || accepted === 'any' || version === undefined) return
  if (!accepted.includes(String(version))) throw problem('stale-version', { extensions: { current_version: version } })
}
