// Calls of the interface. Every change carries an Idempotency-Key that stays the same when it is
// tried again, so a bad line never does anything twice; what the session or the five minutes of
// confirmation have outlived is renewed in a dialog over the form and then goes on.
import type { Problem as ProblemMessage, Violation } from '#api'
import { language, t } from './i18n'

export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail = '',
    readonly errors: Violation[] = [],
    readonly requestId = '',
    readonly retryAfter = 0,
  ) {
    super(title)
  }
}

export interface Reply<T> {
  data: T
  version: number
  auditEvent: string
}

export interface Options {
  body?: unknown
  version?: number
  key?: string
  signal?: AbortSignal
  /** Answer 401 and step-up refusals to the caller instead of asking the person. */
  plain?: boolean
}

type Confirm = (kind: 'session' | 'step-up') => Promise<void>
let confirm: Confirm = () => Promise.reject(new Error('no dialog'))
/** The shell says how a person is asked to confirm who they are. */
export const onConfirm = (ask: Confirm): void => void (confirm = ask)

const RETRIES = [400, 1500, 4000]
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms))

async function problemOf(response: Response): Promise<Problem> {
  let told: Partial<ProblemMessage> = {}
  try {
    told = (await response.json()) as ProblemMessage
  } catch {
    // not from Rastro: a proxy before it, say
  }
  return new Problem(
    response.status,
    told.code ?? 'unreadable',
    told.title ?? t('problem.unreadable', { status: response.status }),
    told.detail,
    told.errors,
    told.request_id,
    Number(response.headers.get('retry-after') ?? 0),
  )
}

async function once<T>(method: string, path: string, options: Options): Promise<Reply<T>> {
  const headers: Record<string, string> = { accept: 'application/json', 'accept-language': language.get() }
  if (method !== 'GET') headers['rastro-csrf'] = '1'
  if (options.key) headers['idempotency-key'] = options.key
  if (options.version !== undefined) headers['if-match'] = `"${options.version}"`
  if (options.body !== undefined) {
    headers['content-type'] = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'
  }
  let response: Response
  try {
    response = await fetch(path, {
      method,
      headers,
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      signal: options.signal,
      cache: 'no-store',
    })
  } catch (failure) {
    if (options.signal?.aborted) throw failure
    throw new Problem(0, 'offline', t('problem.offline'))
  }
  if (!response.ok) throw await problemOf(response)
  const type = response.headers.get('content-type') ?? ''
  const data = response.status === 204 ? undefined : type.includes('json') ? await response.json() : await response.text()
  return {
    data: data as T,
    version: Number((response.headers.get('etag') ?? '').replaceAll('"', '')),
    auditEvent: response.headers.get('rastro-audit-event') ?? '',
  }
}

const passing = (problem: Problem) =>
  problem.code === 'offline' || problem.status === 503 || problem.status === 429 || problem.code === 'idempotency-in-progress'

export async function call<T>(method: string, path: string, given: Options = {}): Promise<Reply<T>> {
  const options = { ...given }
  if (method !== 'GET' && method !== 'DELETE' && !options.key) options.key = crypto.randomUUID()
  for (let attempt = 0; ; attempt++) {
    try {
      return await once<T>(method, path, options)
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure
      const wait = RETRIES[attempt]
      if (passing(failure) && wait !== undefined && !options.plain) {
        await pause(Math.max(wait, Math.min(failure.retryAfter, 10) * 1000))
      } else if (failure.status === 401 && !options.plain && attempt < 3) {
        await confirm('session')
      } else if (failure.code === 'step-up-required' && !options.plain && attempt < 3) {
        await confirm('step-up')
      } else {
        throw failure
      }
    }
  }
}

export const get = async <T>(path: string, signal?: AbortSignal): Promise<T> =>
  (await call<T>('GET', path, { signal })).data
export const post = async <T>(path: string, body?: unknown, more: Options = {}): Promise<T> =>
  (await call<T>('POST', path, { body, ...more })).data
export const patch = async <T>(path: string, body: unknown, version: number, more: Options = {}): Promise<T> =>
  (await call<T>('PATCH', path, { body, version, ...more })).data

/** Query text without what is empty. */
export function query(parameters: Record<string, string | number | undefined>): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== '') search.set(name, String(value))
  }
  const text = search.toString()
  return text ? `?${text}` : ''
}

export interface Page<T> {
  items: T[]
  next?: string
}

/** Every page of a list, up to `most` items. */
export async function all<T>(path: string, parameters: Record<string, string | undefined> = {}, most = 2000): Promise<T[]> {
  const items: T[] = []
  let after: string | undefined
  do {
    const page: Page<T> = await get(path + query({ ...parameters, limit: 200, after }))
    items.push(...page.items)
    after = page.next
  } while (after && items.length < most)
  return items
}
