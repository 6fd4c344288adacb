// The work queue: what to do next stands first. Tabs, filters in the address, saved views, a bulk bar,
// and the keys j k x e o.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { say } from '../kit/dialog'
import { Button, FaultSummary } from '../kit/form'
import { Await, Empty, Notice, Page } from '../kit/page'
import { Tabs } from '../kit/show'
import { WorkTable, type TableKeys } from '../kit/work_table'
import { call, Problem } from '../lib/api'
import { countryOptions } from '../lib/codes'
import { csvText, save } from '../lib/csv'
import { utc } from '../lib/format'
import { t, tx } from '../lib/i18n'
import { go, place, setQuery } from '../lib/router'
import { can, me } from '../lib/session'
import { onKey } from '../lib/shortcuts'
import { useStore } from '../lib/store'
import { kept, useAction, useChanges, useLoad } from '../lib/use'
import { addressOf, firearmTitle, loadTab, TABS, type Loaded, type Tab, type WorkRow } from '../lib/work'
import { homePath } from '../shell'

interface View {
  name: string
  query: string
}
const views = kept<View[]>('views', [])

export default function Queue() {
  const { search, path } = useStore(place)
  const start = homePath()
  useEffect(() => {
    if (start !== '/' && path === '/') go(start, true)
  }, [start])
  const tab = (TABS as string[]).includes(search.get('tab') ?? '') ? (search.get('tab') as Tab) : 'mine'
  const [pages, setPages] = useState(1)
  const loaded = useLoad<Loaded>(`${tab}`, (signal) => loadTab(tab, pages, signal))
  useEffect(() => {
    if (pages > 1) loaded.reload()
  }, [pages])
  useChanges(() => true, loaded.reload)
  const shown = useMemo(() => filtered(loaded.data?.rows ?? [], search), [loaded.data, search])
  const agency = me.get()?.agency.name ?? ''
  if (start !== '/') return null
  return (
    <Page
      title={t('queue.title')}
      wide
      lead={agency}
      aside={
        <>
          {can('trace_create') && (
            <a class="button primary" href="/requests/new">
              {t('nav.new')}
            </a>
          )}
          <Button onClick={() => save(`rastro-${tab}.csv`, asCsv(shown))}>{t('list.export')}</Button>
        </>
      }
    >
      <div class="queue">
        <SavedViews />
        <div class="queue-main">
          <Tabs
            label={t('queue.tabs')}
            current={tab}
            href={(id) => `/?tab=${id}`}
            tabs={TABS.map((id) => ({
              id,
              label: tx(`queue.${id}`),
              count: id === tab && loaded.data ? `${loaded.data.rows.length}${loaded.data.more ? '+' : ''}` : undefined,
            }))}
          />
          <Filters search={search} />
          <Await from={loaded}>
            {(data) => (
              <>
                <Rows rows={shown} reload={loaded.reload} filtered={shown.length !== data.rows.length} tab={tab} />
                {data.more && (
                  <p class="more">
                    <Button onClick={() => setPages(pages + 1)} busy={loaded.loading}>
                      {t('list.more')}
                    </Button>
                  </p>
                )}
              </>
            )}
          </Await>
        </div>
      </div>
    </Page>
  )
}

function filtered(rows: WorkRow[], search: URLSearchParams): WorkRow[] {
  const text = (search.get('q') ?? '').toLowerCase()
  const priority = search.get('priority')
  const country = search.get('country')
  const state = search.get('state')
  return rows.filter(
    (row) =>
      (!priority || row.priority === priority) &&
      (!country || row.countries.includes(country)) &&
      (!state || row.state === state) &&
      (!text ||
        [row.number, row.ownNumber, firearmTitle(row.firearm), row.firearm.serial_raw].some((part) => part?.toLowerCase().includes(text))),
  )
}

function Filters({ search }: { search: URLSearchParams }) {
  const active = ['q', 'priority', 'country', 'state'].some((name) => search.get(name))
  const set = (name: string) => (event: Event) => setQuery({ [name]: (event.currentTarget as HTMLInputElement).value })
  return (
    <form class="filters" role="search" aria-label={t('list.filters')} onSubmit={(event) => event.preventDefault()}>
      <label>
        <span>{t('list.text')}</span>
        <input type="search" value={search.get('q') ?? ''} onInput={set('q')} />
      </label>
      <label>
        <span>{t('field.priority')}</span>
        <select value={search.get('priority') ?? ''} onChange={set('priority')}>
          <option value="">{t('list.any')}</option>
          <option value="urgent">{t('priority.urgent')}</option>
          <option value="routine">{t('priority.routine')}</option>
        </select>
      </label>
      <label>
        <span>{t('field.country')}</span>
        <select value={search.get('country') ?? ''} onChange={set('country')}>
          <option value="">{t('list.any')}</option>
          {countryOptions().map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      </label>
      {active && (
        <Button kind="quiet" onClick={() => setQuery({ q: '', priority: '', country: '', state: '' })}>
          {t('list.clear')}
        </Button>
      )}
    </form>
  )
}

function SavedViews() {
  const [saved, setSaved] = useState(views.read())
  const write = (next: View[]) => {
    views.write(next)
    setSaved(next)
  }
  const standard: View[] = [
    { name: t('view.urgent'), query: '?tab=agency&priority=urgent' },
    { name: t('queue.overdue'), query: '?tab=overdue' },
  ]
  return (
    <aside class="side-views" aria-label={t('view.title')}>
      <h2>{t('view.title')}</h2>
      <ul>
        {standard.map((view) => (
          <li key={view.query}>
            <a href={`/${view.query}`}>{view.name}</a>
          </li>
        ))}
        {saved.map((view) => (
          <li key={view.name}>
            <a href={`/${view.query}`}>{view.name}</a>
            <button type="button" class="icon" aria-label={t('view.remove', { name: view.name })} title={t('view.remove', { name: view.name })} onClick={() => write(saved.filter((one) => one !== view))}>
              ×
            </button>
          </li>
        ))}
      </ul>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          const field = event.currentTarget.elements.namedItem('view') as HTMLInputElement
          if (!field.value.trim()) return
          write([...saved.filter((view) => view.name !== field.value.trim()), { name: field.value.trim(), query: location.search }])
          say(t('view.kept', { name: field.value.trim() }))
          field.value = ''
        }}
      >
        <label for="view-name" class="small">
          {t('view.save')}
        </label>
        <div class="row tight">
          <input id="view-name" name="view" maxLength={40} />
          <Button type="submit" small>
            {t('form.save')}
          </Button>
        </div>
      </form>
    </aside>
  )
}

function Rows({ rows, reload, filtered: narrowed, tab }: { rows: WorkRow[]; reload: () => void; filtered: boolean; tab: Tab }) {
  const [picked, setPicked] = useState<Set<string>>(new Set())
  const keys = useRef<TableKeys | null>(null)
  useEffect(
    () =>
      onKey({
        j: () => keys.current?.move(1),
        k: () => keys.current?.move(-1),
        x: () => keys.current?.pick(),
        o: () => keys.current?.open(),
        e: () => keys.current?.act(),
      }),
    [],
  )
  const chosen = rows.filter((row) => picked.has(row.kind + row.id))
  const toAcknowledge = (list: WorkRow[]) => list.filter((row) => row.kind === 'leg' && ['ROUTED', 'DELIVERED'].includes(row.state))
  const { run, busy, problem } = useAction(async (list: WorkRow[]) => {
    let done = 0
    try {
      for (const row of list) {
        await call('POST', `/v1/legs/${row.id}/acknowledgement`, { version: row.version })
        done++
      }
    } catch (failure) {
      if (failure instanceof Problem && failure.status === 412) reload()
      throw failure
    } finally {
      if (done) say(t('queue.acknowledged', { n: done }))
      setPicked(new Set())
      reload()
    }
  })
  const act = (row: WorkRow) => {
    if (toAcknowledge([row]).length && can('leg_acknowledge')) void run([row])
    else if (row.kind === 'leg' && can('leg_answer') && ['SEARCHING', 'ANSWERED_PARTIAL'].includes(row.state)) go(`/legs/${row.id}/answer`)
    else go(addressOf(row))
  }
  if (rows.length === 0) {
    return (
      <Empty title={narrowed ? t('list.noneFiltered') : tx(`queue.empty.${tab}`)}>
        {narrowed ? (
          <Button kind="quiet" onClick={() => setQuery({ q: '', priority: '', country: '', state: '' })}>
            {t('list.clear')}
          </Button>
        ) : (
          can('trace_create') && (
            <p>
              <a href="/requests/new">{t('nav.new')}</a>
            </p>
          )
        )}
      </Empty>
    )
  }
  const acknowledgeable = can('leg_acknowledge') ? toAcknowledge(chosen) : []
  return (
    <>
      <FaultSummary problem={problem} />
      <p class="visually-hidden" role="status">
        {t('list.count', { n: rows.length })}
      </p>
      <WorkTable rows={rows} picked={picked} onPick={setPicked} onAct={act} keys={keys} />
      {chosen.length > 0 && (
        <div class="bulk" role="region" aria-label={t('list.selected', { n: chosen.length })}>
          <strong>{t('list.selected', { n: chosen.length })}</strong>
          {acknowledgeable.length > 0 && (
            <Button kind="primary" busy={busy} onClick={() => void run(acknowledgeable)}>
              {t('queue.acknowledge', { n: acknowledgeable.length })}
            </Button>
          )}
          <Button onClick={() => save('rastro-selection.csv', asCsv(chosen))}>{t('list.export')}</Button>
          <Button kind="quiet" onClick={() => setPicked(new Set())}>
            {t('list.unselect')}
          </Button>
        </div>
      )}
      {tab === 'mine' && rows.length > 3 && <Notice>{t('queue.keys')}</Notice>}
    </>
  )
}

export function asCsv(rows: WorkRow[]): string {
  const head = ['number', 'own_number', 'state', 'priority', 'make_model_calibre', 'serial', 'countries', 'due_utc', 'updated_utc']
  return csvText([
    head,
    ...rows.map((row) => [
      row.number,
      row.ownNumber,
      row.state,
      row.priority,
      firearmTitle(row.firearm),
      row.firearm.serial_raw,
      row.countries.join(' '),
      row.due && utc(row.due),
      utc(row.updated),
    ]),
  ])
}
