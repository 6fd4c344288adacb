// The seven sections of a trace request and their fields, once: the task list, the section forms, the
// check page and the merge screen are all drawn from this table.
import { countryOptions, options, type Option } from '../../lib/codes'
import { country, name } from '../../lib/codes'
import { partialDate } from '../../lib/format'
import { t, tx } from '../../lib/i18n'
import { agencyName } from '../../lib/session'

export type Content = Record<string, unknown>

export interface FormField {
  /** JSON Pointer into the request. */
  pointer: string
  kind: 'text' | 'area' | 'select' | 'date' | 'check' | 'country' | 'groups' | 'recipients' | 'marks' | 'make'
  label: string
  hint?: string
  list?: string
  mono?: boolean
  optional?: boolean
  when?: (content: Content) => boolean
}
export interface Section {
  id: string
  title: string
  text?: string
  optional?: boolean
  fields: FormField[]
}

const field = (kind: FormField['kind'], pointer: string, key: string, more: Partial<FormField> = {}): FormField => ({
  kind,
  pointer,
  label: tx(`field.${key}`),
  optional: true,
  ...more,
})

const damaged = (content: Content) => ['partial', 'obliterated', 'restored'].includes(String(at(content, '/firearm/serial_condition') ?? ''))
const urgent = (content: Content) => at(content, '/priority') === 'urgent'

export const sections = (): Section[] => [
  {
    id: 'firearm',
    title: t('form.s.firearm'),
    text: t('form.s.firearmText'),
    fields: [
      field('text', '/firearm/serial_raw', 'serial', { mono: true, hint: t('field.serialHint') }),
      field('select', '/firearm/serial_condition', 'condition', { optional: false, list: 'serial-conditions' }),
      field('make', '/firearm/make_text', 'make', { optional: false }),
      field('text', '/firearm/model_text', 'model'),
      field('select', '/firearm/type_code', 'type', { optional: false, list: 'type-codes' }),
      field('text', '/firearm/calibre_text', 'calibre', { optional: false, list: 'calibres' }),
      field('country', '/firearm/origin_country', 'origin'),
    ],
  },
  {
    id: 'marks',
    title: t('form.s.marks'),
    text: t('form.s.marksText'),
    fields: [
      field('text', '/firearm/importer_text', 'importer', { when: (content) => at(content, '/firearm/importer_mark_absent') !== true }),
      field('check', '/firearm/importer_mark_absent', 'importerAbsent'),
      field('country', '/firearm/import_country', 'importCountry'),
      field('marks', '/firearm/marks', 'marks'),
      field('select', '/firearm/obliteration/method', 'obliteration', { list: 'obliteration-methods', when: damaged }),
      field('text', '/firearm/obliteration/partial_characters', 'partial', { mono: true, hint: t('field.partialHint'), when: damaged }),
      field('select', '/firearm/obliteration/lab_result', 'lab', { list: 'lab-results', when: damaged }),
      field('area', '/firearm/remarks', 'remarks'),
    ],
  },
  {
    id: 'recovery',
    title: t('form.s.recovery'),
    fields: [
      field('date', '/recovery/recovered_on', 'recoveredOn', { optional: false }),
      field('country', '/recovery/country', 'recoveryCountry', { optional: false }),
      field('text', '/recovery/area', 'area'),
      field('text', '/recovery/place', 'place'),
      field('area', '/recovery/circumstances', 'circumstances'),
      field('check', '/recovery/crime_gun', 'crimeGun'),
    ],
  },
  {
    id: 'people',
    title: t('form.s.people'),
    text: t('form.s.peopleText'),
    optional: true,
    fields: [
      field('text', '/possessor/family_name', 'familyName'),
      field('text', '/possessor/given_names', 'givenNames'),
      field('date', '/possessor/birth_date', 'birthDate'),
      field('country', '/possessor/nationality', 'nationality'),
      field('text', '/possessor/id_number', 'idNumber'),
      field('text', '/vehicle/plate', 'plate'),
    ],
  },
  {
    id: 'purpose',
    title: t('form.s.purpose'),
    fields: [
      field('select', '/purpose', 'purpose', { list: 'purposes', optional: false }),
      field('text', '/legal_basis', 'legalBasis', { optional: false }),
      field('select', '/offence_code', 'offence', { optional: false, list: 'offence-categories' }),
      field('select', '/illicit_ground', 'illicit', { list: 'illicit-grounds' }),
      field('text', '/intended_use', 'use'),
      field('select', '/priority', 'priority', { optional: false, list: 'priorities' }),
      field('select', '/urgent_ground', 'urgentGround', { list: 'urgent-grounds', when: urgent }),
      field('area', '/urgent_justification', 'urgentWhy', { when: urgent }),
      field('text', '/agency_case_no', 'ownNumber'),
      field('text', '/requester_name', 'requester'),
    ],
  },
  {
    id: 'recipients',
    title: t('form.s.recipients'),
    text: t('form.s.recipientsText'),
    fields: [
      field('recipients', '/recipients', 'recipients', { optional: false }),
      field('groups', '/requested_groups', 'asked', { optional: false }),
      field('groups', '/shared_groups', 'shared', { optional: false, hint: t('field.sharedHint') }),
      field('select', '/handling_code', 'handling', { optional: false, list: 'handling-codes' }),
      field('check', '/forward_consent', 'forwardConsent'),
      field('check', '/sensitive', 'sensitive'),
    ],
  },
]

export function at(content: unknown, pointer: string): unknown {
  return pointer.split('/').slice(1).reduce<unknown>((value, part) => (value as Content | undefined)?.[part], content)
}

/** A copy with the value set; empty texts and lists remove the member, and objects that became empty. */
export function put(content: Content, pointer: string, value: unknown): Content {
  const [head = '', ...rest] = pointer.split('/').slice(1)
  const copy = { ...content }
  const next = rest.length ? put((copy[head] as Content | undefined) ?? {}, '/' + rest.join('/'), value) : value
  const none = next === '' || next === undefined || (Array.isArray(next) && next.length === 0) || (rest.length > 0 && Object.keys(next as Content).length === 0)
  if (none) delete copy[head]
  else copy[head] = next
  return copy
}

export const shownFields = (section: Section, content: Content): FormField[] => section.fields.filter((one) => !one.when || one.when(content))
export const allFields = (): FormField[] => sections().flatMap((section) => section.fields)

/** A value as a person reads it. */
export function words(field: FormField, value: unknown): string {
  if (value === undefined || value === null || value === '') return ''
  switch (field.kind) {
    case 'check':
      return value ? t('form.yes') : t('form.no')
    case 'country':
      return country(String(value))
    case 'date':
      return partialDate(String(value))
    case 'select':
      return name(field.list!, String(value))
    case 'groups':
      return (value as string[]).map((group) => name('field-groups', group)).join(', ')
    case 'recipients':
      return (value as { country?: string; agency?: string }[]).map((one) => (one.country ? country(one.country) : agencyName(one.agency))).join(', ')
    case 'marks':
      return (value as { kind: string; text?: string }[]).map((mark) => [name('mark-kinds', mark.kind), mark.text].filter(Boolean).join(': ')).join('; ')
    default:
      return String(value)
  }
}

export const choices = (field: FormField): Option[] => (field.kind === 'country' ? countryOptions() : field.list ? options(field.list) : [])
