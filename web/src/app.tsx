// What surrounds every screen, and which screen an address shows. Screens are fetched when first
// opened; who may not open one is told so before anything is asked of the server.
import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Operation } from '#api'
import { Confirm } from './confirm'
import { Toasts } from './kit/dialog'
import { Failed, Loading, NoRight, Page } from './kit/page'
import { Problem } from './lib/api'
import { arrivals } from './lib/codes'
import { zone } from './lib/format'
import { language, t } from './lib/i18n'
import { startLive } from './lib/live'
import { match, place } from './lib/router'
import { agencies, can, me, mustChange, server } from './lib/session'
import { useStore } from './lib/store'
import { Footer, Header } from './shell'

type Screen = ComponentType<{ parts: Record<string, string> }>
interface Route {
  pattern: string
  load: () => Promise<{ default: Screen }>
  /** At least one of these; none: everybody. */
  needs?: Operation[]
}

const request = () => import('./screens/request')
const ROUTES: Route[] = [
  { pattern: '/', load: () => import('./screens/queue') },
  { pattern: '/search', load: () => import('./screens/search'), needs: ['trace_list', 'inbox'] },
  { pattern: '/matches', load: () => import('./screens/matches'), needs: ['match_list'] },
  { pattern: '/cases', load: () => import('./screens/cases'), needs: ['case_list'] },
  { pattern: '/cases/new', load: () => import('./screens/case_new'), needs: ['case_create'] },
  { pattern: '/cases/{id}', load: () => import('./screens/linked_case'), needs: ['case_read'] },
  { pattern: '/randot', load: () => import('./screens/randot'), needs: ['randot_report'] },
  { pattern: '/requests/new', load: () => import('./screens/edit'), needs: ['trace_create'] },
  { pattern: '/requests/{id}', load: request, needs: ['trace_read'] },
  { pattern: '/requests/{id}/edit', load: () => import('./screens/edit'), needs: ['trace_change'] },
  { pattern: '/legs/{leg}', load: request, needs: ['leg_read'] },
  { pattern: '/legs/{leg}/answer', load: () => import('./screens/answer'), needs: ['leg_answer', 'answer_correct'] },
  { pattern: '/import', load: () => import('./screens/import'), needs: ['import_start'] },
  { pattern: '/notifications', load: () => import('./screens/notifications'), needs: ['events'] },
  { pattern: '/contact', load: () => import('./screens/contact'), needs: ['trace_approve', 'leg_assign'] },
  { pattern: '/audit', load: () => import('./screens/audit'), needs: ['audit_entries'] },
  { pattern: '/access', load: () => import('./screens/access'), needs: ['user_list'] },
  { pattern: '/admin', load: () => import('./screens/admin'), needs: ['user_create', 'agency_create', 'route_put'] },
  { pattern: '/account', load: () => import('./screens/account') },
  { pattern: '/help', load: () => import('./screens/help') },
  { pattern: '/docs/api', load: () => import('./screens/api') },
]

const loaded = new Map<string, Screen>()

function Missing() {
  return (
    <Page title={t('state.noPage')}>
      <p>{t('state.noPageText')}</p>
      <p>
        <a href="/">{t('state.toQueue')}</a>
      </p>
    </Page>
  )
}

function Shown({ route, parts }: { route: Route; parts: Record<string, string> }) {
  const [, draw] = useState(0)
  const [problem, setProblem] = useState<Problem | null>(null)
  const Found = loaded.get(route.pattern)
  useEffect(() => {
    setProblem(null)
    if (loaded.has(route.pattern)) return
    route.load().then(
      (module) => {
        loaded.set(route.pattern, module.default)
        draw((n) => n + 1)
      },
      () => setProblem(new Problem(0, 'offline', t('problem.newVersion'))),
    )
  }, [route])
  if (route.needs && !route.needs.some(can)) return <NoRight />
  if (problem) return <Failed problem={problem} retry={() => location.reload()} />
  return Found ? <Found parts={parts} key={Object.values(parts).join()} /> : <Loading />
}

/** Deep links survive the sign-in: the address stays, the sign-in page stands in its place. */
const signInRoute: Route = { pattern: '/sign-in', load: () => import('./screens/sign_in') }
const accountRoute = ROUTES.find((route) => route.pattern === '/account')!

function Current() {
  const { path } = useStore(place)
  const who = useStore(me)
  const change = useStore(mustChange)
  if (who && change) return <Shown route={accountRoute} parts={{}} />
  for (const route of ROUTES) {
    const parts = match(route.pattern, path)
    if (!parts) continue
    const open = route.pattern === '/help' || route.pattern === '/docs/api'
    return who || open ? <Shown route={route} parts={parts} /> : <Shown route={signInRoute} parts={{}} />
  }
  return who ? <Missing /> : <Shown route={signInRoute} parts={{}} />
}

export function App() {
  // Whatever is drawn depends on these: a change draws everything.
  const shown = useStore(language)
  useStore(arrivals)
  useStore(zone)
  useStore(agencies)
  const who = useStore(me)
  const about = useStore(server)
  useEffect(() => {
    if (who) void startLive()
  }, [who])
  return (
    <div key={shown}>
      <a class="skip" href="#main" onClick={() => document.querySelector<HTMLElement>('h1')?.focus()}>
        {t('shell.skip')}
      </a>
      {about?.demo && <aside class="demo-strip" aria-label={t('shell.demoLabel')}>{t('shell.demo')}</aside>}
      <Header />
      <main class="main" id="main">
        <Current />
      </main>
      <Footer />
      <Confirm />
      <Toasts />
    </div>
  )
}
