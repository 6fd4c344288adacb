// Every step of a request or a leg that a person may take: where it is sent, what it asks for. The
// server says which of them are possible now (next_steps); this table says how they look.
import type { Answer, Leg, Operation, StepEvent, TraceRequest } from '#api'
import { countryOptions, options, type Option } from '../../lib/codes'
import { t, tx } from '../../lib/i18n'
import { agencies, can } from '../../lib/session'
import { standing } from './data'

export type Values = Record<string, string | boolean | string[]>

export interface ActionField {
  name: string
  kind: 'text' | 'area' | 'date' | 'select' | 'checks'
  label: string
  hint?: string
  optional?: boolean
  options?: () => Option[]
  groups?: string
}

export interface Action {
  id: string
  event: StepEvent
  title: string
  path: string
  /** Of the leg or the request, for If-Match; none where the interface asks for none. */
  version?: number
  fields: ActionField[]
  body: (values: Values) => unknown
  danger?: boolean
  primary?: boolean
  /** Opens a page of its own instead of a dialog. */
  href?: string
  /** Whom the step tells. */
  to?: string[]
}

const given = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== '' && value !== false && !(Array.isArray(value) && value.length === 0)))

const text = (label = t('act.reason'), optional = false): ActionField => ({ name: 'text', kind: 'area', label, optional })
const target = (): ActionField[] => [
  {
    name: 'where',
    kind: 'select',
    label: t('act.where'),
    hint: t('act.whereHint'),
    options: () => [
      ...countryOptions().map((option) => ({ ...option, value: `country:${option.value}`, group: 'countries' })),
      ...[...agencies.get().values()].map((agency) => ({ value: `agency:${agency.agency}`, label: agency.name, group: 'agencies' })),
    ],
    groups: 'where',
  },
]
const placeOf = (values: Values): Values => {
  const [kind = '', code = ''] = String(values['where'] ?? '').split(':')
  return { [kind || 'country']: code, text: values['text'] ?? '' }
}

const FIELDS_TO_ASK = [
  'firearm.serial_raw', 'firearm.marks', 'firearm.make_text', 'firearm.model_text', 'firearm.calibre_text', 'firearm.type_code',
  'firearm.importer_text', 'firearm.import_country', 'firearm.origin_country', 'recovery.recovered_on', 'recovery.circumstances', 'legal_basis',
]
export const askable = (): Option[] => FIELDS_TO_ASK.map((value) => ({ value, label: tx(`ask.${value}`) }))

const withholding = (): ActionField[] => [
  { name: 'reason_code', kind: 'select', label: t('act.ground'), options: () => options('refusal-reasons') },
  { name: 'text', kind: 'area', label: t('act.reason'), optional: true },
  { name: 'appeal_to', kind: 'text', label: t('act.appealTo'), optional: true },
]

interface Spec {
  needs: Operation
  path: string
  fields?: () => ActionField[]
  body?: (values: Values) => unknown
  danger?: boolean
  primary?: boolean
}

const REQUEST: Partial<Record<StepEvent, Spec>> = {
  submit: { needs: 'trace_submit', path: 'submission', primary: true },
  resubmit: { needs: 'trace_submit', path: 'submission', primary: true },
  approve: { needs: 'trace_approve', path: 'approval', primary: true },
  endorse: { needs: 'trace_approve', path: 'approval', primary: true },
  return: { needs: 'trace_return', path: 'return', fields: () => [text(t('act.whatToCorrect'))] },
  add_leg: { needs: 'trace_add_leg', path: 'legs', fields: () => [...target(), text(t('act.note'), true)], body: placeOf },
  close: {
    needs: 'trace_close',
    path: 'closure',
    primary: true,
    fields: () => [
      { name: 'outcome_code', kind: 'select', label: t('field.outcome'), options: () => options('outcome-codes'), groups: 'outcomeGroup' },
      text(t('act.note'), true),
    ],
  },
  withdraw: { needs: 'trace_withdraw', path: 'withdrawal', danger: true, fields: () => [text()] },
  mark_duplicate: {
    needs: 'trace_mark_duplicate',
    path: 'duplicate',
    fields: () => [{ name: 'lead_case_id', kind: 'text', label: t('act.lead'), hint: t('act.leadHint') }, text(t('act.note'), true)],
  },
  reopen: { needs: 'trace_reopen', path: 'reopening', fields: () => [text()] },
  change_handling: {
    needs: 'trace_handling',
    path: 'handling',
    fields: () => [
      { name: 'handling_code', kind: 'select', label: t('field.handling'), options: () => options('handling-codes') },
      { name: 'handling_text', kind: 'area', label: t('act.handlingText'), optional: true },
    ],
  },
}

const LEG: Partial<Record<StepEvent, Spec>> = {
  acknowledge: { needs: 'leg_acknowledge', path: 'acknowledgement', primary: true },
  assign: { needs: 'leg_assign', path: 'assignment', primary: true, body: () => ({}) },
  ask: {
    needs: 'leg_ask',
    path: 'clarifications',
    fields: () => [
      { name: 'question', kind: 'area', label: t('act.question') },
      { name: 'fields', kind: 'checks', label: t('act.about'), options: askable },
    ],
  },
  reply: { needs: 'leg_reply', path: 'clarification-reply', primary: true, fields: () => [text(t('act.reply'))] },
  delay: {
    needs: 'leg_delay',
    path: 'delay',
    fields: () => [withholding()[0]!, { name: 'review_on', kind: 'date', label: t('act.reviewOn') }, ...withholding().slice(1)],
  },
  resume: { needs: 'leg_resume', path: 'resumption', primary: true },
  refuse: { needs: 'leg_refuse', path: 'refusal', danger: true, fields: withholding },
  forward: { needs: 'leg_forward', path: 'forward', fields: () => [...target(), text(t('act.note'), true)], body: placeOf },
  offer_forward: { needs: 'leg_forward', path: 'forward', fields: () => [...target(), text(t('act.note'), true)], body: placeOf },
  decline_forward: { needs: 'leg_forward', path: 'forward', fields: () => [text(t('act.note'), true)], body: (values) => ({ decline: true, ...given(values) }) },
  appeal: { needs: 'leg_appeal', path: 'appeal', fields: () => [text()] },
  uphold_appeal: { needs: 'leg_appeal_decide', path: 'appeal-decision', fields: () => [text(t('act.note'), true)], body: (values) => ({ decision: 'accepted', ...given(values) }) },
  dismiss_appeal: { needs: 'leg_appeal_decide', path: 'appeal-decision', fields: () => [text()], body: (values) => ({ decision: 'rejected', ...given(values) }) },
}

function made(spec: Spec, event: StepEvent, id: string, path: string, version: number | undefined, to: string[]): Action {
  return {
    id: `${event}-${id}`,
    event,
    title: tx(`step.${event}`),
    path: `${path}/${spec.path}`,
    version,
    fields: spec.fields?.() ?? [],
    body: spec.body ?? ((values) => (spec.fields ? given(values) : undefined)),
    danger: spec.danger,
    primary: spec.primary,
    to,
  }
}

export function requestActions(request: TraceRequest): Action[] {
  const to = [request.owner_agency, ...request.legs.map((leg) => leg.asked_agency)]
  return request.next_steps.flatMap((event) => {
    const spec = REQUEST[event]
    return spec && can(spec.needs) ? [made(spec, event, request.case_id, `/v1/trace-requests/${request.case_id}`, request.version, to)] : []
  })
}

export function legActions(leg: Leg): Action[] {
  const to = [leg.asking_agency, leg.asked_agency]
  const steps = new Set(leg.next_steps)
  // Offering is the same form as forwarding: the server takes it for what consent allows.
  if (steps.has('forward')) steps.delete('offer_forward')
  const found = [...steps].flatMap((event) => {
    const spec = LEG[event]
    return spec && can(spec.needs) ? [made(spec, event, leg.leg_id, `/v1/legs/${leg.leg_id}`, leg.version, to)] : []
  })
  if (can('leg_answer') && (steps.has('answer') || steps.has('hold_answer') || steps.has('no_record') || steps.has('answer_part'))) {
    found.unshift({
      id: `answer-${leg.leg_id}`, event: 'answer', title: t('step.answer'), path: '', fields: [], body: () => undefined, primary: true, href: `/legs/${leg.leg_id}/answer`,
    })
  }
  return found
}

/** Steps about one answer: release by the second person, correction, recall, restriction. */
export function answerActions(leg: Leg, answer: Answer): Action[] {
  const steps = new Set(leg.next_steps)
  const path = `/v1/answers/${answer.answer_id}`
  const to = [leg.asking_agency, leg.asked_agency]
  const found: Action[] = []
  const add = (event: StepEvent, needs: Operation, spec: Omit<Spec, 'needs' | 'path'> & { path: string }) => {
    if (can(needs)) found.push(made({ ...spec, needs }, event, answer.answer_id, path, undefined, to))
  }
  if (answer.approval === 'pending') {
    if (steps.has('release') || steps.has('release_part')) {
      add('release', 'answer_approve', { path: 'approval', primary: true, body: () => ({ decision: 'accepted' }) })
    }
    if (steps.has('reject_answer')) {
      add('reject_answer', 'answer_approve', { path: 'approval', danger: true, fields: () => [text()], body: (values) => ({ decision: 'rejected', ...given(values) }) })
    }
    return found
  }
  if (!standing(leg).includes(answer)) return found
  if (steps.has('correct_answer') && can('answer_correct')) {
    found.push({
      id: `correct-${answer.answer_id}`, event: 'correct_answer', title: t('step.correct_answer'), path: '', fields: [], body: () => undefined,
      href: `/legs/${leg.leg_id}/answer?corrects=${answer.answer_id}`,
    })
  }
  if (steps.has('recall_answer')) add('recall_answer', 'answer_recall', { path: 'recall', danger: true, fields: () => [text()] })
  if (steps.has('restrict')) {
    add('restrict', 'answer_restrict', {
      path: 'restriction',
      fields: () => [...withholding(), { name: 'groups', kind: 'checks', label: t('act.groups'), options: () => options('field-groups') }],
    })
  }
  return found
}
