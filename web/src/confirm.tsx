// A session that has ended, or a step that wants to know that it is still the same person: asked in a
// dialog over the form, which keeps every word that was typed; then the call that waited goes on.
import { useState } from 'preact/hooks'
import { Dialog } from './kit/dialog'
import { Button, Buttons, FaultSummary, Faults, TextField } from './kit/form'
import { onConfirm, Problem } from './lib/api'
import { t } from './lib/i18n'
import { agencies, isDemo, me, signIn, stepUp } from './lib/session'
import { store, useStore } from './lib/store'
import { useAction } from './lib/use'
import { demoCode } from './screens/demo'

interface Waiting {
  kind: 'session' | 'step-up'
  done: () => void
  fail: (reason: Problem) => void
}
const waiting = store<Waiting | null>(null)

onConfirm((kind) => {
  const open = waiting.get()
  return new Promise<void>((resolve, reject) => {
    // Several calls may find out at once: one dialog for all.
    const next = {
      kind,
      done: () => (open?.done(), resolve()),
      fail: (reason: Problem) => (open?.fail(reason), reject(reason)),
    }
    waiting.set(next)
  })
})

export function Confirm() {
  const asked = useStore(waiting)
  return asked ? <Asking asked={asked} key={asked.kind} /> : null
}

function Asking({ asked }: { asked: Waiting }) {
  const login = me.get()?.user?.login ?? ''
  const [password, setPassword] = useState('')
  const [totp, setTotp] = useState('')
  const { run, busy, problem } = useAction(async () => {
    if (asked.kind === 'session') await signIn({ login, password, totp })
    else await stepUp(password, totp)
    waiting.set(null)
    asked.done()
  })
  const close = () => {
    waiting.set(null)
    asked.fail(new Problem(401, 'cancelled', t('confirm.cancelled')))
  }
  return (
    <Dialog title={asked.kind === 'session' ? t('confirm.session') : t('confirm.stepUp')} onClose={close}>
      <p class="lead">{asked.kind === 'session' ? t('confirm.sessionText') : t('confirm.stepUpText')}</p>
      <Faults.Provider value={problem?.errors ?? []}>
        <FaultSummary problem={problem} />
        <form
          onSubmit={(event) => {
            event.preventDefault()
            void run()
          }}
        >
          <p class="field">
            {t('signIn.login')}: <strong>{login}</strong> <span class="muted">{agencies.get().get(me.get()?.agency.agency ?? '')?.name}</span>
          </p>
          <TextField label={t('signIn.password')} pointer="/password" type="password" autocomplete="current-password" value={password} onChange={setPassword} required />
          <TextField label={t('signIn.code')} pointer="/totp" hint={t('signIn.codeHint')} autocomplete="one-time-code" inputMode="numeric" width="short" value={totp} onChange={setTotp} required />
          <Buttons>
            <Button kind="primary" type="submit" busy={busy}>
              {t('confirm.go')}
            </Button>
            <Button onClick={close}>{t('form.cancel')}</Button>
            {isDemo() && (
              <Button
                kind="quiet"
                onClick={() => void demoCode(login).then((known) => known && (setPassword(known.password), setTotp(known.totp)))}
              >
                {t('demo.fill')}
              </Button>
            )}
          </Buttons>
        </form>
      </Faults.Provider>
    </Dialog>
  )
}
