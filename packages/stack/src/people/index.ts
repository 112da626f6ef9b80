export { insertUser } from './insert-user.ts'
export { type OwnerClient, ownerTransaction } from './owner.ts'
export { hashPassword, isPassword } from './password-hash.ts'
