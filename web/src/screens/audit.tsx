// The audit explorer: who did what to what, when, from where, by which rule. Filters in the address; every
// record can be proven, and all of them taken away with the checkpoint that signs them.
import { useState } from 'preact/hooks'
import type { AuditEntryList } from '#api'
import { Button, Buttons } from '../kit/form'
import { Await, Empty, Failed, Notice, Page } from '../kit/page'
import { Card, Summary, Tag } from '../kit/show'
import { call, get, query } from '../lib/api'
import { csvText, save } from '../lib/csv'
import { dateTime, utc } from '../lib/format'
import { number, t, tx } from '../lib/i18n'
import { place, setQuery } from '../lib/router'
import { agencyName, can } from '../lib/session'
import { useStore } from '../lib/store'
import { useAction, useLoad } from '../lib/use'

type Entry = AuditEntryList['items'][number]
const ACTIONS = ['trace_request.read', 'leg.read', 'answer.approve', 'leg.answer', 'trace_request.list', 'leg.inbox', 'session.sign_in', 'audit.export', 'audit.search', 'user.create', 'role_grant.decide', 'import.start']
const QUICK: { name: string; filter: Record<string, string> }[] = [
  { name: 'refused', filter: { outcome: 'refused' } },
  { name: 'signIns', filter: { action: 'session.sign_in', outcome: 'refused' } },
  { name: 'exports', filter: { action: 'audit.export' } },
  { name: 'reads', filter: { action: 'trace_request.read' } },
  { name: 'roles', filter: { action: 'role_grant.decide' } },
]
const NAMES = ['action', 'actor', 'object', 'outcome', 'from', 'to']

export default function Audit() {
  const { search } = useStore(place)
  const filter = Object.fromEntries(NAMES.map((name) => [name, search.get(name) ?? '']))
  const [older, setOlder] = useState<{ key: string; items: Entry[]; next?: string }>({ key: '', items: [] })
  const key = JSON.stringify(filter)
  const instant = (text: string | undefined) => (text ? new Date(text).toISOString() : '')
  const path = (after?: string) => '/v1/audit/entries' + query({ ...filter, from: instant(filter['from']), to: instant(filter['to']), limit: 50, after })
  const first = useLoad<AuditEntryList>(`audit ${key}`, (signal) => get(path(), signal))
  const more = useAction(async (after: string) => {
    const page = await get<AuditEntryList>(path(after))
    setOlder({ key, items: [...(older.key === key ? older.items : []), ...page.items], next: page.next })
  })
  const later = older.key === key ? older : { items: [] as Entry[], next: first.data?.next }
  const items = [...(first.data?.items ?? []), ...later.items]
  const set = (name: string) => (event: Event) => setQuery({ [name]: (event.currentTarget as HTMLInputElement).value })
  return (
    <Page
      title={t('nav.audit')}
      wide
      aside={
        <Button onClick={() => save('rastro-audit.csv', asCsv(items))}>{t('list.export')}</Button>
      }
    >
      <Verify />
      <form class="filters" role="search" aria-label={t('list.filters')} onSubmit={(event) => event.preventDefault()}>
        <label><span>{t('audit.did')}</span>
          <input list="audit-actions" value={filter['action']} onChange={set('action')} />
          <datalist id="audit-actions">{ACTIONS.map((action) => <option key={action} value={action}>{tx(`audit.a.${action}`, {}, action)}</option>)}</datalist>
        </label>
        <label><span>{t('audit.who')}</span><input class="mono" value={filter['actor']} onChange={set('actor')} /></label>
        <label><span>{t('audit.on')}</span><input class="mono" value={filter['object']} onChange={set('object')} /></label>
        <label><span>{t('audit.result')}</span>
          <select value={filter['outcome']} onChange={set('outcome')}>
            <option value="">{t('list.any')}</option>
            {['ok', 'refused', 'failed'].map((one) => <option key={one} value={one}>{tx(`audit.${one}`)}</option>)}
          </select>
        </label>
        <label><span>{t('search.from')}</span><input type="datetime-local" value={filter['from']} onChange={set('from')} /></label>
        <label><span>{t('search.to')}</span><input type="datetime-local" value={filter['to']} onChange={set('to')} /></label>
      </form>
      <p class="quick">
        <span class="muted">{t('audit.quick')}</span>
        {QUICK.map(({ name, filter: wanted }) => <a key={name} href={'/audit' + query(wanted)}>{tx(`audit.q.${name}`)}</a>)}
        {NAMES.some((name) => filter[name]) && <a href="/audit">{t('list.clear')}</a>}
      </p>
      {first.problem && !first.data ? <Failed problem={first.problem} retry={first.reload} /> : (
        <Await from={first}>
          {() => items.length === 0 ? <Empty title={t('audit.none')} /> : (
            <>
              <p class="visually-hidden" role="status">{t('list.count', { n: items.length })}</p>
              <div class="scroll">
                <table class="audit">
                  <caption class="visually-hidden">{t('nav.audit')}</caption>
                  <thead><tr><th>{t('audit.time')}</th><th>{t('audit.who')}</th><th>{t('audit.did')}</th><th>{t('audit.on')}</th><th>{t('audit.result')}</th></tr></thead>
                  <tbody>{items.map((entry) => <Row key={entry.leaf.event_id} entry={entry} />)}</tbody>
                </table>
              </div>
              {later.next && <p class="more"><Button busy={more.busy} onClick={() => void more.run(later.next!)}>{t('list.more')}</Button></p>}
            </>
          )}
        </Await>
      )}
      <Notice>{t('audit.own')}</Notice>
    </Page>
  )
}

function Row({ entry: { leaf, index } }: { entry: Entry }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <tr>
        <td class="nowrap"><button type="button" class="link" aria-expanded={open} onClick={() => setOpen(!open)}>{utc(leaf.time)}</button><div class="muted small">{dateTime(leaf.time)}</div></td>
        <td>{leaf.agency && agencyName(leaf.agency)}<div class="muted small mono">{leaf.actor && <a href={'/audit' + query({ actor: leaf.actor })}>{leaf.actor.slice(-12)}</a>} {leaf.role}</div></td>
        <td>{tx(`audit.a.${leaf.action}`, {}, leaf.action)}<code class="muted small">{leaf.action}</code></td>
        <td>{leaf.case_reference && <span class="mono">{leaf.case_reference}</span>}<div class="muted small">{leaf.object_type} {leaf.object_id && <a class="mono" href={'/audit' + query({ object: leaf.object_id })}>{leaf.object_id.slice(-12)}</a>}</div></td>
        <td><Tag tone={leaf.outcome === 'ok' ? 'green' : leaf.outcome === 'refused' ? 'red' : 'yellow'}>{tx(`audit.${leaf.outcome}`)}</Tag>{leaf.refusal_reason && <div class="small">{leaf.refusal_reason}</div>}</td>
      </tr>
      {open && (
        <tr>
          <td colSpan={5}>
            <Summary rows={[
              [t('audit.index'), index === undefined ? t('audit.pending') : number(index)],
              [t('audit.event'), <span class="mono">{leaf.event_id}</span>],
              [t('audit.actor'), leaf.actor && <span class="mono">{leaf.actor}</span>],
              [t('audit.object'), leaf.object_id && <span class="mono">{leaf.object_id}</span>],
              [t('audit.source'), leaf.source],
              [t('field.purpose'), leaf.purpose],
              [t('audit.rule'), [leaf.rule, leaf.policy_version].filter(Boolean).join(' · ')],
              [t('audit.groups'), leaf.field_groups?.join(', ')],
              [t('audit.session'), leaf.authentication_event && <span class="mono">{leaf.authentication_event}</span>],
              [t('audit.requestId'), leaf.request_id && <span class="mono">{leaf.request_id}</span>],
              [t('audit.detail'), leaf.detail && <span class="mono">{leaf.detail}</span>],
            ]} />
            {index !== undefined && can('audit_proof') && <Proof id={leaf.event_id} />}
          </td>
        </tr>
      )}
    </>
  )
}

function Proof({ id }: { id: string }) {
  const [proof, setProof] = useState('')
  const { run, busy, problem } = useAction(async () => setProof((await call<string>('GET', `/v1/audit/entries/${id}/proof`)).data))
  return (
    <div>
      <Buttons><Button small busy={busy} onClick={() => void run()}>{t('audit.prove')}</Button>{proof && <Button small onClick={() => save(`${id}.tlog-proof`, proof, 'text/plain')}>{t('audit.saveProof')}</Button>}</Buttons>
      {problem && <Failed problem={problem} />}
      {proof && <pre class="small mono">{proof}</pre>}
    </div>
  )
}

/** The newest checkpoint, and that the tree only grew since the one that this person saw before. */
function Verify() {
  const [report, setReport] = useState<{ size: number; origin: string; grew: string; at: Date } | null>(null)
  const [file, setFile] = useState(false)
  const { run, busy, problem } = useAction(async () => {
    const note = (await call<string>('GET', '/audit/checkpoint')).data
    const [origin = '', size = '0'] = note.split('\n')
    const before = Number(localStorage.getItem('rastro.tree') ?? 0)
    let grew = ''
    if (before > 0 && before <= Number(size)) {
      const proof = await get<{ hashes: string[] }>('/v1/audit/consistency' + query({ from: before, to: Number(size) }))
      grew = t('audit.grew', { from: number(before), to: number(Number(size)), n: proof.hashes.length })
    }
    localStorage.setItem('rastro.tree', size)
    setReport({ origin, size: Number(size), grew, at: new Date() })
  })
  const pack = useAction(async () => {
    setFile(true)
    const content = (await call<string>('GET', '/v1/audit/export')).data
    save('rastro-audit.ndjson', typeof content === 'string' ? content : JSON.stringify(content), 'application/x-ndjson')
    setFile(false)
  })
  return (
    <Card title={t('audit.chain')} aside={<span class="row"><Button small kind="primary" busy={busy} onClick={() => void run()}>{t('audit.verify')}</Button>{can('audit_export') && <Button small busy={pack.busy && file} onClick={() => void pack.run()}>{t('audit.package')}</Button>}</span>}>
      {problem && <Failed problem={problem} />}
      {pack.problem && <Failed problem={pack.problem} />}
      <p role="status">{report ? `${t('audit.verified', { n: report.size, when: dateTime(report.at), origin: report.origin })} ${report.grew}` : <span class="muted">{t('audit.verifyText')}</span>}</p>
      <p class="muted small">{t('audit.offline')} <code>rastro audit verify --export rastro-audit.ndjson --vkey …</code></p>
    </Card>
  )
}

const asCsv = (items: Entry[]) =>
  csvText([
    ['time', 'agency', 'actor', 'role', 'action', 'object_type', 'object_id', 'case', 'outcome', 'reason', 'purpose', 'rule', 'source', 'event_id', 'index'],
    ...items.map(({ leaf, index }) => [leaf.time, leaf.agency, leaf.actor, leaf.role, leaf.action, leaf.object_type, leaf.object_id, leaf.case_reference, leaf.outcome, leaf.refusal_reason, leaf.purpose, leaf.rule, leaf.source, leaf.event_id, index]),
  ])
