// "Seen elsewhere": requests that look like the same firearm. The own agency's are shown with the number as
// it was written there; of others' only that there is one, and whom to ask.
import { useEffect, useState } from 'preact/hooks'
import type { Match, MatchList, SerialSearchResult, TraceRequest } from '#api'
import { say } from '../../kit/dialog'
import { Button, Buttons, FaultSummary } from '../../kit/form'
import { Card, StateTag } from '../../kit/show'
import { get, post, query } from '../../lib/api'
import { t, tx } from '../../lib/i18n'
import { enough, searchSerial } from '../../lib/serial'
import { can } from '../../lib/session'
import { useAction, useLoad } from '../../lib/use'
import { firearmTitle } from '../../lib/work'
import { Band, Contact, fieldNames } from './hits'

interface Given {
  serial?: string
  make?: string
  calibre?: string
  except?: string
  request?: TraceRequest | null
}

/** The last of values that come quickly: nothing is asked while somebody types. */
function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), 350)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}

export function SeenElsewhere({ serial, make, calibre, except, request }: Given) {
  const asked = useSettled(JSON.stringify({ serial, make, calibre }))
  const wanted = JSON.parse(asked) as { serial?: string; make?: string; calibre?: string }
  const searches = can('serial_search') && enough(wanted.serial) && !/[?*{}]/.test(wanted.serial!)
  const hits = useLoad(`serial ${searches} ${asked}`, async (signal) =>
    searches ? (await searchSerial(wanted, signal).catch(() => null))?.items.filter((item) => item.case_id !== except) ?? [] : [],
  )
  const watched = request && can('match_list') ? request.case_id : ''
  const matches = useLoad(`matches of ${watched}`, async (signal) =>
    watched ? (await get<MatchList>('/v1/matches' + query({ case_id: watched, limit: 20 }), signal)).items.filter((match) => match.state !== 'rejected') : [],
  )
  const noted = useAction(async (other: string) => {
    await post<Match>('/v1/matches', { case_id: request!.case_id, other_case_id: other })
    say(t('match.noted'))
    matches.reload()
  })
  // Of other agencies' cases a search for an own request tells that there are any, and whom to ask.
  const abroad = useAction(async () => {
    const found = await searchSerial({ ...wanted, caseId: request!.case_id })
    setAsked(found)
    matches.reload()
  })
  const [answer, setAsked] = useState<SerialSearchResult | null>(null)
  const duplicates = request?.likely_duplicates ?? []
  const shown = new Set(duplicates.map((one) => one.case_id))
  const others = (matches.data ?? []).filter((match) => !match.newer.case_id || !match.older.case_id)
  if (!searches && duplicates.length === 0 && others.length === 0) return null
  const together = new Set((matches.data ?? []).flatMap((match) => [match.newer.case_id, match.older.case_id]))
  const own = (hits.data ?? []).filter((item) => !shown.has(item.case_id))
  return (
    <Card title={t('elsewhere.title')}>
      <p role="status" class={own.length ? '' : 'muted'}>
        {hits.loading && !hits.data ? t('state.loading') : t('elsewhere.count', { n: own.length })}
      </p>
      <ul class="hits">
        {own.map((item) => (
          <li key={item.case_id}>
            <a href={`/requests/${item.case_id}`}>{firearmTitle(item.firearm) || item.number}</a>
            <span class="tags">
              <Band band={item.band} score={item.score} />
              <StateTag state={item.state} />
            </span>
            <span class="small">
              <span class="mono">{item.firearm.serial_raw}</span> · {item.fields.filter((field) => field.field === 'serial').map((field) => tx(`rule.${field.rule}`, {}, field.rule))}
            </span>
            {request && together.has(item.case_id) && <span class="small muted">{t('match.isNoted')}</span>}
            {request && can('match_note') && !together.has(item.case_id) && (
              <Button small kind="quiet" busy={noted.busy} onClick={() => void noted.run(item.case_id)}>
                {t('match.note')}
              </Button>
            )}
          </li>
        ))}
        {duplicates.map((one) => (
          <li key={`d${one.case_id}`}>
            <a href={`/requests/${one.case_id}`}>{one.number ?? one.case_id}</a>
            <span class="small">{t('elsewhere.duplicate')}</span>
          </li>
        ))}
        {others.map((match) => {
          const side = match.newer.case_id ? match.older : match.newer
          return (
            <li key={match.match_id}>
              <strong>{tx(`match.kind.${match.kind}`)}</strong>
              <Band band={match.band} score={match.score} />
              <span class="small">{[side.agency_name ?? side.agency, t('match.agreeing', { fields: fieldNames(match.agreeing) })].filter(Boolean).join(' · ')}</span>
              <Contact email={side.contact_email} phone={side.contact_phone} />
            </li>
          )
        })}
      </ul>
      <FaultSummary problem={noted.problem ?? abroad.problem} />
      {answer && (
        <p role="status" class="small">
          {t('elsewhere.others', { n: answer.pointers.length })}
        </p>
      )}
      {watched && (
        <Buttons>
          {searches && (
            <Button small busy={abroad.busy} onClick={() => void abroad.run()}>
              {t('elsewhere.ask')}
            </Button>
          )}
          <a href={`/matches?tab=open&case_id=${watched}`}>{t('match.ofRequest')}</a>
        </Buttons>
      )}
    </Card>
  )
}
