/** Those whose work the load does. */
export const roles = ['Admin', 'Doctor', 'Nurse', 'Receptionist', 'Lab Technician', 'Pharmacist'] as const
export type Role = (typeof roles)[number]

/** Somebody who has signed in. */
export interface Person {
  id: number
  token: string
}
