export * from './alerts.ts'
export * from './allergies.ts'
export * from './patients.ts'
export * from './prescriptions.ts'
