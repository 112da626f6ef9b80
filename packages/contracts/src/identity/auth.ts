import { Type } from '@sinclair/typebox'
import { permissions } from '../kernel/permissions.ts'
import { route } from '../kernel/route.ts'
import { Closed, Email, Id, Instant, Nullable, OneOf } from '../kernel/schema.ts'
import { sessionsEnded } from './sessions.ts'
import { NewPassword, userUpdated } from './users.ts'

/** The password of everybody in the demo hospitals. It is in the documents, so in production it opens nothing. */
export const demoPassword = 'password123'

const Password = Type.String({ minLength: 1, maxLength: 128 })
const Code = Type.String({ minLength: 6, maxLength: 64 })

export const SignedInUser = Type.Object({
  id: Id,
  name: Type.String(),
  email: Type.String(),
  tenant_id: Type.String(),
  roles: Type.Array(Type.String()),
  permissions: Type.Array(OneOf(permissions)),
  /** The hospital requires a second factor for a role of this person: until it is set up there are no permissions. */
  mfa_enrollment_required: Type.Boolean(),
})

/** Given at sign-in, kept by the device: with it the owner gets in while strangers' guesses are being refused. */
const DeviceToken = Type.String({ minLength: 1, maxLength: 200 })

export const TokenAnswer = Type.Object({
  access_token: Type.String(),
  token_type: Type.Literal('Bearer'),
  /** Seconds. */
  expires_in: Type.Integer(),
  refresh_token: Type.String(),
  /** Only at sign-in. Send it as `device_token` with the next sign-in from this device. */
  device_token: Type.Optional(DeviceToken),
  user: SignedInUser,
})

export const signIn = route({
  service: 'identity',
  operationId: 'signIn',
  method: 'POST',
  path: '/api/auth/login',
  summary: 'Sign in with e-mail and password',
  access: 'public',
  body: Closed({
    email: Type.String({ minLength: 1, maxLength: 254 }),
    password: Password,
    tenant_id: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
    device_token: Type.Optional(DeviceToken),
  }),
  status: 200,
  answer: TokenAnswer,
  secretAnswer: true,
  problems: [
    'invalid-credentials',
    'mfa-required',
    'tenant-required',
    'tenant-suspended',
    'tenant-provisioning',
    'too-many-attempts',
  ],
})

export const signInWithMfa = route({
  service: 'identity',
  operationId: 'signInWithMfa',
  method: 'POST',
  path: '/api/auth/login/mfa',
  summary: 'Finish signing in with the code of an authenticator app or a recovery code',
  access: 'public',
  body: Closed({
    mfa_token: Type.String({ minLength: 1, maxLength: 200 }),
    code: Code,
    device_token: Type.Optional(DeviceToken),
  }),
  status: 200,
  answer: TokenAnswer,
  secretAnswer: true,
  problems: ['unauthenticated', 'invalid-credentials', 'too-many-attempts'],
})

export const refreshSession = route({
  service: 'identity',
  operationId: 'refreshSession',
  method: 'POST',
  path: '/api/auth/refresh',
  summary: 'New tokens for a refresh token; using an old one again ends the whole session',
  access: 'public',
  body: Closed({ refresh_token: Type.String({ minLength: 1, maxLength: 500 }) }),
  status: 200,
  answer: TokenAnswer,
  secretAnswer: true,
  problems: ['unauthenticated'],
  events: [sessionsEnded],
})

export const signOut = route({
  service: 'identity',
  operationId: 'signOut',
  method: 'POST',
  path: '/api/auth/logout',
  summary: 'End this session',
  access: 'signed-in',
  status: 204,
  answer: null,
  events: [sessionsEnded],
})

export const getMe = route({
  service: 'identity',
  operationId: 'getMe',
  method: 'GET',
  path: '/api/auth/me',
  summary: 'Who is signed in, with roles and permissions',
  access: 'signed-in',
  status: 200,
  answer: SignedInUser,
})

export const Session = Type.Object({
  id: Type.String(),
  created_at: Instant,
  last_used_at: Instant,
  address: Nullable(Type.String()),
  user_agent: Nullable(Type.String()),
  current: Type.Boolean(),
})

export const listSessions = route({
  service: 'identity',
  operationId: 'listSessions',
  method: 'GET',
  path: '/api/auth/sessions',
  summary: 'My live sessions',
  access: 'signed-in',
  status: 200,
  answer: Type.Object({ data: Type.Array(Session) }),
})

export const endSession = route({
  service: 'identity',
  operationId: 'endSession',
  method: 'DELETE',
  path: '/api/auth/sessions/:id',
  summary: 'End one of my sessions',
  access: 'signed-in',
  params: Closed({ id: Type.String({ minLength: 1, maxLength: 100 }) }),
  status: 204,
  answer: null,
  events: [sessionsEnded],
})

export const forgotPassword = route({
  service: 'identity',
  operationId: 'forgotPassword',
  method: 'POST',
  path: '/api/auth/password/forgot',
  summary: 'Mail a code to set a new password; the answer is the same for every e-mail',
  access: 'public',
  body: Closed({ email: Email }),
  status: 202,
  answer: null,
})

export const resetPassword = route({
  service: 'identity',
  operationId: 'resetPassword',
  method: 'POST',
  path: '/api/auth/password/reset',
  summary: 'Set a new password with the mailed code; ends every session',
  access: 'public',
  body: Closed({ email: Email, code: Code, password: NewPassword }),
  status: 204,
  answer: null,
  problems: ['invalid-code', 'weak-password', 'too-many-attempts'],
  events: [sessionsEnded, userUpdated],
})

export const changePassword = route({
  service: 'identity',
  operationId: 'changePassword',
  method: 'POST',
  path: '/api/auth/password',
  summary: 'Change my password; ends my other sessions',
  access: 'signed-in',
  body: Closed({ current_password: Password, password: NewPassword }),
  status: 204,
  answer: null,
  problems: ['wrong-password', 'weak-password', 'too-many-attempts'],
  events: [sessionsEnded, userUpdated],
})

export const requestEmailVerification = route({
  service: 'identity',
  operationId: 'requestEmailVerification',
  method: 'POST',
  path: '/api/auth/email/verification',
  summary: 'Mail me a new code that confirms my e-mail address',
  access: 'signed-in',
  status: 202,
  answer: null,
  problems: ['too-many-attempts'],
})

export const verifyEmail = route({
  service: 'identity',
  operationId: 'verifyEmail',
  method: 'POST',
  path: '/api/auth/email/verify',
  summary: 'Confirm an e-mail address with the mailed code',
  access: 'public',
  body: Closed({ email: Email, code: Code }),
  status: 204,
  answer: null,
  problems: ['invalid-code', 'too-many-attempts'],
  events: [userUpdated],
})

export const enrollTotp = route({
  service: 'identity',
  operationId: 'enrollTotp',
  method: 'POST',
  path: '/api/auth/mfa/totp',
  summary: 'Begin to set up an authenticator app',
  access: 'signed-in',
  status: 200,
  answer: Type.Object({ secret: Type.String(), otpauth_url: Type.String() }),
  secretAnswer: true,
  problems: ['mfa-enrolled'],
})

export const confirmTotp = route({
  service: 'identity',
  operationId: 'confirmTotp',
  method: 'POST',
  path: '/api/auth/mfa/totp/confirm',
  summary: 'Finish setting up with a first code; answers the recovery codes, once',
  access: 'signed-in',
  body: Closed({ code: Code }),
  status: 200,
  answer: Type.Object({ recovery_codes: Type.Array(Type.String()) }),
  secretAnswer: true,
  problems: ['mfa-enrolled', 'invalid-code', 'too-many-attempts'],
  events: [userUpdated, sessionsEnded],
})

export const removeTotp = route({
  service: 'identity',
  operationId: 'removeTotp',
  method: 'DELETE',
  path: '/api/auth/mfa/totp',
  summary: 'Remove the second factor',
  access: 'signed-in',
  body: Closed({ password: Password }),
  status: 204,
  answer: null,
  problems: ['not-found', 'wrong-password', 'too-many-attempts'],
  events: [userUpdated, sessionsEnded],
})

export const getJwks = route({
  service: 'identity',
  operationId: 'getJwks',
  method: 'GET',
  path: '/.well-known/jwks.json',
  summary: 'The public keys that sign access tokens',
  access: 'public',
  status: 200,
  answer: Type.Object({ keys: Type.Array(Type.Record(Type.String(), Type.Unknown())) }),
})
