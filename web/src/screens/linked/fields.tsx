// Fields of a declared object: as they are read, and as they are filled in, each by its type.
import type { Violation } from '#api'
import { Check, Field, fieldId, Select, TextArea, TextField } from '../../kit/form'
import type { Row } from '../../kit/show'
import type { Problem } from '../../lib/api'
import { label, type CaseObject, type TypeField } from '../../lib/case_types'
import { country, countryOptions, name, options, type Option } from '../../lib/codes'
import { partialDate } from '../../lib/format'
import { list, t } from '../../lib/i18n'

export type Values = Record<string, string>

/** "300000.00 USD" as the reader writes amounts is left to the text: no digit of evidence is rounded. */
export function shown(field: TypeField | undefined, value: string): string {
  switch (field?.type) {
    case 'code':
      return name(field.list ?? '', value)
    case 'codes':
      return list(value.split('|').map((code) => name(field.list ?? '', code)))
    case 'country':
      return country(value)
    case 'countries':
      return value.split('|').map(country).join(' → ')
    case 'date':
      return partialDate(value)
    case 'flag':
      return value === 'true' ? t('form.yes') : t('form.no')
    default:
      return value
  }
}

export const rowsOf = (fields: TypeField[], object: CaseObject): Row[] =>
  fields.flatMap((field): Row[] => {
    const found = object.fields?.find((one) => one.field === field.name)
    return found ? [[label(field.label), shown(field, found.value)]] : []
  })

export const valuesOf = (object: CaseObject | undefined): Values =>
  Object.fromEntries((object?.fields ?? []).map((field) => [field.field, field.value]))

/** What the server says of the n-th value, said of its field. */
export function byField(problem: Problem | null, sent: string[]): Violation[] {
  return (problem?.errors ?? []).map((fault) => {
    const at = /^\/fields\/(\d+)/.exec(fault.pointer)
    const field = at ? sent[Number(at[1])] : undefined
    return field ? { ...fault, pointer: `/field/${field}` } : fault
  })
}

function Several({ field, choices, value, onChange }: { field: TypeField; choices: Option[]; value: string; onChange: (value: string) => void }) {
  const chosen = value ? value.split('|') : []
  return (
    <fieldset class="field wide" id={fieldId(`/field/${field.name}`)} tabIndex={-1}>
      <legend>{label(field.label)}</legend>
      <div class="check-grid">
        {choices.map((one) => (
          <Check key={one.value} label={one.label} checked={chosen.includes(one.value)} onChange={(on) => onChange((on ? [...chosen, one.value] : chosen.filter((code) => code !== one.value)).join('|'))} />
        ))}
      </div>
    </fieldset>
  )
}

/** A route: countries in the order in which they were passed. */
function Countries({ field, value, onChange, optional }: { field: TypeField; value: string; onChange: (value: string) => void; optional: boolean }) {
  const chosen = value ? value.split('|') : []
  return (
    <div class="field">
      <Field label={label(field.label)} pointer={`/field/${field.name}`} hint={t('linked.routeHint')} optional={optional}>
        {(wiring) => (
          <select {...wiring} value="" onChange={(event) => { if (event.currentTarget.value) onChange([...chosen, event.currentTarget.value].join('|')); event.currentTarget.value = '' }}>
            <option value="">{t('form.choose')}</option>
            {countryOptions().map((one) => <option key={one.value} value={one.value}>{one.label}</option>)}
          </select>
        )}
      </Field>
      <ol class="chips">
        {chosen.map((code, i) => (
          <li key={code + i}>
            {country(code)}
            <button type="button" class="icon" aria-label={`${t('form.remove')}: ${country(code)}`} onClick={() => onChange(chosen.filter((_, at) => at !== i).join('|'))}>×</button>
          </li>
        ))}
      </ol>
    </div>
  )
}

const LONG = /text|facts|narrative|statement|inventory|obstacles|steps|reason|definition/

export function FieldInput({ field, value, onChange, required }: { field: TypeField; value: string; onChange: (value: string) => void; required: boolean }) {
  const common = { label: label(field.label), pointer: `/field/${field.name}`, optional: !required, value, onChange }
  switch (field.type) {
    case 'code':
      return <Select {...common} options={options(field.list ?? '')} />
    case 'codes':
      return <Several field={field} choices={options(field.list ?? '')} value={value} onChange={onChange} />
    case 'country':
      return <Select {...common} options={countryOptions()} />
    case 'countries':
      return <Countries field={field} value={value} onChange={onChange} optional={!required} />
    case 'flag':
      return <Select {...common} options={[{ value: 'true', label: t('form.yes') }, { value: 'false', label: t('form.no') }]} />
    case 'date':
      return <TextField {...common} type="date" width="short" />
    case 'integer':
    case 'decimal':
      return <TextField {...common} inputMode="numeric" width="short" />
    case 'money':
      return <TextField {...common} hint={t('linked.moneyHint')} onChange={(text) => onChange(text.toUpperCase())} />
    default:
      return LONG.test(field.name) ? <TextArea {...common} maxLength={8000} /> : <TextField {...common} width="long" maxLength={8000} />
  }
}
