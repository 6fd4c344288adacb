// One field of the request form, by its kind.
import { useState } from 'preact/hooks'
import type { Make } from '#api'
import { Button, Check, Field, fieldId, Select, TextArea, TextField } from '../../kit/form'
import { get, query, type Page } from '../../lib/api'
import { countryOptions, name, options } from '../../lib/codes'
import { t } from '../../lib/i18n'
import { agencies, agencyName } from '../../lib/session'
import { choices, type FormField } from './fields'

interface Props {
  field: FormField
  value: unknown
  onChange: (value: unknown) => void
}

export function Input({ field, value, onChange }: Props) {
  const common = { label: field.label, hint: field.hint, optional: field.optional, pointer: field.pointer }
  const text = typeof value === 'string' ? value : ''
  switch (field.kind) {
    case 'area':
      return <TextArea {...common} value={text} onChange={onChange} maxLength={4000} />
    case 'select':
    case 'country':
      return <Select {...common} options={choices(field)} value={text} onChange={onChange} />
    case 'check':
      return (
        <div class="field">
          <Check label={field.label} hint={field.hint} pointer={field.pointer} checked={value === true} onChange={(on) => onChange(on || undefined)} />
        </div>
      )
    case 'groups':
      return <Groups field={field} value={value} onChange={onChange} />
    case 'recipients':
      return <Recipients field={field} value={value} onChange={onChange} />
    case 'marks':
      return <Marks field={field} value={value} onChange={onChange} />
    case 'make':
      return <MakeField field={field} value={value} onChange={onChange} />
    default:
      return (
        <TextField {...common} type={field.kind === 'date' ? 'date' : 'text'} width={field.kind === 'date' ? 'short' : 'medium'} mono={field.mono} list={field.list ? choices(field) : undefined} value={text} onChange={onChange} />
      )
  }
}

function Groups({ field, value, onChange }: Props) {
  const chosen = (value as string[] | undefined) ?? []
  return (
    <fieldset class="field" id={fieldId(field.pointer)} tabIndex={-1}>
      <legend>{field.label}</legend>
      {field.hint && <p class="hint">{field.hint}</p>}
      <div class="check-grid">
        {options('field-groups').map((group) => (
          <Check
            key={group.value}
            label={group.label}
            checked={chosen.includes(group.value)}
            onChange={(on) => onChange(on ? [...chosen, group.value].sort() : chosen.filter((one) => one !== group.value))}
          />
        ))}
      </div>
    </fieldset>
  )
}

type Recipient = { country?: string; agency?: string }
function Recipients({ field, value, onChange }: Props) {
  const chosen = (value as Recipient[] | undefined) ?? []
  const add = (text: string) => {
    if (!text) return
    const [kind = '', code = ''] = text.split(':')
    if (!chosen.some((one) => one.country === code || one.agency === code)) onChange([...chosen, { [kind]: code }])
  }
  return (
    <div class="field">
      <Field label={t('field.addRecipient')} hint={t('field.recipientsHint')} pointer={field.pointer}>
        {(wiring) => (
          <select {...wiring} value="" onChange={(event) => { add(event.currentTarget.value); event.currentTarget.value = '' }}>
            <option value="">{t('form.choose')}</option>
            <optgroup label={t('where.countries')}>
              {countryOptions().map((one) => <option key={one.value} value={`country:${one.value}`}>{one.label}</option>)}
            </optgroup>
            <optgroup label={t('where.agencies')}>
              {[...agencies.get().values()].map((one) => <option key={one.agency} value={`agency:${one.agency}`}>{one.name}</option>)}
            </optgroup>
          </select>
        )}
      </Field>
      <ul class="chips" aria-label={field.label}>
        {chosen.map((one) => {
          const label = one.country ? name('countries', one.country) : agencyName(one.agency)
          return (
            <li key={one.country ?? one.agency}>
              {label}
              <button type="button" class="icon" aria-label={`${t('form.remove')}: ${label}`} onClick={() => onChange(chosen.filter((other) => other !== one))}>×</button>
            </li>
          )
        })}
      </ul>
    </div>
  )
}

type MarkValue = { kind: string; text?: string; place?: string; state?: string }
function Marks({ field, value, onChange }: Props) {
  const marks = (value as MarkValue[] | undefined) ?? []
  const set = (at: number, changes: Partial<MarkValue>) =>
    onChange(marks.map((mark, i) => (i === at ? Object.fromEntries(Object.entries({ ...mark, ...changes }).filter(([, v]) => v)) : mark)))
  return (
    <fieldset class="field wide" id={fieldId(field.pointer)} tabIndex={-1}>
      <legend>{field.label}</legend>
      {marks.map((mark, i) => (
        <div class="fields mark" key={i}>
          <Select label={t('mark.kind')} pointer={`${field.pointer}/${i}/kind`} options={options('mark-kinds')} value={mark.kind} onChange={(kind) => set(i, { kind })} />
          <TextField label={t('mark.text')} pointer={`${field.pointer}/${i}/text`} mono value={mark.text} onChange={(text) => set(i, { text })} />
          <Select label={t('mark.place')} pointer={`${field.pointer}/${i}/place`} options={options('mark-places')} value={mark.place} onChange={(place) => set(i, { place })} />
          <Select label={t('mark.state')} pointer={`${field.pointer}/${i}/state`} options={options('mark-states')} value={mark.state} onChange={(state) => set(i, { state })} />
          <Button small kind="danger" label={t('mark.remove', { n: i + 1 })} onClick={() => onChange(marks.filter((_, other) => other !== i))}>{t('form.remove')}</Button>
        </div>
      ))}
      <Button small onClick={() => onChange([...marks, { kind: 'proof_house' }])}>{t('mark.add')}</Button>
    </fieldset>
  )
}

/** Makes by typing, from the catalogue; any other text is fine too. */
function MakeField({ field, value, onChange }: Props) {
  const [found, setFound] = useState<Make[]>([])
  const ask = async (text: string) => {
    onChange(text)
    if (text.trim().length < 2) return
    try {
      const page = await get<Page<Make>>('/v1/catalogue/makes' + query({ q: text.trim(), limit: 12 }))
      setFound(page.items)
    } catch {
      setFound([])
    }
  }
  return (
    <TextField label={field.label} pointer={field.pointer} optional={field.optional} hint={t('field.makeHint')} list={found.map((make) => ({ value: make.make_id, label: make.name }))} value={typeof value === 'string' ? value : ''} onChange={(text) => void ask(text)} />
  )
}
