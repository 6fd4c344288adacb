// Search, serial number first: what was written, and what only looks like it, in two groups with the reason.
// Every filter is in the address.
import { useState } from 'preact/hooks'
import type { LegList, TraceRequestList } from '#api'
import { say } from '../kit/dialog'
import { Button, Buttons, Select, TextField } from '../kit/form'
import { Empty, Failed, Loading, Page } from '../kit/page'
import { WorkTable } from '../kit/work_table'
import { get, query } from '../lib/api'
import { countryOptions } from '../lib/codes'
import { save } from '../lib/csv'
import { t, tx } from '../lib/i18n'
import { go, place } from '../lib/router'
import { can } from '../lib/session'
import { useStore } from '../lib/store'
import { useLoad } from '../lib/use'
import { ofLeg, ofRequest, type WorkRow } from '../lib/work'
import { asCsv } from './queue'
import { watched } from './request'

const NAMES = ['serial', 'number', 'agency_case_no', 'state', 'priority', 'asked_country', 'created_from', 'created_to'] as const
const STATES = ['DRAFT', 'NATIONAL_REVIEW', 'RETURNED', 'SUBMITTED', 'IN_PROGRESS', 'AWAITING_REQUESTER', 'PARTIALLY_ANSWERED', 'ANSWERED', 'CLOSED', 'WITHDRAWN', 'DUPLICATE', 'REOPENED']
const plain = (text: string | undefined) => (text ?? '').toUpperCase().replace(/[^A-Z0-9]/g, '')

export default function Search() {
  const { search } = useStore(place)
  const filters = Object.fromEntries(NAMES.map((name) => [name, search.get(name) ?? ''])) as Record<(typeof NAMES)[number], string>
  const [pages, setPages] = useState(1)
  const active = NAMES.some((name) => filters[name])
  const key = JSON.stringify(filters)
  const found = useLoad<{ rows: WorkRow[]; more: boolean }>(`search ${key} ${pages}`, async (signal) => {
    if (!active) return { rows: [], more: false }
    const rows: WorkRow[] = []
    let after: string | undefined
    if (can('trace_list')) {
      const asked = { ...filters, created_from: instant(filters.created_from), created_to: instant(filters.created_to) }
      for (let i = 0; i < pages; i++) {
        const page = await get<TraceRequestList>('/v1/trace-requests' + query({ ...asked, limit: 50, after }), signal)
        rows.push(...page.items.map(ofRequest))
        after = page.next
        if (!after) break
      }
    }
    if (can('inbox') && filters.number) {
      const legs = await get<LegList>('/v1/inbox' + query({ number: filters.number, limit: 50 }), signal)
      rows.push(...legs.items.map(ofLeg))
    }
    return { rows, more: !!after }
  })
  const rows = found.data?.rows ?? []
  const exact = filters.serial ? rows.filter((row) => plain(row.firearm.serial_raw) === plain(filters.serial)) : rows
  const alike = filters.serial ? rows.filter((row) => !exact.includes(row)) : []
  return (
    <Page title={t('nav.search')} wide aside={rows.length > 0 && <Button onClick={() => save('rastro-search.csv', asCsv(rows))}>{t('list.export')}</Button>}>
      <Form filters={filters} key={key} />
      {!active && <Empty title={t('search.start')}>{t('search.startText')}</Empty>}
      {active && found.problem && <Failed problem={found.problem} retry={found.reload} />}
      {active && !found.problem && !found.data && <Loading />}
      {active && found.data && (
        <>
          <p role="status" class="lead">
            {t('list.count', { n: rows.length })}
          </p>
          {rows.length === 0 && (
            <Empty title={t('search.none')}>
              <p>{t('search.noneText')}</p>
              {filters.serial && can('trace_create') && (
                <p>
                  <a href="/requests/new">{t('nav.new')}</a>
                </p>
              )}
            </Empty>
          )}
          {exact.length > 0 && (
            <section aria-labelledby="exact">
              <h2 id="exact">{filters.serial ? t('search.exact', { n: exact.length }) : t('search.results')}</h2>
              <WorkTable rows={exact} />
            </section>
          )}
          {alike.length > 0 && (
            <section aria-labelledby="alike">
              <h2 id="alike">{t('search.alike', { n: alike.length })}</h2>
              <p class="lead">{t('search.alikeText')}</p>
              <WorkTable rows={alike} />
            </section>
          )}
          {found.data.more && (
            <p class="more">
              <Button onClick={() => setPages(pages + 1)} busy={found.loading}>
                {t('list.more')}
              </Button>
            </p>
          )}
        </>
      )}
    </Page>
  )
}

const instant = (day: string): string => (day ? `${day}T00:00:00Z` : '')

function Form({ filters }: { filters: Record<(typeof NAMES)[number], string> }) {
  const [values, setValues] = useState<Record<string, string>>(filters)
  const [more, setMore] = useState(NAMES.slice(2).some((name) => filters[name]))
  const bind = (name: string) => ({ value: values[name] ?? '', onChange: (value: string) => setValues({ ...values, [name]: value }) })
  return (
    <form
      class="card search-form"
      role="search"
      aria-label={t('nav.search')}
      onSubmit={(event) => {
        event.preventDefault()
        go('/search' + query(values))
      }}
    >
      <div class="fields">
        <TextField label={t('field.serial')} hint={t('search.serialHint')} mono type="search" {...bind('serial')} />
        <TextField label={t('work.number')} hint={t('search.numberHint')} mono {...bind('number')} />
      </div>
      {more && (
        <div class="fields">
          <TextField label={t('field.ownNumber')} {...bind('agency_case_no')} />
          <Select label={t('work.state')} options={STATES.map((value) => ({ value, label: tx(`stateOf.${value}`) }))} empty={t('list.any')} {...bind('state')} />
          <Select label={t('field.priority')} options={['urgent', 'routine'].map((value) => ({ value, label: tx(`priority.${value}`) }))} empty={t('list.any')} {...bind('priority')} />
          <Select label={t('search.asked')} options={countryOptions()} empty={t('list.any')} {...bind('asked_country')} />
          <TextField label={t('search.from')} type="date" {...bind('created_from')} />
          <TextField label={t('search.to')} type="date" {...bind('created_to')} />
        </div>
      )}
      <Buttons>
        <Button kind="primary" type="submit">
          {t('nav.search')}
        </Button>
        {!more && (
          <Button kind="quiet" onClick={() => setMore(true)}>
            {t('search.more')}
          </Button>
        )}
        {filters.serial && (
          <Button
            onClick={() => {
              watched.write([...watched.read().filter((one) => one.id !== filters.serial), { id: filters.serial, number: filters.serial, href: location.pathname + location.search }])
              say(t('case.watched'))
            }}
          >
            {t('search.watch')}
          </Button>
        )}
      </Buttons>
    </form>
  )
}
