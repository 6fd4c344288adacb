// One step of a declared case: what the definition asks for first, everything else that may be stated
// below it. What was typed stays until it is sent; a step of two persons says so.
import { useState } from 'preact/hooks'
import type { Case, CaseType } from '#api'
import { Dialog, say } from '../../kit/dialog'
import { Button, Buttons, FaultSummary, Faults, TextArea, TextField } from '../../kit/form'
import { Notice } from '../../kit/page'
import { call, Problem } from '../../lib/api'
import { eventLabel, fieldOf, label, objectLabel, objectOf, transitionsOf, type CaseObject, type TypeField } from '../../lib/case_types'
import { t } from '../../lib/i18n'
import { useAction } from '../../lib/use'
import { byField, FieldInput, valuesOf, type Values } from './fields'

export interface Step {
  object: string
  /** Absent: a new object of that kind. */
  target?: CaseObject
  event: string
}

const OF_ALL = ['add', 'change', 'correct', 'correct_finding', 'update', 'add_by_requested']

export function StepDialog({ type, file, step, onClose, onDone }: { type: CaseType; file: Case; step: Step; onClose: () => void; onDone: (next: Case) => void }) {
  const before = valuesOf(step.target)
  const [values, setValues] = useState<Values>(before)
  const [reason, setReason] = useState('')
  const [document, setDocument] = useState('')
  const [sent, setSent] = useState<string[]>([])
  const [key] = useState(() => crypto.randomUUID())
  const ways = transitionsOf(type, step.object, step.event, step.target?.state ?? '')
  const inputs = new Set(ways.flatMap((way) => way.required_inputs ?? []))
  const fields = objectOf(type, step.object)?.fields ?? []
  const isAsked = (field: TypeField) => inputs.has(field.name) || (field.required_at ?? []).includes(step.event)
  const first = fields.filter((field) => isAsked(field) || OF_ALL.includes(step.event))
  const rest = fields.filter((field) => !first.includes(field))
  const title = step.target ? eventLabel(step.event) : `${eventLabel(step.event)}: ${objectLabel(type, step.object)}`
  const { run, busy, problem } = useAction(async () => {
    const changed = Object.entries(values).filter(([name, value]) => value.trim() !== '' && value !== before[name])
    setSent(changed.map(([name]) => name))
    const body = {
      event: step.event,
      object: step.object,
      ...(step.target && { object_id: step.target.object_id }),
      fields: changed.map(([field, value]) => ({ field, value: value.trim() })),
      ...(reason.trim() && { reason: reason.trim() }),
      ...(document.trim() && { document: document.trim() }),
    }
    const reply = await call<Case>('POST', `/v1/cases/${file.case_id}/acts`, { body, version: file.version, key: `${key}-${file.version}-${JSON.stringify(changed).length}` })
    const waits = (reply.data.pending ?? []).some((one) => one.event === step.event)
    say(waits ? t('linked.prepared') : t('act.done', { step: title }))
    onDone(reply.data)
  })
  const shownProblem = problem && new Problem(problem.status, problem.code, problem.title, problem.detail, byField(problem, sent), problem.requestId)
  const input = (field: TypeField) => (
    <FieldInput key={field.name} field={field} required={isAsked(field)} value={values[field.name] ?? ''} onChange={(value) => setValues({ ...values, [field.name]: value })} />
  )
  const asksReason = inputs.has('reason')
  const asksDocument = inputs.has('document') || ways.some((way) => way.document)
  return (
    <Dialog title={title} onClose={onClose} wide>
      <Faults.Provider value={shownProblem?.errors ?? []}>
        <FaultSummary problem={shownProblem} labels={(pointer) => (pointer.startsWith('/field/') ? label(fieldOf(type, step.object, pointer.slice(7))?.label) : pointer === '/reason' ? t('act.reason') : '')} />
        {ways.some((way) => way.two_persons) && <Notice>{t('linked.twoPersons')}</Notice>}
        <form onSubmit={(event) => { event.preventDefault(); void run() }}>
          {first.map(input)}
          {asksDocument && <TextField label={t('linked.document')} pointer="/document" hint={t('linked.documentHint')} optional={!inputs.has('document')} value={document} onChange={setDocument} maxLength={200} />}
          {asksReason && <TextArea label={t('act.reason')} pointer="/reason" value={reason} onChange={setReason} maxLength={2000} />}
          {first.length === 0 && !asksReason && !asksDocument && <p class="lead">{t('act.sure')}</p>}
          {(rest.length > 0 || !asksReason) && (
            <details>
              <summary>{t('linked.more')}</summary>
              {rest.map(input)}
              {!asksReason && <TextArea label={t('act.reason')} pointer="/reason" optional value={reason} onChange={setReason} maxLength={2000} />}
            </details>
          )}
          <Buttons>
            <Button kind="primary" type="submit" busy={busy}>{title}</Button>
            <Button onClick={onClose}>{t('form.cancel')}</Button>
          </Buttons>
        </form>
      </Faults.Provider>
    </Dialog>
  )
}
