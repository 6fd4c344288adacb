// Dates and times as the reader writes them, in the zone of the reader's agency, which is named.
import { language, t } from './i18n'
import { store } from './store'

/** Zone of the reader's agency (tz database); set after sign-in. */
export const zone = store<string>(Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC')

const formatters = new Map<string, Intl.DateTimeFormat>()
function formatter(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language.get() + zone.get() + JSON.stringify(options)
  let found = formatters.get(key)
  if (!found) {
    found = new Intl.DateTimeFormat(language.get(), { timeZone: zone.get(), ...options })
    formatters.set(key, found)
  }
  return found
}

export const dateTime = (instant: string | Date): string =>
  formatter({ dateStyle: 'medium', timeStyle: 'short' }).format(new Date(instant))
export const time = (instant: string | Date): string => formatter({ timeStyle: 'medium' }).format(new Date(instant))
export const dayOf = (instant: string): string => formatter({ dateStyle: 'medium' }).format(new Date(instant))
export const utc = (instant: string): string => instant.slice(0, 19).replace('T', ' ') + 'Z'

/** 2026, 2026-05 or 2026-05-14, no more exact than it is. */
export function partialDate(text: string | undefined): string {
  if (!text) return ''
  const [year = 0, month, day] = text.split('-').map(Number)
  if (!month) return text
  const date = new Date(Date.UTC(year, month - 1, day ?? 1))
  return new Intl.DateTimeFormat(language.get(), {
    timeZone: 'UTC',
    year: 'numeric',
    month: 'short',
    day: day ? 'numeric' : undefined,
  }).format(date)
}

/** "America/Bogota (GMT-5)". */
export function zoneName(): string {
  const part = formatter({ timeZoneName: 'short' })
    .formatToParts(new Date())
    .find((one) => one.type === 'timeZoneName')
  return `${zone.get().replace('_', ' ')} (${part?.value ?? ''})`
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]

/** "in 2 days", "3 hours ago". */
export function relative(instant: string | Date, now = Date.now()): string {
  const difference = new Date(instant).getTime() - now
  const words = new Intl.RelativeTimeFormat(language.get(), { numeric: 'auto' })
  for (const [unit, span] of STEPS) {
    if (Math.abs(difference) >= span) return words.format(Math.trunc(difference / span), unit)
  }
  return words.format(0, 'minute')
}

export const isPast = (instant: string): boolean => new Date(instant).getTime() < Date.now()

/** What a due date says: relative and, when it is over, in words too. */
export function due(instant: string): string {
  return isPast(instant)
    ? t('due.overdue', { when: relative(instant) })
    : t('due.in', { when: relative(instant) })
}
