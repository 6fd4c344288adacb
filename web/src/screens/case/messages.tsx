// The talk between the agencies: questions, replies and decisions. Beside each stands who can read it,
// and the button that sends names the reader: nobody writes to another country by mistake.
import { useState } from 'preact/hooks'
import type { Leg } from '#api'
import { say } from '../../kit/dialog'
import { Button, Buttons, Check, FaultSummary, Faults, fieldId, TextArea } from '../../kit/form'
import { Card, Tag, When } from '../../kit/show'
import { call } from '../../lib/api'
import { name } from '../../lib/codes'
import { dropDraft, keepDraft, readDraft } from '../../lib/drafts'
import { list, t, tx } from '../../lib/i18n'
import { agencyName, can, me } from '../../lib/session'
import { useAction } from '../../lib/use'
import { askable } from './actions'
import { openQuestion, type CaseView } from './data'

interface Message {
  at: string
  from: string
  readers: string[]
  kind: string
  body?: string
  about?: string[]
}

function messagesOf(leg: Leg): Message[] {
  const readers = [leg.asking_agency, leg.asked_agency]
  const found: Message[] = []
  for (const one of leg.clarifications ?? []) {
    found.push({ at: one.asked_at, from: leg.asked_agency, readers, kind: t('message.question'), body: one.question, about: one.fields })
    if (one.reply && one.replied_at) found.push({ at: one.replied_at, from: leg.asking_agency, readers, kind: t('message.reply'), body: one.reply })
  }
  for (const one of leg.decisions ?? []) {
    const reason = one.reason_code && name('refusal-reasons', one.reason_code)
    found.push({ at: one.decided_at, from: one.decided_agency, readers, kind: tx(`stage.${one.stage}`), body: [reason, one.text].filter(Boolean).join(': ') })
  }
  return found.sort((a, b) => (a.at < b.at ? -1 : 1))
}

export function Messages({ data, reload }: { data: CaseView; reload: () => void }) {
  const writing = data.legs.filter((leg) => (data.side === 'asking' ? openQuestion(leg) && leg.next_steps.includes('reply') && can('leg_reply') : leg.next_steps.includes('ask') && can('leg_ask')))
  const all = data.legs.flatMap((leg) => messagesOf(leg).map((message) => ({ ...message, leg })))
  if (all.length === 0 && writing.length === 0) return null
  const own = me.get()?.agency.agency
  return (
    <Card title={t('message.title')} id="messages">
      {all.length === 0 && <p class="muted">{t('message.none')}</p>}
      <ol class="messages">
        {all.map((message) => (
          <li key={message.at + message.kind} class={message.from === own ? 'own' : undefined}>
            <p class="message-head">
              <strong>{agencyName(message.from)}</strong>
              <Tag tone="blue">{message.kind}</Tag>
              <span class="muted small">
                <When at={message.at} />
              </span>
            </p>
            {message.about && message.about.length > 0 && <p class="small">{t('message.about', { fields: list(message.about.map((field) => tx(`ask.${field}`, {}, field))) })}</p>}
            <p class="message-body">{message.body}</p>
            <p class="readers muted small">{t('message.readers', { who: list(message.readers.map(agencyName)) })}</p>
          </li>
        ))}
      </ol>
      {writing.map((leg) => (
        <Composer key={leg.leg_id} leg={leg} side={data.side} reload={reload} />
      ))}
    </Card>
  )
}

function Composer({ leg, side, reload }: { leg: Leg; side: CaseView['side']; reload: () => void }) {
  const draft = `message.${leg.leg_id}`
  const kept = readDraft<{ text: string; fields: string[] }>(draft)
  const [text, setText] = useState(kept?.text ?? '')
  const [fields, setFields] = useState<string[]>(kept?.fields ?? [])
  const [key, setKey] = useState(() => crypto.randomUUID())
  const reader = agencyName(side === 'asking' ? leg.asked_agency : leg.asking_agency)
  const keep = (next: { text: string; fields: string[] }) => {
    setText(next.text)
    setFields(next.fields)
    keepDraft(draft, next)
  }
  const { run, busy, problem } = useAction(async () => {
    if (side === 'asking') await call('POST', `/v1/legs/${leg.leg_id}/clarification-reply`, { body: { text }, version: leg.version, key })
    else await call('POST', `/v1/legs/${leg.leg_id}/clarifications`, { body: { question: text, fields }, version: leg.version, key })
    setText('')
    setFields([])
    setKey(crypto.randomUUID())
    dropDraft(draft)
    say(t('message.sent', { who: reader }))
    reload()
  })
  return (
    <Faults.Provider value={problem?.errors ?? []}>
      <form
        class="composer no-print"
        onSubmit={(event) => {
          event.preventDefault()
          void run()
        }}
      >
        <FaultSummary problem={problem} />
        <TextArea
          label={side === 'asking' ? t('message.replyLabel') : t('message.askLabel')}
          hint={t('message.readersHint', { who: list([agencyName(leg.asking_agency), agencyName(leg.asked_agency)]) })}
          pointer={side === 'asking' ? '/text' : '/question'}
          rows={3}
          value={text}
          onChange={(value) => keep({ text: value, fields })}
        />
        {side === 'asked' && (
          <details open={fields.length > 0 || !!problem}>
            <summary>{t('act.about')}</summary>
            <div class="check-grid" id={fieldId('/fields')} tabIndex={-1}>
              {askable().map((option) => (
                <Check key={option.value} label={option.label} checked={fields.includes(option.value)} onChange={(on) => keep({ text, fields: on ? [...fields, option.value] : fields.filter((one) => one !== option.value) })} />
              ))}
            </div>
          </details>
        )}
        <Buttons>
          <Button type="submit" kind={side === 'asking' ? 'primary' : 'plain'} busy={busy}>
            {t('message.send', { who: reader })}
          </Button>
        </Buttons>
      </form>
    </Faults.Provider>
  )
}
