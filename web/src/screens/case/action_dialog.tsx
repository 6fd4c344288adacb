// One step: what it asks for, whom it tells, and the button that says so. Text is kept until it is sent.
import { useState } from 'preact/hooks'
import { Dialog, say } from '../../kit/dialog'
import { Button, Buttons, Check, FaultSummary, Faults, fieldId, Select, TextArea, TextField } from '../../kit/form'
import { call } from '../../lib/api'
import { dropDraft, keepDraft, readDraft } from '../../lib/drafts'
import { list, t, tx } from '../../lib/i18n'
import { go } from '../../lib/router'
import { agencyName } from '../../lib/session'
import { useAction } from '../../lib/use'
import type { Action, ActionField, Values } from './actions'

export function ActionDialog({ action, onClose, onDone }: { action: Action; onClose: () => void; onDone: () => void }) {
  const draft = `act.${action.id}`
  const [values, setValues] = useState<Values>(readDraft<Values>(draft) ?? {})
  const [key] = useState(() => crypto.randomUUID())
  const set = (name: string, value: string | string[]) => {
    const next = { ...values, [name]: value }
    setValues(next)
    keepDraft(draft, next)
  }
  const { run, busy, problem } = useAction(async () => {
    await call('POST', action.path, { body: action.body(values), version: action.version, key: `${key}-${action.version ?? 0}` })
    dropDraft(draft)
    say(t('act.done', { step: action.title }))
    onDone()
  })
  const stale = problem?.status === 412
  return (
    <Dialog title={action.title} onClose={onClose}>
      <Faults.Provider value={problem?.errors ?? []}>
        {!stale && <FaultSummary problem={problem} labels={(pointer) => labelOf(action, pointer)} />}
        {stale && (
          <div class="notice warn" role="alert">
            <p class="notice-title">{problem.title}</p>
            <p>{t('act.stale')}</p>
            <Button onClick={onDone}>{t('act.readAgain')}</Button>
          </div>
        )}
        <form
          onSubmit={(event) => {
            event.preventDefault()
            void run()
          }}
        >
          {action.fields.length === 0 && <p class="lead">{tx(`stepText.${action.event}`, {}, t('act.sure'))}</p>}
          {action.fields.map((field) => (
            <Input key={field.name} field={field} value={values[field.name]} onChange={(value) => set(field.name, value)} />
          ))}
          {action.to && action.to.length > 0 && (
            <p class="recipients">
              <span class="muted">{t('act.visibleTo')}</span> {list([...new Set(action.to)].map(agencyName))}
            </p>
          )}
          <Buttons>
            <Button kind={action.danger ? 'danger' : 'primary'} type="submit" busy={busy}>
              {action.title}
            </Button>
            <Button onClick={onClose}>{t('form.cancel')}</Button>
          </Buttons>
        </form>
      </Faults.Provider>
    </Dialog>
  )
}

function labelOf(action: Action, pointer: string): string {
  return action.fields.find((field) => pointer === `/${field.name}` || (field.name === 'where' && /country|agency/.test(pointer)))?.label ?? ''
}

function Input({ field, value, onChange }: { field: ActionField; value: Values[string] | undefined; onChange: (value: string | string[]) => void }) {
  const common = { label: field.label, hint: field.hint, optional: field.optional, pointer: `/${field.name}` }
  const text = typeof value === 'string' ? value : ''
  if (field.kind === 'area') return <TextArea {...common} value={text} onChange={onChange} />
  if (field.kind === 'select') {
    return <Select {...common} options={field.options?.() ?? []} value={text} onChange={onChange} groupName={field.groups ? (group) => tx(`${field.groups}.${group}`, {}, group) : undefined} />
  }
  if (field.kind === 'checks') {
    const chosen = Array.isArray(value) ? value : []
    return (
      <fieldset class="field" id={fieldId(common.pointer)} tabIndex={-1}>
        <legend>{field.label}</legend>
        <div class="check-grid">
          {(field.options?.() ?? []).map((option) => (
            <Check
              key={option.value}
              label={option.label}
              checked={chosen.includes(option.value)}
              onChange={(on) => onChange(on ? [...chosen, option.value] : chosen.filter((one) => one !== option.value))}
            />
          ))}
        </div>
      </fieldset>
    )
  }
  return <TextField {...common} type={field.kind === 'date' ? 'date' : 'text'} width={field.kind === 'date' ? 'short' : 'long'} value={text} onChange={onChange} />
}

/** Buttons of steps: the main ones, then the others behind "More". */
export function useActions(onDone: () => void) {
  const [open, setOpen] = useState<Action | null>(null)
  const start = (action: Action) => (action.href ? go(action.href) : setOpen(action))
  const dialog = open && (
    <ActionDialog
      key={open.id}
      action={open}
      onClose={() => setOpen(null)}
      onDone={() => {
        setOpen(null)
        onDone()
      }}
    />
  )
  return { start, dialog }
}
