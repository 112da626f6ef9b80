/** Something the person at the keyboard can act on: shown as one line, without a stack. */
export class Failure extends Error {
  override readonly name = 'Failure'
}

/** One line for whatever was thrown. */
export function explain(error: unknown): string {
  if (error instanceof Failure) return error.message
  const { code, path } = error as { code?: string; path?: string }
  if (code === 'ENOSPC') return `The disk is full${path ? ` (writing ${path})` : ''}: free some space and start again.`
  if (code === 'EACCES' || code === 'EPERM') {
    return `No permission for ${path ?? 'a file'}: it belongs to another user. Use another HOSPITAL_DATA_DIR or fix its owner.`
  }
  return error instanceof Error ? error.message : String(error)
}
