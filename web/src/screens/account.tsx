// My account: language, look, keys, password, one-time code, open sessions.
import { useState } from 'preact/hooks'
import type { SessionList, TotpSecret } from '#api'
import { say } from '../kit/dialog'
import { Button, Buttons, Check, Choice, FaultSummary, Faults, TextField } from '../kit/form'
import { Await, Notice, Page } from '../kit/page'
import { Card, Summary, Tag, When } from '../kit/show'
import { call, get } from '../lib/api'
import { zoneName } from '../lib/format'
import { LANGUAGES, language, t, tx, useLanguage, type Language } from '../lib/i18n'
import { go } from '../lib/router'
import { enter, me, mustChange, signOut } from '../lib/session'
import { shortcuts, switchShortcuts } from '../lib/shortcuts'
import { useStore } from '../lib/store'
import { applyTheme, theme, type Theme } from '../lib/theme'
import { useAction, useLoad } from '../lib/use'
import { homePath } from '../shell'

export default function Account() {
  const who = useStore(me)!
  const forced = useStore(mustChange)
  if (forced) {
    return (
      <Page title={t('account.firstPassword')} lead={t('account.firstPasswordText')}>
        <Password onDone={async () => { await enter(); go(homePath(), true) }} />
      </Page>
    )
  }
  return (
    <Page title={t('account.title')} wide aside={<Button onClick={() => void signOut()}>{t('shell.signOut')}</Button>}>
      <div class="columns">
        <div class="stack">
          <Card title={who.user?.display_name ?? who.id}>
            <Summary rows={[
              [t('signIn.login'), who.user?.login],
              [t('account.agency'), who.agency.name],
              [t('admin.roles'), who.roles.map((role) => tx(`role.${role}`)).join(', ')],
              [t('account.zone'), zoneName()],
              [t('account.lastSignIn'), who.user?.last_sign_in_at && <When at={who.user.last_sign_in_at} />],
            ]} />
          </Card>
          <Look />
          <Sessions />
        </div>
        <div class="stack">
          <Password onDone={() => say(t('form.savedNow'))} />
          <OneTimeCode />
        </div>
      </div>
    </Page>
  )
}

function Look() {
  const shown = useStore(language)
  const look = useStore(theme)
  const keys = useStore(shortcuts)
  return (
    <Card title={t('account.look')}>
      <Choice label={t('shell.language')} inline value={shown} onChange={(code) => void useLanguage(code as Language, true)} options={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))} />
      <Choice label={t('account.theme')} inline value={look} onChange={(value) => applyTheme(value as Theme)} options={(['system', 'light', 'dark'] as const).map((value) => ({ value, label: tx(`theme.${value}`) }))} />
      <Check label={t('account.keys')} hint={t('account.keysHint')} checked={keys} onChange={switchShortcuts} />
    </Card>
  )
}

function Password({ onDone }: { onDone: () => void | Promise<void> }) {
  const [old, setOld] = useState('')
  const [next, setNext] = useState('')
  const [shown, setShown] = useState(false)
  const { run, busy, problem } = useAction(async () => {
    await call('POST', '/v1/me/password', { body: { current_password: old, new_password: next } })
    setOld('')
    setNext('')
    mustChange.set(false)
    await onDone()
  })
  return (
    <Card title={t('account.password')}>
      <Faults.Provider value={problem?.errors ?? []}>
        <FaultSummary problem={problem} />
        <form onSubmit={(event) => { event.preventDefault(); void run() }}>
          <TextField label={t('account.oldPassword')} pointer="/current_password" type="password" autocomplete="current-password" value={old} onChange={setOld} />
          <TextField label={t('account.newPassword')} hint={t('account.passwordHint')} pointer="/new_password" type={shown ? 'text' : 'password'} autocomplete="new-password" value={next} onChange={setNext} />
          <Check label={t('account.show')} checked={shown} onChange={setShown} />
          <Buttons><Button kind="primary" type="submit" busy={busy}>{t('account.changePassword')}</Button></Buttons>
        </form>
      </Faults.Provider>
    </Card>
  )
}

function OneTimeCode() {
  const [made, setMade] = useState<TotpSecret | null>(null)
  const [code, setCode] = useState('')
  const begin = useAction(async () => setMade((await call<TotpSecret>('POST', '/v1/me/totp', { body: {} })).data))
  const confirm = useAction(async () => {
    await call('POST', '/v1/me/totp/confirmation', { body: { totp: code } })
    setMade(null)
    setCode('')
    say(t('account.codeSet'))
  })
  const problem = begin.problem ?? confirm.problem
  return (
    <Card title={t('account.code')}>
      <Faults.Provider value={problem?.errors ?? []}>
        <FaultSummary problem={problem} />
        <p>{t('account.codeText')}</p>
        {!made ? (
          <Buttons><Button busy={begin.busy} onClick={() => void begin.run()}>{t('account.newCode')}</Button></Buttons>
        ) : (
          <form onSubmit={(event) => { event.preventDefault(); void confirm.run() }}>
            <Notice>{t('account.enter')}<p class="mono serial">{made.secret.replace(/(.{4})/g, '$1 ')}</p><p><a href={made.otpauth_uri}>{t('account.open')}</a></p></Notice>
            <TextField label={t('signIn.code')} pointer="/totp" inputMode="numeric" width="short" autocomplete="one-time-code" value={code} onChange={setCode} />
            <Buttons><Button kind="primary" type="submit" busy={confirm.busy}>{t('account.confirmCode')}</Button></Buttons>
          </form>
        )}
      </Faults.Provider>
    </Card>
  )
}

function Sessions() {
  const list = useLoad<SessionList>('sessions', () => get('/v1/me/sessions'))
  const { run, busy } = useAction(async (id: string) => {
    await call('DELETE', `/v1/me/sessions/${id}`)
    say(t('account.ended'))
    list.reload()
  })
  return (
    <Card title={t('account.sessions')}>
      <Await from={list}>
        {(found) => (
          <ul class="plain-list">
            {found.items.map((session) => (
              <li key={session.session_id} class="row spread">
                <span><When at={session.last_seen_at} /> <span class="muted small mono">{session.remote_address}</span> {session.current && <Tag tone="green">{t('account.this')}</Tag>}</span>
                {!session.current && <Button small kind="danger" busy={busy} onClick={() => void run(session.session_id)}>{t('account.end')}</Button>}
              </li>
            ))}
          </ul>
        )}
      </Await>
    </Card>
  )
}
