/** Every refusal the system can give: code → HTTP status, title, and what it means to the person who meets it. */
export const problems = {
  'invalid-request': [
    400,
    'The request is not valid',
    'A field is missing, unknown, of the wrong type or out of its limits; `errors` names each.',
  ],
  'document-limit': [
    400,
    'The GraphQL document asks for too much',
    'The message names the limit. Ask in several documents, or by REST.',
  ],
  'malformed-json': [400, 'The body is not valid JSON', 'The body could not be read. Nothing was changed.'],
  'invalid-cursor': [
    400,
    'The cursor is not valid',
    'Take `cursor` from `page.next_cursor` of the answer before, with the same filters.',
  ],
  unauthenticated: [401, 'Sign in first', 'The access token is missing, wrong or expired, or its session has ended.'],
  'invalid-credentials': [
    401,
    'E-mail or password is wrong',
    'Check both. After many wrong tries an account answers slowly for a while.',
  ],
  'wrong-password': [403, 'The password is wrong', 'Repeat your own password. Wrong tries count like wrong sign-ins.'],
  'mfa-required': [
    401,
    'A second factor is needed',
    'Send the code of the authenticator app with `mfa_token` to /api/auth/login/mfa.',
  ],
  'invalid-code': [
    400,
    'The code is not valid',
    'Codes work once, for ten minutes, and for five tries. Ask for a new one.',
  ],
  forbidden: [403, 'Your role does not allow this', 'The operation needs a permission that none of your roles holds.'],
  'tenant-mismatch': [
    403,
    'Token and hospital differ',
    'The header X-Tenant-ID must equal the hospital of the access token, or be left out.',
  ],
  'user-not-provisioned': [
    403,
    'No active account here',
    'The identity provider knows you, but no active user of a hospital here matches.',
  ],
  'tenant-suspended': [403, 'The hospital is suspended', 'Ask the operator of this installation.'],
  'tenant-provisioning': [403, 'The hospital is being set up', 'Sign in again in a few seconds.'],
  'care-relation-required': [
    403,
    'No care relation to this patient',
    'The hospital asks for an appointment, record or assignment. In an emergency use break-glass.',
  ],
  'privilege-escalation': [
    403,
    'You cannot grant what you do not hold',
    'A role or permission can be given only by somebody who holds all of it.',
  ],
  'mfa-enrollment-required': [
    403,
    'Set up a second factor first',
    'The hospital requires MFA for your role. Enrol under /api/auth/mfa/totp, then go on.',
  ],
  'other-prescriber': [
    403,
    'In another doctor’s name',
    'A doctor prescribes and signs in their own name alone; an order by word of mouth goes to /api/prescriptions/verbal.',
  ],
  'not-found': [404, 'Not found', 'There is no such thing in this hospital.'],
  'route-not-found': [404, 'No such address', 'See /openapi.json for every address.'],
  'method-not-allowed': [405, 'Method not allowed', 'The address exists, but not with this method.'],
  conflict: [409, 'It conflicts with what is there', 'Something with these values exists already.'],
  'email-taken': [409, 'The e-mail is in use', 'Another user of this hospital has this e-mail.'],
  'name-taken': [409, 'The name is in use', 'Choose another name.'],
  'tenant-exists': [409, 'The hospital exists', 'Another hospital has this id.'],
  'tenant-required': [
    409,
    'Say which hospital',
    'The same e-mail and password fit several hospitals: send `tenant_id`.',
  ],
  'last-admin': [
    409,
    'The last Admin stays',
    'A hospital keeps at least one active Admin. Make somebody else Admin first.',
  ],
  'role-in-use': [409, 'The role is in use', 'Take the role from its users first.'],
  'built-in-role': [409, 'Built-in roles are read-only', 'Make a role of your own with the permissions you need.'],
  'mfa-enrolled': [409, 'A second factor is set up already', 'Remove it first to set up another.'],
  'patient-number-taken': [409, 'The patient number is in use', 'Leave it out to have one made.'],
  'possible-duplicate': [
    409,
    'The patient may exist already',
    'See `candidates`. If it is another person, repeat with ?allow_duplicate=true.',
  ],
  'duplicate-order': [
    409,
    'The same test is ordered already and waits for its result',
    'See `existing_id`. If it is wanted again, repeat with ?allow_duplicate=true.',
  ],
  'already-merged': [
    409,
    'The patients cannot be merged or parted this way',
    'One of them is merged already, or was not merged into the other.',
  ],
  'patient-archived': [409, 'The patient is not active', 'Reactivate the patient first.'],
  'record-signed': [409, 'The record is signed', 'A signed record never changes. Write an addendum.'],
  'record-not-signed': [409, 'The record is a draft', 'Only a signed record takes addenda; change the draft instead.'],
  'illegal-transition': [409, 'Not possible in this state', 'The step does not follow from the present status.'],
  'active-allergies': [
    409,
    'The patient has active allergies',
    'Resolve them, or mark them as entered in error, before attesting that there are none.',
  ],
  'dispense-limit': [
    409,
    'More than was prescribed',
    'The sum of what is dispensed cannot exceed quantity × (refills_allowed + 1).',
  ],
  'fill-too-early': [
    409,
    'The fill before it is not used up',
    'One fill at a time: the next is due at `due_from`. A pharmacist may say why it is needed now by `override_reason`.',
  ],
  'not-verified': [
    409,
    'No pharmacist has verified it',
    'The hospital asks a pharmacist to verify before anything is handed out.',
  ],
  'open-question': [
    409,
    'A question is open',
    'Answer the pharmacist’s question; the prescription is active again then.',
  ],
  'prescription-expired': [409, 'The prescription is no longer valid', 'See `valid_until`. The prescriber renews it.'],
  'slot-taken': [409, 'The doctor is busy then', 'See `alternatives` for the nearest free times.'],
  'patient-busy': [
    409,
    'The patient has another appointment then',
    'Choose another time or cancel the other appointment.',
  ],
  'offer-gone': [409, 'The offer is gone', 'It was accepted, declined or has expired.'],
  'idempotency-in-progress': [
    409,
    'The first request is still running',
    'Repeat after `Retry-After` seconds with the same key.',
  ],
  'stale-version': [412, 'Somebody changed it meanwhile', 'Read it again; `current_version` is its version now.'],
  'payload-too-large': [413, 'The body is too large', 'Bodies go up to 1 MiB, imports up to 64 MiB.'],
  'unsupported-media-type': [415, 'Send JSON', 'Content-Type must be application/json, or one the operation names.'],
  'validation-failed': [422, 'A rule refuses this', '`errors` names the field and the rule.'],
  'unknown-reference': [
    422,
    'It refers to something that is not there',
    '`errors` names the field whose id does not exist in this hospital.',
  ],
  'weak-password': [422, 'The password is too weak', 'At least 12 characters, and not one of the commonly used.'],
  'idempotency-key-reused': [422, 'The key was used for another request', 'A new request needs a new Idempotency-Key.'],
  'prescription-conflict': [
    422,
    'The prescription conflicts',
    'See `conflicts`. With a reason it can be overridden by `override_reason`.',
  ],
  'checks-undecided': [
    422,
    'A person has to decide what a check could not',
    'See `parts`: each was entered and not understood. Decide each with `decisions: [{check, part, reason}]`; it is asked once.',
  ],
  'outside-working-hours': [422, 'Outside working hours', 'Choose a free slot, or overbook with a reason if you may.'],
  'doctor-unavailable': [422, 'The doctor cannot be booked', 'The doctor is inactive or away.'],
  'unit-mismatch': [422, 'The unit does not fit', 'The unit cannot be converted to the unit of the test.'],
  'implausible-value': [
    422,
    'No human has such a value',
    'Look at the number and its unit again; `errors` names the result. If it is right, send `reason` with it.',
  ],
  'same-person': [422, 'Another person must do this', 'The hospital asks for a second person to verify.'],
  'invalid-bundle': [422, 'The bundle cannot be imported', '`errors` names what is wrong. Nothing was imported.'],
  'if-match-required': [
    428,
    'Send If-Match',
    'Send the ETag of the version you read, so that nobody else’s change is lost.',
  ],
  'too-many-requests': [429, 'Too many requests', 'Wait `Retry-After` seconds.'],
  'too-many-attempts': [429, 'Too many tries', 'Wait `Retry-After` seconds, or reset the password.'],
  'internal-error': [500, 'Something went wrong here', 'It is in our log under `request_id`.'],
  'bad-gateway': [
    502,
    'A service gave no proper answer',
    'A change may have happened: read before repeating, or repeat it with the same Idempotency-Key. If it stays, tell the operator the `request_id`.',
  ],
  'service-unavailable': [
    503,
    'It cannot be done now',
    'A part of the system is away or too busy; nothing was changed. Try again after `Retry-After` seconds.',
  ],
  'audit-unavailable': [
    503,
    'The audit trail cannot be written',
    'Nothing happens unrecorded. Try again after `Retry-After` seconds.',
  ],
  'gateway-timeout': [
    504,
    'A service took too long',
    'It may still have happened: read before repeating, or use an Idempotency-Key.',
  ],
} as const satisfies Record<string, readonly [number, string, string]>

export type ProblemCode = keyof typeof problems

/** One wrong place in a request: a JSON Pointer into the body, or `query:<name>`, `header:<name>`, `path:<name>`. */
export interface FieldError {
  pointer: string
  detail: string
}

/** RFC 9457 problem details with our members; `extensions` are members of the problem itself. */
export interface ProblemDetails {
  type: string
  title: string
  status: number
  detail: string
  code: ProblemCode
  request_id: string
  errors?: FieldError[]
  [extension: string]: unknown
}

export interface ProblemOptions {
  detail?: string
  errors?: FieldError[]
  /** Seconds a client should wait; becomes the Retry-After header. */
  retryAfterSeconds?: number
  /** Further members of the problem document, e.g. `candidates`, `alternatives`. */
  extensions?: Record<string, unknown>
  /** For our log; never sent. */
  cause?: unknown
}

/** A refusal on its way to the client. Thrown by rules, queries and handlers; rendered in one place. */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly options: ProblemOptions
  constructor(code: ProblemCode, options: ProblemOptions = {}) {
    super(options.detail ?? problems[code][1], { cause: options.cause })
    this.code = code
    this.options = options
  }
  get statusCode(): number {
    return problems[this.code][0]
  }
}

/** `throw problem('slot-taken', { extensions: { alternatives } })` */
export const problem = (code: ProblemCode, options: ProblemOptions = {}): Problem => new Problem(code, options)

/** What the rules said no to, and not something of ours that failed. */
export const isRefusal = (error: unknown): error is Problem => error instanceof Problem && error.statusCode < 500

/** The same refusal with more to say. */
export const withExtensions = (refusal: Problem, more: Record<string, unknown>): Problem =>
  problem(refusal.code, { ...refusal.options, extensions: { ...refusal.options.extensions, ...more } })

/** 422: the field names something that is not in this hospital. */
export const unknownReference = (pointer: string, detail: string): Problem =>
  problem('unknown-reference', { errors: [{ pointer, detail }] })

/** 422: a rule refuses the field. */
export const refusedField = (pointer: string, detail: string): Problem =>
  problem('validation-failed', { errors: [{ pointer, detail }] })

/** The document that goes over the wire. */
export function toProblemDetails(error: Problem, requestId: string): ProblemDetails {
  const [status, title] = problems[error.code]
  return {
    type: `/docs/errors/${error.code}`,
    title,
    status,
    detail: error.message,
    code: error.code,
    request_id: requestId,
    ...(error.options.errors ? { errors: error.options.errors } : {}),
    ...error.options.extensions,
  }
}
