// What rules noticed, with the numbers they went by, and what a person made of each.
import { useState } from 'preact/hooks'
import type { Case, CaseType } from '#api'
import { Dialog, say } from '../../kit/dialog'
import { Button, Buttons, FaultSummary, Faults, Select, TextArea } from '../../kit/form'
import { Card, Tag } from '../../kit/show'
import { call } from '../../lib/api'
import { objectLabel, type Signal } from '../../lib/case_types'
import { name } from '../../lib/codes'
import { partialDate } from '../../lib/format'
import { list, t, tx } from '../../lib/i18n'
import { can } from '../../lib/session'
import { useAction } from '../../lib/use'

const STATES = ['under_review', 'confirmed', 'explained', 'insufficient']
const TONES = { high: 'red', medium: 'yellow', low: 'grey' } as const

/** Codes of a list, as words where there are words; days as the reader writes them. */
const valueOf = (field: string, value: string): string => {
  if (field === 'same') return list(value.split('|').map((index) => tx(`linked.index.${index}`, {}, index)))
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return partialDate(value)
  return value.replaceAll('|', ', ')
}

export function Signals({ type, file, onDone }: { type: CaseType; file: Case; onDone: (next: Case) => void }) {
  const [open, setOpen] = useState<Signal | null>(null)
  const signals = file.signals ?? []
  if (signals.length === 0) return null
  const about = (signal: Signal) => {
    const object = file.objects.find((one) => one.object_id === signal.object_id)
    return object && object.object_id !== file.case_id ? objectLabel(type, object.object) : ''
  }
  return (
    <Card title={t('linked.signals')}>
      <ul class="feed">
        {signals.map((signal) => (
          <li key={signal.rule + (signal.object_id ?? '')}>
            <p>
              <Tag tone={TONES[signal.severity]}>{tx(`linked.severity.${signal.severity}`)}</Tag> <strong>{name('signal_rule', signal.rule)}</strong> {about(signal) && <span class="muted">· {about(signal)}</span>}
            </p>
            {signal.evidence && <p class="small muted">{signal.evidence.map((item) => `${tx(`linked.evidence.${item.field}`, {}, item.field.replaceAll('_', ' '))}: ${valueOf(item.field, item.value)}`).join(' · ')}</p>}
            <p class="small">
              {signal.state === 'new' ? <span class="muted">{t('linked.signalNew')}</span> : <Tag tone={signal.state === 'confirmed' ? 'red' : 'green'}>{tx(`linked.signalState.${signal.state}`)}</Tag>} {signal.note}
              {can('case_signal') && <Button small kind="quiet" onClick={() => setOpen(signal)}>{t('linked.dispose')}</Button>}
            </p>
          </li>
        ))}
      </ul>
      {open && <Dispose file={file} signal={open} onClose={() => setOpen(null)} onDone={(next) => { setOpen(null); onDone(next) }} />}
    </Card>
  )
}

function Dispose({ file, signal, onClose, onDone }: { file: Case; signal: Signal; onClose: () => void; onDone: (next: Case) => void }) {
  const [state, setState] = useState('')
  const [note, setNote] = useState('')
  const { run, busy, problem } = useAction(async () => {
    const body = { rule: signal.rule, state, ...(signal.object_id && { object_id: signal.object_id }), ...(note.trim() && { note: note.trim() }) }
    const reply = await call<Case>('POST', `/v1/cases/${file.case_id}/signals`, { body, version: file.version })
    say(t('linked.disposed'))
    onDone(reply.data)
  })
  return (
    <Dialog title={name('signal_rule', signal.rule)} onClose={onClose}>
      <Faults.Provider value={problem?.errors ?? []}>
        <FaultSummary problem={problem} />
        <form onSubmit={(event) => { event.preventDefault(); void run() }}>
          <Select label={t('linked.disposition')} pointer="/state" value={state} onChange={setState} options={STATES.map((value) => ({ value, label: tx(`linked.signalState.${value}`) }))} />
          <TextArea label={t('linked.note')} pointer="/note" optional value={note} onChange={setNote} maxLength={2000} />
          <Buttons>
            <Button kind="primary" type="submit" busy={busy}>{t('form.save')}</Button>
            <Button onClick={onClose}>{t('form.cancel')}</Button>
          </Buttons>
        </form>
      </Faults.Provider>
    </Dialog>
  )
}
