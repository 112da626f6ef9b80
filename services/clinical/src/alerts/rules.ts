import { type Permission, problem } from '@hospital/contracts'

/**
 * Whoever answers for an alert prescribes or dispenses; reading alerts is for all who read prescriptions.
 * @throws problem `forbidden`
 */
export function checkMayAcknowledge(held: readonly Permission[]): void {
  if (held.includes('prescriptions.write') || held.includes('prescriptions.dispense')) return
  throw problem('forbidden', { extensions: { permission: 'prescriptions.write' } })
}
