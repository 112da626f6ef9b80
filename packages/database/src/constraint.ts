/** What PostgreSQL says about a violated constraint. */
export interface Violation {
  constraint: string
  table: string | null
  columns: readonly string[]
}

function violationOf(error: unknown): Violation | null {
  if (!(error instanceof Error) || !('constraint' in error) || typeof error.constraint !== 'string') return null
  const { constraint } = error
  const table = 'table' in error && typeof error.table === 'string' ? error.table : null
  const columns = 'columns' in error && Array.isArray(error.columns) ? error.columns.map(String) : []
  return { constraint, table, columns }
}

/**
 * Runs a write and turns the constraints that it may break into what they mean, next to the write:
 * `onConstraint({ patients_patient_number_key: () => problem('patient-number-taken') }, () => insertPatient(tx, …))`.
 * The transaction is over after a violation, so the error has to leave it (or the write sits in a savepoint).
 */
export async function onConstraint<T>(
  meanings: Readonly<Record<string, (violation: Violation) => Error>>,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run()
  } catch (error) {
    const violation = violationOf(error)
    const meaning = violation === null ? undefined : meanings[violation.constraint]
    throw violation !== null && meaning !== undefined ? meaning(violation) : error
  }
}
