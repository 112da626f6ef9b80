/** What a check found, each as a sentence; empty lists are what we hope for. */
export interface Findings {
  /** Acknowledged and not there, or not as acknowledged. */
  lost: string[]
  /** Done more than once. */
  doubled: string[]
  /** Acknowledged without a row of the audit trail. */
  unaudited: string[]
  /** Acknowledged without an event, or with one that others have not heard. */
  untold: string[]
  /** Anything else that should not be. */
  unexpected: string[]
}

export const noFindings = (): Findings => ({ lost: [], doubled: [], unaudited: [], untold: [], unexpected: [] })
