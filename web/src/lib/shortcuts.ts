// Single-key shortcuts (WCAG 2.1.4: they can be switched off, and never act while somebody types).
import { store } from './store'

const KEPT = 'rastro.shortcuts'
export const shortcuts = store(localStorage.getItem(KEPT) !== 'off')

export function switchShortcuts(on: boolean): void {
  localStorage.setItem(KEPT, on ? 'on' : 'off')
  shortcuts.set(on)
}

type Handler = (event: KeyboardEvent) => void
const handlers = new Map<string, Handler[]>()

/** Latest wins; returns the removal. */
export function onKey(keys: Record<string, Handler>): () => void {
  for (const [key, handler] of Object.entries(keys)) handlers.set(key, [...(handlers.get(key) ?? []), handler])
  return () => {
    for (const [key, handler] of Object.entries(keys)) {
      handlers.set(key, (handlers.get(key) ?? []).filter((one) => one !== handler))
    }
  }
}

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

export function startShortcuts(): void {
  document.addEventListener('keydown', (event) => {
    if (!shortcuts.get() || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
    if (document.querySelector('dialog[open]')) return
    if (typing(event.target) && !(event.target as HTMLInputElement).matches('[type=checkbox]')) return
    const handler = handlers.get(event.key)?.at(-1)
    if (handler) {
      event.preventDefault()
      handler(event)
    }
  })
}
