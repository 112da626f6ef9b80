/** The services that own operations, events and a database each. */
export type ServiceName = 'identity' | 'clinical' | 'scheduling'
