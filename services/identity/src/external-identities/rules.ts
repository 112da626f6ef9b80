/** A user that the person may be. */
interface Choice {
  tenant_id: string
}

/** The one that is meant: the only one, or the one in the hospital asked for. Never a guess between several. */
export function chooseUser<C extends Choice>(choices: readonly C[], tenantId: string | null): C | null {
  const fitting = tenantId === null ? choices : choices.filter((choice) => choice.tenant_id === tenantId)
  const [only] = fitting
  return only && fitting.length === 1 ? only : null
}
