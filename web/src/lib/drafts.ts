// What somebody has typed and not sent. Kept in this tab only (police computers are shared), under
// the person's name, and gone with the sign-out.
const PREFIX = 'rastro.draft.'

export function keepDraft(key: string, value: unknown): void {
  try {
    sessionStorage.setItem(PREFIX + key, JSON.stringify(value))
  } catch {
    // full or forbidden: the form itself still holds it
  }
}

export function readDraft<T>(key: string): T | null {
  try {
    return JSON.parse(sessionStorage.getItem(PREFIX + key) ?? 'null') as T | null
  } catch {
    return null
  }
}

export const dropDraft = (key: string): void => sessionStorage.removeItem(PREFIX + key)

export function forgetDrafts(): void {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(PREFIX)) sessionStorage.removeItem(key)
  }
}
