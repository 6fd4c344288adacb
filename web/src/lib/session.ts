// Who is signed in, and what the server says about itself.
import type { Agency, Me, Operation, Session, Version } from '#api'
import { all, call, get, post } from './api'
import { forgetDrafts } from './drafts'
import { zone } from './format'
import { isLanguage, keptLanguage, useLanguage } from './i18n'
import { store } from './store'

export const me = store<Me | null>(null)
export const server = store<Version | null>(null)
export const agencies = store<Map<string, Agency>>(new Map())
/** A first or reset password: nothing else works before it is changed. */
export const mustChange = store(false)

export const can = (operation: Operation): boolean => me.get()?.operations.includes(operation) ?? false
export const hasRole = (...roles: string[]): boolean => me.get()?.roles.some((role) => roles.includes(role)) ?? false
export const isDemo = (): boolean => server.get()?.demo ?? false

export async function readServer(): Promise<void> {
  server.set((await call<Version>('GET', '/version', { plain: true })).data)
}

/** With the session cookie that is there; throws 401 without one. */
export async function enter(): Promise<void> {
  const found = (await call<Me>('GET', '/v1/me', { plain: true })).data
  mustChange.set(found.user?.must_change_password ?? false)
  if (!keptLanguage() && isLanguage(found.language)) await useLanguage(found.language)
  if (!mustChange.get()) {
    const known = await all<Agency>('/v1/agencies')
    agencies.set(new Map(known.map((agency) => [agency.agency, agency])))
    zone.set(agencies.get().get(found.agency.agency)?.time_zone ?? 'UTC')
  }
  me.set(found)
}

export interface Credentials {
  login: string
  password: string
  totp: string
}

export async function signIn(who: Credentials): Promise<void> {
  const body = { ...who, accept_use_banner: true }
  const session = (await call<Session>('POST', '/v1/sessions', { body, plain: true })).data
  mustChange.set(session.must_change_password ?? false)
  await enter()
}

/** The five minutes in which sensitive steps are open; the session goes on. */
export async function stepUp(password: string, totp: string): Promise<void> {
  await call<Session>('POST', '/v1/me/step-up', { body: { password, totp }, plain: true })
}

export async function signOut(): Promise<void> {
  try {
    await call('DELETE', '/v1/me/sessions/current', { plain: true })
  } catch {
    // it had ended already
  }
  forgetDrafts()
  me.set(null)
  location.assign('/')
}

// Names that came with what was read: of agencies abroad that the directory does not list.
const met = new Map<string, string>()
export function meet(code: string, name: string | undefined): void {
  if (name) met.set(code, name)
}
export const agencyName = (code: string | undefined): string =>
  (code && (agencies.get().get(code)?.name ?? met.get(code))) || code || ''

export const ownId = (): string => me.get()?.id ?? ''
export { get, post }
