// Light, dark, or as the system says.
import { store } from './store'

export type Theme = 'system' | 'light' | 'dark'
const KEPT = 'rastro.theme'
const read = (): Theme => {
  const kept = localStorage.getItem(KEPT)
  return kept === 'light' || kept === 'dark' ? kept : 'system'
}
export const theme = store<Theme>(read())

export function applyTheme(chosen: Theme = read()): void {
  if (chosen === 'system') {
    localStorage.removeItem(KEPT)
    delete document.documentElement.dataset.theme
  } else {
    localStorage.setItem(KEPT, chosen)
    document.documentElement.dataset.theme = chosen
  }
  theme.set(chosen)
}
