// The national point of contact: what waits for approval, what came from abroad, how fast it goes, who
// receives for which country, and the agencies. Several are decided at once; each gets its own record.
import { useState } from 'preact/hooks'
import type { Agency, LegList, RouteList, TraceRequestList } from '#api'
import { Dialog, say } from '../kit/dialog'
import { Button, Buttons, FaultSummary, Faults, Select, TextArea, TextField } from '../kit/form'
import { Await, Empty, Page } from '../kit/page'
import { Card, Tabs } from '../kit/show'
import { WorkTable } from '../kit/work_table'
import { all, call, get } from '../lib/api'
import { country } from '../lib/codes'
import { save } from '../lib/csv'
import { t, tx } from '../lib/i18n'
import { place } from '../lib/router'
import { agencies, agencyName, can, me } from '../lib/session'
import { useStore } from '../lib/store'
import { useAction, useChanges, useLoad } from '../lib/use'
import { ofLeg, ofRequest, type WorkRow } from '../lib/work'
import { asCsv } from './queue'

type Tab = 'outbound' | 'inbound' | 'routes' | 'agencies'

export default function Contact() {
  const tab = (useStore(place).search.get('tab') as Tab | null) ?? (can('trace_approve') ? 'outbound' : 'inbound')
  const tabs: Tab[] = [...(can('trace_approve') ? ['outbound' as const] : []), 'inbound', 'routes', 'agencies']
  return (
    <Page title={t('nav.contact')} wide lead={`${me.get()?.agency.name} · ${country(me.get()?.agency.country)}`}>
      <Tabs label={t('nav.contact')} current={tab} href={(id) => `/contact?tab=${id}`} tabs={tabs.map((id) => ({ id, label: tx(`contact.${id}`) }))} />
      {tab === 'routes' ? <Routes /> : tab === 'agencies' ? <Agencies /> : <Triage key={tab} outbound={tab === 'outbound'} />}
    </Page>
  )
}

function Triage({ outbound }: { outbound: boolean }) {
  const rows = useLoad<WorkRow[]>(`triage ${outbound}`, async () =>
    outbound
      ? (await all<TraceRequestList['items'][number]>('/v1/trace-requests', { state: 'NATIONAL_REVIEW' })).map(ofRequest)
      : (await all<LegList['items'][number]>('/v1/inbox')).map(ofLeg),
  )
  useChanges(() => true, rows.reload)
  const [picked, setPicked] = useState<Set<string>>(new Set())
  const [returning, setReturning] = useState(false)
  const [reason, setReason] = useState('')
  const chosen = (rows.data ?? []).filter((row) => picked.has(row.kind + row.id))
  const step = useAction(async (path: (row: WorkRow) => string, body: unknown, only: (row: WorkRow) => boolean) => {
    let done = 0
    try {
      for (const row of chosen.filter(only)) {
        await call('POST', path(row), { body, version: row.version })
        done++
      }
    } finally {
      if (done) say(t('contact.done', { n: done }))
      setPicked(new Set())
      setReturning(false)
      rows.reload()
    }
  })
  const overdue = (rows.data ?? []).filter((row) => row.due && new Date(row.due).getTime() < Date.now()).length
  const urgent = (rows.data ?? []).filter((row) => row.priority === 'urgent').length
  return (
    <Await from={rows}>
      {(list) => (
        <>
          <dl class="figures">
            <div><dt>{t('contact.open')}</dt><dd>{list.length}</dd></div>
            <div><dt>{t('priority.urgent')}</dt><dd>{urgent}</dd></div>
            <div class={overdue ? 'over' : undefined}><dt>{t('queue.overdue')}</dt><dd>{overdue}</dd></div>
          </dl>
          <FaultSummary problem={step.problem} />
          {list.length === 0 ? <Empty title={t('contact.nothing')} /> : <WorkTable rows={list} picked={picked} onPick={setPicked} />}
          {chosen.length > 0 && (
            <div class="bulk" role="region" aria-label={t('list.selected', { n: chosen.length })}>
              <strong>{t('list.selected', { n: chosen.length })}</strong>
              {outbound ? (
                <>
                  <Button kind="primary" busy={step.busy} onClick={() => void step.run((row) => `/v1/trace-requests/${row.id}/approval`, undefined, () => true)}>{t('contact.approve', { n: chosen.length })}</Button>
                  <Button onClick={() => setReturning(true)}>{t('step.return')}</Button>
                </>
              ) : (
                <>
                  <Button kind="primary" busy={step.busy} onClick={() => void step.run((row) => `/v1/legs/${row.id}/acknowledgement`, undefined, (row) => ['ROUTED', 'DELIVERED'].includes(row.state))}>{t('step.acknowledge')}</Button>
                  {can('leg_assign') && <Button busy={step.busy} onClick={() => void step.run((row) => `/v1/legs/${row.id}/assignment`, {}, (row) => row.state === 'ACKNOWLEDGED')}>{t('step.assign')}</Button>}
                </>
              )}
              <Button onClick={() => save('rastro-triage.csv', asCsv(chosen))}>{t('list.export')}</Button>
            </div>
          )}
          {returning && (
            <Dialog title={t('step.return')} onClose={() => setReturning(false)}>
              <form onSubmit={(event) => { event.preventDefault(); void step.run((row) => `/v1/trace-requests/${row.id}/return`, { text: reason }, () => true) }}>
                <TextArea label={t('act.whatToCorrect')} value={reason} onChange={setReason} />
                <Buttons>
                  <Button kind="primary" type="submit" busy={step.busy}>{t('step.return')}</Button>
                  <Button onClick={() => setReturning(false)}>{t('form.cancel')}</Button>
                </Buttons>
              </form>
            </Dialog>
          )}
        </>
      )}
    </Await>
  )
}

export function Routes() {
  const routes = useLoad<RouteList>('routes', () => get('/v1/routes'))
  const own = me.get()?.agency.country ?? ''
  const [agency, setAgency] = useState('')
  const [source, setSource] = useState('')
  const { run, busy, problem } = useAction(async () => {
    await call('PUT', `/v1/routes/${own}`, { body: { agency, source }, key: crypto.randomUUID() })
    say(t('contact.routeSet'))
    routes.reload()
  })
  return (
    <div class="stack">
      <Await from={routes}>
        {(list) => (
          <div class="scroll">
            <table>
              <caption class="visually-hidden">{t('contact.routes')}</caption>
              <thead><tr><th>{t('field.country')}</th><th>{t('contact.receives')}</th><th>{t('field.priority')}</th><th>{t('contact.since')}</th><th>{t('contact.basis')}</th></tr></thead>
              <tbody>
                {list.items.map((route) => (
                  <tr key={route.country + route.priority}>
                    <td>{country(route.country)}</td>
                    <td>{agencyName(route.agency)}</td>
                    <td>{tx(`routePriority.${route.priority}`)}</td>
                    <td>{route.valid_from}</td>
                    <td>{route.source}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Await>
      {can('route_put') && (
        <Faults.Provider value={problem?.errors ?? []}>
          <Card title={t('contact.change', { country: country(own) })}>
            <FaultSummary problem={problem} />
            <form onSubmit={(event) => { event.preventDefault(); void run() }}>
              <Select label={t('contact.receives')} pointer="/agency" value={agency} onChange={setAgency} options={[...agencies.get().values()].filter((one) => one.country === own).map((one) => ({ value: one.agency, label: one.name }))} />
              <TextField label={t('contact.basis')} pointer="/source" value={source} onChange={setSource} width="long" />
              <Buttons><Button kind="primary" type="submit" busy={busy}>{t('form.save')}</Button></Buttons>
            </form>
          </Card>
        </Faults.Provider>
      )}
    </div>
  )
}

function Agencies() {
  const list = useLoad<Agency[]>('agencies', () => all('/v1/agencies'))
  return (
    <Await from={list}>
      {(found) => (
        <div class="scroll">
          <table>
            <caption class="visually-hidden">{t('contact.agencies')}</caption>
            <thead><tr><th>{t('field.country')}</th><th>{t('contact.agency')}</th><th>{t('contact.kind')}</th><th>{t('account.zone')}</th><th>{t('field.contact')}</th></tr></thead>
            <tbody>
              {found.map((one) => (
                <tr key={one.agency}>
                  <td>{country(one.country)}</td>
                  <td>{one.name}<div class="muted small mono">{one.agency}</div></td>
                  <td>{tx(`agencyKind.${one.kind}`)}{one.national_contact && ` · ${t('contact.national')}`}</td>
                  <td>{one.time_zone}</td>
                  <td>{[one.contact_email, one.contact_phone].filter(Boolean).join(', ')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Await>
  )
}
