import { type ProblemCode, problem, problems } from '@hospital/contracts'
import type { FastifyInstance } from 'fastify'

/** Every problem's `type` is the address of a page here that says what it means. */
export function registerErrorPages(app: FastifyInstance): void {
  app.get('/docs/errors', async (_request, reply) => reply.type('text/html; charset=utf-8').send(indexPage()))
  app.get<{ Params: { code: string } }>('/docs/errors/:code', async ({ params }, reply) => {
    if (!Object.hasOwn(problems, params.code))
      throw problem('not-found', { detail: 'There is no problem of this name.' })
    return reply.type('text/html; charset=utf-8').send(problemPage(params.code as ProblemCode))
  })
}

function problemPage(code: ProblemCode): string {
  const [status, title, meaning] = problems[code]
  return page(
    title,
    `<h1>${escaped(title)}</h1>
<p><code>${escaped(code)}</code> · HTTP ${status}</p>
<p>${escaped(meaning)}</p>
<p><a href="/docs/errors">All problems</a> · <a href="/docs">API reference</a></p>`,
  )
}

function indexPage(): string {
  const rows = Object.entries(problems).map(
    ([code, [status, title]]) =>
      `<tr><td>${status}</td><td><a href="/docs/errors/${escaped(code)}"><code>${escaped(code)}</code></a></td><td>${escaped(title)}</td></tr>`,
  )
  return page(
    'Problems',
    `<h1>Problems</h1>
<p>Every refusal is <code>application/problem+json</code> (RFC 9457) with one of these codes.</p>
<table><thead><tr><th>Status</th><th>Code</th><th>Meaning</th></tr></thead><tbody>${rows.join('\n')}</tbody></table>
<p><a href="/docs">API reference</a></p>`,
  )
}

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}
td,th{padding:.2rem .8rem .2rem 0;text-align:left;vertical-align:top}code{background:#8881;padding:.1em .3em}</style></head>
<body>
${body}
</body></html>
`

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
