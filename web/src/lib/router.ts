// Addresses. Filters live in the query, so that every view can be sent to a colleague.
import { store } from './store'

export interface Place {
  path: string
  search: URLSearchParams
  /** Counts moves by the person; the first page of a visit is 0. */
  moves: number
}

const here = (moves: number): Place => ({ path: location.pathname, search: new URLSearchParams(location.search), moves })
export const place = store<Place>(here(0))

export function go(address: string, replace = false): void {
  if (replace) history.replaceState(null, '', address)
  else history.pushState(null, '', address)
  const moved = location.pathname !== place.get().path
  place.set(here(place.get().moves + (moved ? 1 : 0)))
  if (moved) window.scrollTo(0, 0)
}

/** Changes parts of the query; empty removes. */
export function setQuery(changes: Record<string, string | undefined>): void {
  const search = new URLSearchParams(location.search)
  for (const [name, value] of Object.entries(changes)) {
    if (value) search.set(name, value)
    else search.delete(name)
  }
  const text = search.toString()
  go(location.pathname + (text ? `?${text}` : ''), true)
}

export function startRouter(): void {
  addEventListener('popstate', () => place.set(here(place.get().moves + 1)))
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    const link = (event.target as Element).closest?.('a')
    if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return
    if (link.getAttribute('href')?.startsWith('#') || link.pathname.endsWith('.json')) return
    event.preventDefault()
    go(link.pathname + link.search + link.hash)
  })
}

/** "/requests/{id}" against a path. */
export function match(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/')
  const given = path.split('/')
  if (wanted.length !== given.length) return null
  const found: Record<string, string> = {}
  for (let i = 0; i < wanted.length; i++) {
    const part = wanted[i]!
    if (part.startsWith('{')) found[part.slice(1, -1)] = decodeURIComponent(given[i]!)
    else if (part !== given[i]) return null
  }
  return found
}
