// The two lists that make a queue, own requests and questions from others, as rows of one kind.
import type { FirearmSummary, LegList, Operation, TraceRequestList } from '#api'
import { get, query, type Page } from './api'
import { name } from './codes'
import { can, hasRole, ownId } from './session'

export interface WorkRow {
  kind: 'request' | 'leg'
  id: string
  caseId: string
  number: string
  state: string
  priority: string
  version: number
  firearm: FirearmSummary
  /** Countries: asked by us, or asking us. */
  countries: string[]
  due?: string
  updated: string
  created?: string
  ownNumber?: string
  handler?: string
  outcome?: string
  flags: string[]
}

type RequestItem = TraceRequestList['items'][number]
type LegItem = LegList['items'][number]

export const ofRequest = (item: RequestItem): WorkRow => ({
  kind: 'request',
  id: item.case_id,
  caseId: item.case_id,
  number: item.number,
  state: item.state,
  priority: item.priority,
  version: item.version,
  firearm: item.firearm,
  countries: item.asked_countries,
  due: item.next_due,
  updated: item.updated_at,
  created: item.created_at,
  ownNumber: item.agency_case_no,
  outcome: item.outcome_code,
  flags: [],
})
export const ofLeg = (item: LegItem): WorkRow => ({
  kind: 'leg',
  id: item.leg_id,
  caseId: item.case_id,
  number: item.number,
  state: item.state,
  priority: item.priority,
  version: item.version,
  firearm: item.firearm,
  countries: [item.asking_country],
  due: item.due_at,
  updated: item.updated_at,
  handler: item.handler,
  flags: item.flags ?? [],
})

export const addressOf = (row: WorkRow): string => (row.kind === 'leg' ? `/legs/${row.id}` : `/requests/${row.id}`)

/** "Taurus PT 92 · 9x19 · pistol": what somebody recognises it by. */
export function firearmTitle(firearm: Pick<FirearmSummary, 'make_text' | 'model_text' | 'type_code' | 'calibre_text'> | undefined): string {
  if (!firearm) return ''
  const what = [firearm.make_text, firearm.model_text].filter(Boolean).join(' ')
  return [what || name('type-codes', firearm.type_code), firearm.calibre_text].filter(Boolean).join(' · ')
}

export type Tab = 'mine' | 'agency' | 'waiting' | 'overdue'
export const TABS: Tab[] = ['mine', 'agency', 'waiting', 'overdue']

interface Source {
  operation: Operation
  path: string
  filter: Record<string, string>
}

const requests = (...states: string[]): Source[] =>
  states.map((state) => ({ operation: 'trace_list', path: '/v1/trace-requests', filter: { state } }))
const legs = (filter: Record<string, string>): Source => ({ operation: 'inbox', path: '/v1/inbox', filter })

/** Where the rows of a tab come from, for what this person may do. */
function sources(tab: Tab): Source[] {
  const approves = can('trace_approve')
  const found: Source[] = []
  if (tab === 'mine') {
    found.push(...requests('ANSWERED', 'AWAITING_REQUESTER', 'RETURNED', 'DRAFT'))
    if (approves) found.push(...requests('NATIONAL_REVIEW'))
    if (hasRole('tracing_analyst')) found.push(legs({ handler: ownId() }))
    found.push(legs({ state: 'DELIVERED' }), legs({ state: 'ESCALATED' }))
    if (can('leg_assign')) found.push(legs({ state: 'ACKNOWLEDGED' }))
  } else if (tab === 'waiting') {
    found.push(...requests('SUBMITTED', 'IN_PROGRESS', 'PARTIALLY_ANSWERED', 'REOPENED'))
    if (!approves) found.push(...requests('NATIONAL_REVIEW'))
    found.push(legs({ state: 'CLARIFICATION_REQUESTED' }), legs({ state: 'DELAYED' }))
  } else {
    found.push({ operation: 'trace_list', path: '/v1/trace-requests', filter: {} }, legs({}))
  }
  return found.filter((source) => can(source.operation))
}

export interface Loaded {
  rows: WorkRow[]
  more: boolean
}

const rank = (row: WorkRow): string =>
  `${row.due ? 0 : 1}${row.due ?? ''}${row.priority === 'urgent' ? 0 : 1}${String(9e15 - new Date(row.updated).getTime())}`

/** The first `pages` pages of every source, joined: what is due first stands first. */
export async function loadTab(tab: Tab, pages: number, signal?: AbortSignal): Promise<Loaded> {
  const parts = await Promise.all(
    sources(tab).map(async (source) => {
      const rows: WorkRow[] = []
      let after: string | undefined
      for (let i = 0; i < pages; i++) {
        const page: Page<RequestItem | LegItem> = await get(source.path + query({ ...source.filter, limit: 100, after }), signal)
        rows.push(...page.items.map((item) => ('leg_id' in item ? ofLeg(item) : ofRequest(item))))
        after = page.next
        if (!after) break
      }
      return { rows, more: after !== undefined }
    }),
  )
  const byId = new Map(parts.flatMap((part) => part.rows).map((row) => [row.kind + row.id, row]))
  let rows = [...byId.values()]
  if (tab === 'overdue') rows = rows.filter((row) => row.due && new Date(row.due).getTime() < Date.now())
  return { rows: rows.sort((a, b) => (rank(a) < rank(b) ? -1 : 1)), more: parts.some((part) => part.more) }
}
