// What the request screen shows, read from either side: the asker's request with its legs, or the one
// leg that somebody was asked.
import type { Leg, Question, Timeline, TraceContent, TraceRequest } from '#api'
import { all, get } from '../../lib/api'
import { can, meet } from '../../lib/session'

export type Entry = Timeline['items'][number]

export interface CaseView {
  side: 'asking' | 'asked'
  caseId: string
  number: string
  state: string
  owner: string
  ownerCountry: string
  content: TraceContent | Question | undefined
  withheld: string[]
  request: TraceRequest | null
  legs: Leg[]
  timeline: Entry[]
}

async function timelineOf(caseId: string): Promise<Entry[]> {
  if (!can('trace_timeline')) return []
  try {
    return await all<Entry>(`/v1/trace-requests/${caseId}/timeline`, {}, 1000)
  } catch {
    return [] // not for this person: the page is complete without it
  }
}

async function legOf(id: string, signal: AbortSignal): Promise<Leg> {
  const leg = await get<Leg>(`/v1/legs/${id}`, signal)
  meet(leg.asking_agency, leg.asking_agency_name)
  meet(leg.asked_agency, leg.asked_agency_name)
  return leg
}

export async function readRequest(id: string, signal: AbortSignal): Promise<CaseView> {
  const [request, timeline] = await Promise.all([get<TraceRequest>(`/v1/trace-requests/${id}`, signal), timelineOf(id)])
  const legs = can('leg_read')
    ? await Promise.all(request.legs.map((leg) => legOf(leg.leg_id, signal).catch(() => leg)))
    : request.legs
  return {
    side: 'asking',
    caseId: request.case_id,
    number: request.number,
    state: request.state,
    owner: request.owner_agency,
    ownerCountry: request.owner_country,
    content: request.content,
    withheld: request.withheld_groups ?? [],
    request,
    legs,
    timeline,
  }
}

export async function readLeg(id: string, signal: AbortSignal): Promise<CaseView> {
  const leg = await legOf(id, signal)
  return {
    side: 'asked',
    caseId: leg.case_id,
    number: leg.number,
    state: leg.state,
    owner: leg.asking_agency,
    ownerCountry: leg.asking_country,
    content: leg.question,
    withheld: leg.withheld_groups ?? [],
    request: null,
    legs: [leg],
    timeline: await timelineOf(leg.case_id),
  }
}

export const standing = (leg: Leg) => (leg.answers ?? []).filter((answer) => !answer.superseded_by && !answer.recalled_at)
export const openQuestion = (leg: Leg) => (leg.clarifications ?? []).find((one) => !one.reply)
