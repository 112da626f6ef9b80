const timeoutMs = 2_000
const maxBytes = 1024 * 1024

/** GETs a JSON document from a place we configured: no redirects, soon or not at all, of sensible size. */
export async function fetchJson(url: string): Promise<unknown> {
  const response = await fetch(url, {
    redirect: 'error',
    headers: { accept: 'application/json' },
    signal: AbortSignal.timeout(timeoutMs),
  })
  if (!response.ok) throw new Error(`${url} answers ${response.status}`)
  if (Number(response.headers.get('content-length') ?? 0) > maxBytes) throw new Error(`${url} answers too much`)
  const text = await response.text()
  if (text.length > maxBytes) throw new Error(`${url} answers too much`)
  return JSON.parse(text)
}
