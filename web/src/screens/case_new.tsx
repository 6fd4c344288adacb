// A new case of a declared type: which one, how it is handled, and what is known so far.
import { useState } from 'preact/hooks'
import type { Case, CaseType } from '#api'
import { Button, Buttons, FaultSummary, Faults, Select } from '../kit/form'
import { Await, Page } from '../kit/page'
import { Card } from '../kit/show'
import { call, Problem } from '../lib/api'
import { fieldOf, label, readType, readTypes, rootOf, typeOptions } from '../lib/case_types'
import { options } from '../lib/codes'
import { t } from '../lib/i18n'
import { go, place, setQuery } from '../lib/router'
import { useStore } from '../lib/store'
import { useAction, useLoad } from '../lib/use'
import { byField, FieldInput, type Values } from './linked/fields'

export default function CaseNew() {
  const chosen = useStore(place).search.get('type') ?? ''
  const types = useLoad('case types', (signal) => readTypes(signal))
  const type = useLoad<CaseType | null>(`case type ${chosen}`, async (signal) => (chosen ? await readType(chosen, 0, signal) : null))
  return (
    <Page title={t('linked.open')} lead={t('linked.openText')}>
      <Await from={types}>
        {() => (
          <div class="narrow">
            <Select label={t('linked.type')} value={chosen} onChange={(value) => setQuery({ type: value || undefined })} options={typeOptions()} />
            {chosen && <Await from={type}>{(found) => found && <Form type={found} key={found.type} />}</Await>}
          </div>
        )}
      </Await>
    </Page>
  )
}

function Form({ type }: { type: CaseType }) {
  const root = rootOf(type)
  const [values, setValues] = useState<Values>({})
  const [handling, setHandling] = useState('H1')
  const [sent, setSent] = useState<string[]>([])
  const [key] = useState(() => crypto.randomUUID())
  const { run, busy, problem } = useAction(async () => {
    const given = Object.entries(values).filter(([, value]) => value.trim() !== '')
    setSent(given.map(([name]) => name))
    const body = { type: type.type, handling_code: handling, fields: given.map(([field, value]) => ({ field, value: value.trim() })) }
    const made = await call<Case>('POST', '/v1/cases', { body, key: `${key}-${JSON.stringify(body).length}` })
    go(`/cases/${made.data.case_id}`, true)
  })
  const shownProblem = problem && new Problem(problem.status, problem.code, problem.title, problem.detail, byField(problem, sent), problem.requestId)
  const first = root.fields.filter((field) => (field.required_at ?? []).includes('open') || type.heading?.includes(field.name))
  const rest = root.fields.filter((field) => !first.includes(field))
  const input = (field: (typeof root.fields)[number]) => (
    <FieldInput key={field.name} field={field} required={(field.required_at ?? []).includes('open')} value={values[field.name] ?? ''} onChange={(value) => setValues({ ...values, [field.name]: value })} />
  )
  return (
    <Faults.Provider value={shownProblem?.errors ?? []}>
      <FaultSummary problem={shownProblem} labels={(pointer) => (pointer.startsWith('/field/') ? label(fieldOf(type, root.name, pointer.slice(7))?.label) : '')} />
      <form onSubmit={(event) => { event.preventDefault(); void run() }}>
        <Select label={t('linked.handling')} pointer="/handling_code" value={handling} onChange={setHandling} options={options('handling-codes')} />
        {first.length > 0 && <Card title={label(type.title)}>{first.map(input)}</Card>}
        <details>
          <summary>{t('linked.more')}</summary>
          {rest.map(input)}
        </details>
        <Buttons>
          <Button kind="primary" type="submit" busy={busy}>{t('linked.open')}</Button>
          <Button onClick={() => go('/cases')}>{t('form.cancel')}</Button>
        </Buttons>
      </form>
    </Faults.Provider>
  )
}
