// Signing in: login, password and one-time code on one page, paste allowed, the notice of use above the
// button that accepts it. A demonstration offers its accounts and a story to follow.
import { useEffect, useState } from 'preact/hooks'
import type { DemoAccounts, UseBanner } from '#api'
import { Button, Buttons, FaultSummary, Faults, TextField } from '../kit/form'
import { Page } from '../kit/page'
import { call } from '../lib/api'
import { language, t, tx } from '../lib/i18n'
import { go, place } from '../lib/router'
import { isDemo, signIn } from '../lib/session'
import { useStore } from '../lib/store'
import { useAction, useLoad } from '../lib/use'
import { homePath } from '../shell'
import { demoAccounts, demoCode } from './demo'

const STORY: { login: string; step: string }[] = [
  { login: 'ana.xa', step: 'ask' },
  { login: 'nina.xa', step: 'approve' },
  { login: 'bruno.xb', step: 'answer' },
  { login: 'berta.xb', step: 'release' },
  { login: 'ana.xa', step: 'close' },
  { login: 'olga.ov', step: 'audit' },
]

export default function SignIn() {
  const [login, setLogin] = useState('')
  const [password, setPassword] = useState('')
  const [totp, setTotp] = useState('')
  const shown = useStore(language)
  const banner = useLoad('banner', async () => (await call<UseBanner>('GET', '/v1/use-banner', { plain: true })).data)
  const { run, busy, problem } = useAction(async () => {
    await signIn({ login: login.trim().toLowerCase(), password, totp: totp.replace(/\s/g, '') })
    if (place.get().path === '/' || place.get().path === '/sign-in') go(homePath(), true)
  })
  const fill = async (who: string) => {
    const code = await demoCode(who)
    if (!code) return
    setLogin(who)
    setPassword(code.password)
    setTotp(code.totp)
    document.getElementById('sign-in-go')?.focus()
  }
  return (
    <Page title={t('signIn.title')} wide>
      <div class={isDemo() ? 'sign-in with-demo' : 'sign-in'}>
        <section class="card">
          <Faults.Provider value={problem?.errors ?? []}>
            <FaultSummary problem={problem} />
            <form
              onSubmit={(event) => {
                event.preventDefault()
                void run()
              }}
            >
              <TextField label={t('signIn.login')} pointer="/login" autocomplete="username" value={login} onChange={setLogin} required />
              <TextField label={t('signIn.password')} pointer="/password" type="password" autocomplete="current-password" value={password} onChange={setPassword} required />
              <TextField label={t('signIn.code')} pointer="/totp" hint={t('signIn.codeHint')} autocomplete="one-time-code" inputMode="numeric" width="short" value={totp} onChange={setTotp} required />
              {banner.data && (
                <div class="notice">
                  <p class="notice-title">{t('signIn.notice')}</p>
                  <p>{banner.data.text[shown]}</p>
                </div>
              )}
              <Buttons>
                <button id="sign-in-go" type="submit" class="button primary" aria-disabled={busy || undefined}>
                  {busy && <span class="spinner" aria-hidden="true" />}
                  {t('signIn.go')}
                </button>
              </Buttons>
            </form>
          </Faults.Provider>
          <p class="muted small">{t('signIn.help')}</p>
        </section>
        {isDemo() && <Demo fill={fill} />}
      </div>
    </Page>
  )
}

function Demo({ fill }: { fill: (login: string) => Promise<void> }) {
  const [accounts, setAccounts] = useState<DemoAccounts | null>(null)
  useEffect(() => {
    demoAccounts().then(setAccounts, () => setAccounts(null))
  }, [])
  if (!accounts) return null
  const person = (login: string) => accounts.items.find((item) => item.login === login)
  const told = new Set(STORY.map((step) => step.login))
  const others = accounts.items.filter((item) => !told.has(item.login))
  return (
    <section class="card" aria-labelledby="demo-title">
      <h2 id="demo-title">{t('demo.title')}</h2>
      <p class="muted">{t('demo.text')}</p>
      <ol class="story">
        {STORY.map(({ login, step }) => {
          const who = person(login)
          return (
            who && (
              <li key={step}>
                <div>
                  <strong>{tx(`demo.${step}`)}</strong>
                  <p>{tx(`demo.${step}Text`)}</p>
                  <p class="muted small">
                    {who.display_name} · {who.agency_name}
                  </p>
                </div>
                <Button small onClick={() => void fill(login)} label={t('demo.as', { name: who.display_name })}>
                  {t('demo.use')}
                </Button>
              </li>
            )
          )
        })}
      </ol>
      <details>
        <summary>{t('demo.others', { n: others.length })}</summary>
        <ul class="others">
          {others.map((who) => (
            <li key={who.login}>
              <button type="button" class="button quiet small" onClick={() => void fill(who.login)}>
                {who.display_name}
              </button>
              <span class="muted small">
                {who.agency_name} · {who.roles.map((role) => tx(`role.${role}`)).join(', ')}
              </span>
            </li>
          ))}
        </ul>
      </details>
    </section>
  )
}
