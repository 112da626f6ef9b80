import { eventTypesOf, type Problem, problemsOf, type RouteContract } from '@hospital/contracts'
import { eventsToldIn, type GlobalTx, type TenantTx } from '@hospital/database'

/** Fails where an operation refuses with a problem that its contract, and so every document, does not know. */
export function holdProblem(contract: RouteContract, refusal: Problem): void {
  if (!problemsOf(contract).includes(refusal.code)) {
    throw new TypeError(
      `${contract.operationId} answers the problem ${refusal.code}, which is not among the problems of its contract`,
    )
  }
}

/** Fails where an operation tells an event that its contract does not declare. */
export function holdEvents(contract: RouteContract, tx: TenantTx | GlobalTx): void {
  const declared = eventTypesOf(contract)
  const stranger = eventsToldIn(tx).find((type) => !declared.includes(type))
  if (stranger !== undefined) {
    throw new TypeError(`${contract.operationId} tells ${stranger}, which is not among the events of its contract`)
  }
}
