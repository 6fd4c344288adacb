// Words in four languages. A catalog maps keys to ICU messages of a small subset: {name} and
// {n, plural, =0 {..} one {..} other {.. # ..}}. Missing keys cannot happen: the type check knows
// every key that is written, the catalog test every one that is composed.
import type en from '../i18n/en.json'
import { store } from './store'

export type Language = 'en' | 'es' | 'pt' | 'fr'
export type Key = keyof typeof en
export type Params = Record<string, string | number>

export const LANGUAGES: Record<Language, string> = { en: 'English', es: 'Español', pt: 'Português', fr: 'Français' }
const KEPT = 'rastro.language'

export const language = store<Language>('en')
let catalog: Record<string, string> = {}

const loaders: Record<Language, () => Promise<{ default: Record<string, string> }>> = {
  en: () => import('catalog:en'),
  es: () => import('catalog:es'),
  pt: () => import('catalog:pt'),
  fr: () => import('catalog:fr'),
}

export function isLanguage(text: string | null | undefined): text is Language {
  return !!text && Object.hasOwn(LANGUAGES, text)
}

/** The language chosen before on this machine, else the browser's first that there is. */
export function firstLanguage(): Language {
  const kept = localStorage.getItem(KEPT)
  if (isLanguage(kept)) return kept
  return navigator.languages.map((tag) => tag.slice(0, 2)).find(isLanguage) ?? 'en'
}

export async function useLanguage(wanted: Language, keep = false): Promise<void> {
  catalog = (await loaders[wanted]()).default
  if (keep) localStorage.setItem(KEPT, wanted)
  document.documentElement.lang = wanted
  language.set(wanted)
}

export const keptLanguage = (): Language | null => {
  const kept = localStorage.getItem(KEPT)
  return isLanguage(kept) ? kept : null
}

export function t(key: Key, params?: Params): string {
  return tx(key, params)
}

/** For composed keys: `step.${event}`. Falls back to `fallback`, then to the key itself. */
export function tx(key: string, params?: Params, fallback?: string): string {
  const message = catalog[key]
  if (message === undefined) return fallback ?? key
  return message.includes('{') ? format(message, params ?? {}) : message
}

export const has = (key: string): boolean => key in catalog

/** Positional words of the server's catalog: "At least {0} characters". */
export function violation(code: string, values: string[] = []): string {
  return tx(`violation.${code}`, Object.fromEntries(values.map((value, i) => [i, value])), tx('violation.other'))
}

function format(message: string, params: Params): string {
  let out = ''
  for (let at = 0; at < message.length; ) {
    if (message[at] !== '{') {
      out += message[at++]
      continue
    }
    const end = closing(message, at)
    out += placeholder(message.slice(at + 1, end), params)
    at = end + 1
  }
  return out
}

function closing(message: string, at: number): number {
  let depth = 0
  for (let i = at; i < message.length; i++) {
    if (message[i] === '{') depth++
    if (message[i] === '}' && --depth === 0) return i
  }
  return message.length
}

function placeholder(inner: string, params: Params): string {
  const [name = '', kind] = inner.split(',', 2).map((part) => part.trim())
  const value = params[name] ?? ''
  if (kind !== 'plural') return typeof value === 'number' ? number(value) : value
  const count = Number(value)
  const branches = new Map<string, string>()
  const rest = inner.slice(inner.indexOf(',', inner.indexOf(',') + 1) + 1)
  for (let at = 0; at < rest.length; ) {
    const open = rest.indexOf('{', at)
    if (open < 0) break
    const end = closing(rest, open)
    branches.set(rest.slice(at, open).trim(), rest.slice(open + 1, end))
    at = end + 1
  }
  const chosen =
    branches.get(`=${count}`) ??
    branches.get(new Intl.PluralRules(language.get()).select(count)) ??
    branches.get('other') ??
    ''
  return format(chosen.replaceAll('#', number(count)), params)
}

export const number = (value: number): string => new Intl.NumberFormat(language.get()).format(value)
export const list = (items: string[]): string =>
  new Intl.ListFormat(language.get(), { style: 'long', type: 'conjunction' }).format(items)
