// Requests and records that seem to be about one firearm: a person who compares them with the firearm in
// hand confirms or rejects. Of other agencies' cases only whom to ask is shown.
import { useState } from 'preact/hooks'
import type { Match, MatchField, MatchList, MatchSide } from '#api'
import { Dialog, say } from '../kit/dialog'
import { Button, Buttons, Check, FaultSummary, Faults, fieldId, Select, TextArea } from '../kit/form'
import { Await, Empty, Page } from '../kit/page'
import { Tabs, Tag, When } from '../kit/show'
import { call, get, query } from '../lib/api'
import { country } from '../lib/codes'
import { t, tx } from '../lib/i18n'
import { place, setQuery } from '../lib/router'
import { can } from '../lib/session'
import { useStore } from '../lib/store'
import { useAction, useLoad } from '../lib/use'
import { Band, Contact, fieldNames } from './case/hits'

const TABS = ['queue', 'open', 'confirmed', 'rejected'] as const
const KINDS = ['duplicate', 'two_agencies', 'repeat_recovery', 'same_firearm', 'record_hit', 'destroyed_recovered']

export default function Matches() {
  const { search } = useStore(place)
  const tab = TABS.find((one) => one === search.get('tab')) ?? (can('match_decide') ? 'queue' : 'open')
  const kind = search.get('kind') ?? ''
  const asked = { queue: tab === 'queue' ? 'own' : '', state: tab === 'queue' ? 'open' : tab, kind, case_id: search.get('case_id') ?? '' }
  const [pages, setPages] = useState(1)
  const [deciding, setDeciding] = useState<Match | null>(null)
  const found = useLoad<{ items: Match[]; more: boolean }>(`matches ${JSON.stringify(asked)} ${pages}`, async (signal) => {
    const items: Match[] = []
    let after: string | undefined
    for (let i = 0; i < pages; i++) {
      const page = await get<MatchList>('/v1/matches' + query({ ...asked, limit: 50, after }), signal)
      items.push(...page.items)
      after = page.next
      if (!after) break
    }
    return { items, more: !!after }
  })
  return (
    <Page title={t('nav.matches')} wide lead={t('match.lead')}>
      <Tabs
        label={t('nav.matches')}
        current={tab}
        href={(id) => '/matches' + query({ tab: id, kind })}
        tabs={TABS.filter((one) => one !== 'queue' || can('match_decide')).map((id) => ({ id, label: tx(`match.tab.${id}`) }))}
      />
      <div class="filters">
        <Select label={t('match.kind')} empty={t('list.any')} value={kind} onChange={(value) => setQuery({ kind: value || undefined })} options={KINDS.map((value) => ({ value, label: tx(`match.kind.${value}`) }))} />
      </div>
      <Await from={found}>
        {(data) => (
          <>
            <p role="status" class="lead">
              {t('list.count', { n: data.items.length })}
            </p>
            {data.items.length === 0 ? <Empty title={t('match.none')}>{t('match.noneText')}</Empty> : <Table items={data.items} decide={setDeciding} />}
            {data.more && (
              <p class="more">
                <Button busy={found.loading} onClick={() => setPages(pages + 1)}>
                  {t('list.more')}
                </Button>
              </p>
            )}
          </>
        )}
      </Await>
      {deciding && (
        <Decide
          match={deciding}
          onClose={() => setDeciding(null)}
          onDone={() => {
            setDeciding(null)
            found.reload()
          }}
        />
      )}
    </Page>
  )
}

function Side({ side }: { side: MatchSide }) {
  if (side.case_id) return <a href={`/requests/${side.case_id}`}>{t('match.ownRequest')}</a>
  return (
    <span class="tags">
      <span>{side.agency_name ?? side.agency ?? t('match.ownRecord')}</span>
      {side.country && <span class="muted small">{country(side.country)}</span>}
      <Contact email={side.contact_email} phone={side.contact_phone} />
    </span>
  )
}

function Table({ items, decide }: { items: Match[]; decide: (match: Match) => void }) {
  return (
    <div class="scroll">
      <table class="work">
        <caption class="visually-hidden">{t('nav.matches')}</caption>
        <thead>
          <tr>
            <th>{t('match.kind')}</th>
            <th>{t('match.how')}</th>
            <th>{t('match.newer')}</th>
            <th>{t('match.older')}</th>
            <th>{t('match.found')}</th>
            <th>
              <span class="visually-hidden">{t('match.decide')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((match) => (
            <tr key={match.match_id}>
              <td class="what">
                <strong>{tx(`match.kind.${match.kind}`)}</strong> {match.high_priority && <Tag tone="red">{t('match.now')}</Tag>}
              </td>
              <td data-label={t('match.how')}>
                <span>
                  <Band band={match.band} score={match.score} /> <span class="small muted">{fieldNames(match.agreeing)}</span>
                </span>
              </td>
              <td data-label={t('match.newer')}>
                <Side side={match.newer} />
              </td>
              <td data-label={t('match.older')}>
                <Side side={match.older} />
              </td>
              <td data-label={t('match.found')}>
                <span class="small">
                  <When at={match.found_at} />
                </span>
              </td>
              <td>
                {match.state !== 'open' ? (
                  <Tag tone={match.state === 'confirmed' ? 'green' : 'grey'}>{tx(`match.tab.${match.state}`)}</Tag>
                ) : match.you_decide && can('match_decide') ? (
                  <Button small onClick={() => decide(match)}>
                    {t('match.decide')}
                  </Button>
                ) : (
                  <span class="muted small">{t(match.you_decide ? 'match.roleDecides' : 'match.othersDecide')}</span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Decide({ match, onClose, onDone }: { match: Match; onClose: () => void; onDone: () => void }) {
  const [compared, setCompared] = useState<MatchField[]>([])
  const [text, setText] = useState('')
  const [key] = useState(() => crypto.randomUUID())
  const { run, busy, problem } = useAction(async (decision: 'confirmed' | 'rejected') => {
    const body = { decision, ...(compared.length > 0 && { compared }), ...(text.trim() && { text: text.trim() }) }
    await call('POST', `/v1/matches/${match.match_id}/decision`, { body, key: `${key}-${decision}-${compared.length}` })
    say(tx(`match.done.${decision}`))
    onDone()
  })
  return (
    <Dialog title={t('match.decide')} onClose={onClose}>
      <Faults.Provider value={problem?.errors ?? []}>
        <FaultSummary problem={problem} labels={(pointer) => (pointer === '/compared' ? t('match.compared') : t('act.reason'))} />
        <p class="lead">{tx(`match.kindText.${match.kind}`)}</p>
        <fieldset class="field" id={fieldId('/compared')} tabIndex={-1}>
          <legend>{t('match.compared')}</legend>
          <p class="hint">{t('match.comparedHint')}</p>
          <div class="check-grid">
            {match.to_compare.map((field) => (
              <Check
                key={field}
                label={tx(`matchField.${field}`)}
                checked={compared.includes(field)}
                onChange={(on) => setCompared(on ? [...compared, field] : compared.filter((one) => one !== field))}
              />
            ))}
          </div>
        </fieldset>
        <TextArea label={t('act.reason')} optional pointer="/text" value={text} onChange={setText} maxLength={2000} />
        <Buttons>
          <Button kind="primary" busy={busy} onClick={() => void run('confirmed')}>
            {t('match.confirm')}
          </Button>
          <Button busy={busy} onClick={() => void run('rejected')}>
            {t('match.reject')}
          </Button>
          <Button kind="quiet" onClick={onClose}>
            {t('form.cancel')}
          </Button>
        </Buttons>
      </Faults.Provider>
    </Dialog>
  )
}
