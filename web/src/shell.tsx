// Header, navigation and footer. What somebody can never do is not offered.
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Operation } from '#api'
import { zoneName } from './lib/format'
import { LANGUAGES, language, t, useLanguage, type Key, type Language } from './lib/i18n'
import { link, newest } from './lib/live'
import { go, place } from './lib/router'
import { can, me, server, signOut } from './lib/session'
import { onKey } from './lib/shortcuts'
import { useStore } from './lib/store'
import { kept } from './lib/use'

export const seenEvents = kept('seen', 0)

const ITEMS: { path: string; name: Key; needs?: Operation[] }[] = [
  { path: '/', name: 'nav.queue', needs: ['trace_list', 'inbox'] },
  { path: '/search', name: 'nav.search', needs: ['trace_list', 'inbox'] },
  { path: '/matches', name: 'nav.matches', needs: ['match_list'] },
  { path: '/cases', name: 'nav.cases', needs: ['case_list'] },
  { path: '/requests/new', name: 'nav.new', needs: ['trace_create'] },
  { path: '/import', name: 'nav.import', needs: ['import_start'] },
  { path: '/contact', name: 'nav.contact', needs: ['trace_approve', 'leg_assign'] },
  { path: '/randot', name: 'nav.randot', needs: ['randot_report'] },
  { path: '/audit', name: 'nav.audit', needs: ['audit_entries'] },
  { path: '/access', name: 'nav.access', needs: ['user_list'] },
  { path: '/admin', name: 'nav.admin', needs: ['user_create', 'agency_create', 'route_put'] },
  { path: '/help', name: 'nav.help' },
]

/** Who reads no cases begins elsewhere than in a queue. */
export const homePath = (): string =>
  ITEMS.find((item) => !item.needs || item.needs.some(can))?.path ?? '/help'

function Mark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <g fill="none" stroke="currentColor" stroke-width="2.6">
        <circle cx="7" cy="23" r="3.4" />
        <circle cx="16" cy="9" r="3.4" />
        <circle cx="25" cy="23" r="3.4" class="mark-end" />
        <path d="M9 20l5-8M18 12l5 8" />
      </g>
    </svg>
  )
}

function Languages() {
  const current = useStore(language)
  return (
    <ul class="langs" aria-label={t('shell.language')}>
      {(Object.keys(LANGUAGES) as Language[]).map((code) => (
        <li key={code}>
          <button type="button" lang={code} aria-pressed={code === current} title={LANGUAGES[code]} onClick={() => void useLanguage(code, true)}>
            <span aria-hidden="true">{code.toUpperCase()}</span>
            <span class="visually-hidden">{LANGUAGES[code]}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}

function SerialSearch() {
  const input = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  useEffect(() => onKey({ '/': () => input.current?.focus() }), [])
  return (
    <form
      class="top-search no-print"
      role="search"
      aria-label={t('shell.serialSearch')}
      onSubmit={(event) => {
        event.preventDefault()
        if (text.trim()) go(`/search?serial=${encodeURIComponent(text.trim())}`)
      }}
    >
      <label class="visually-hidden" for="top-serial">
        {t('shell.serial')}
      </label>
      <input id="top-serial" ref={input} type="search" value={text} placeholder={t('shell.serial')} spellcheck={false} autocomplete="off" onInput={(event) => setText(event.currentTarget.value)} />
      <kbd aria-hidden="true">/</kbd>
    </form>
  )
}

export function Header() {
  const who = useStore(me)
  const { path } = useStore(place)
  const head = useStore(newest)
  const unread = Math.max(0, head - seenEvents.read())
  return (
    <header>
      <div class="top">
        <div class="top-in">
          <a class="brand" href={who ? homePath() : '/'}>
            <Mark />
            Rastro
            <small>{t('shell.purpose')}</small>
          </a>
          {who && can('serial_search') && <SerialSearch />}
          <div class="top-tools">
            <Languages />
            {who && can('events') && (
              <a href="/notifications">
                {t('shell.notifications')}
                {unread > 0 && seenEvents.read() > 0 && <span class="badge">{unread > 99 ? '99+' : unread}</span>}
              </a>
            )}
            {who && (
              <>
                <a href="/account" class="who">
                  <span>{who.user?.display_name ?? who.acting_for ?? who.id}</span>
                  <small>{who.agency.name}</small>
                </a>
                <button type="button" onClick={() => void signOut()}>
                  {t('shell.signOut')}
                </button>
              </>
            )}
          </div>
        </div>
      </div>
      {who && (
        <nav class="nav" aria-label={t('shell.nav')}>
          <ul>
            {ITEMS.filter((item) => !item.needs || item.needs.some(can)).map((item) => (
              <li key={item.path}>
                <a href={item.path} aria-current={path === item.path ? 'page' : undefined}>
                  {t(item.name)}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      )}
    </header>
  )
}

export function Footer() {
  const state = useStore(link)
  const who = useStore(me)
  const about = useStore(server)
  return (
    <footer class="foot">
      <div class="foot-in">
        {who && state !== 'off' && <span class={`link-state ${state}`}>{t(`live.${state}`)}</span>}
        <span>{t('shell.zone', { zone: zoneName() })}</span>
        <a href="/help">{t('nav.help')}</a>
        <a href="/docs/api">{t('shell.api')}</a>
        <span>Rastro {about?.version ?? ''}</span>
      </div>
    </footer>
  )
}
