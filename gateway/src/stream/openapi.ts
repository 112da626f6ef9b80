import { eventAccess, type ProblemCode, problems } from '@hospital/contracts'

const refusals: ProblemCode[] = [
  'invalid-request',
  'unauthenticated',
  'tenant-mismatch',
  'too-many-requests',
  'service-unavailable',
]

const heard = Object.entries(eventAccess).flatMap(([kind, permission]) =>
  permission ? [`- \`hospital.${kind}.*\` for holders of \`${permission}\``] : [],
)

const description = `What changed in this hospital, as far as the roles of this user let them read it. An event names the thing that changed
(\`event:\` its CloudEvents type, \`data:\` {id, type, subject, time, version?}), never its contents: read it by the API.

${heard.join('\n')}

\`id:\` is a position; sent as \`Last-Event-ID\` it goes on from there, without gap or repetition, for 29 days. The stream ends
when the access token expires, when session, user or hospital ends, and when the user's permissions change: connect again.`

/** The stream as `/openapi.json` tells of it: the one operation that is not made from a contract. */
export const streamPath = {
  '/api/events/stream': {
    get: {
      operationId: 'streamEvents',
      summary: 'What changed, as it changes (server-sent events)',
      description,
      tags: ['events'],
      'x-permission': 'signed-in',
      parameters: [
        {
          name: 'Last-Event-ID',
          in: 'header',
          required: false,
          description: 'The `id` of the last event that was received',
          schema: { type: 'string' },
        },
      ],
      responses: {
        200: {
          description: 'Events until either side ends',
          content: { 'text/event-stream': { schema: { type: 'string' } } },
        },
        ...Object.fromEntries(
          refusals.map((code) => [
            problems[code][0],
            {
              description: `\`${code}\`: ${problems[code][1]}`,
              content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
            },
          ]),
        ),
      },
    },
  },
}
