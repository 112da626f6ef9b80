export * from './patients.ts'
