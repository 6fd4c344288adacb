// Search, serial number first: the server compares and says by which rule; and by other details, as lists are
// filtered. Every filter is in the address.
import { useState } from 'preact/hooks'
import type { LegList, SerialSearchResult, TraceRequestList } from '#api'
import { say } from '../kit/dialog'
import { Button, Buttons, Check, FaultSummary, Faults, Select, TextField } from '../kit/form'
import { Await, Empty, Loading, Notice, Page } from '../kit/page'
import { Tabs } from '../kit/show'
import { WorkTable } from '../kit/work_table'
import { get, query } from '../lib/api'
import { countryOptions, options } from '../lib/codes'
import { save } from '../lib/csv'
import { t, tx } from '../lib/i18n'
import { go, place } from '../lib/router'
import { searchSerial, SERIAL_NAMES, type SerialFilters } from '../lib/serial'
import { can } from '../lib/session'
import { useStore } from '../lib/store'
import { useLoad } from '../lib/use'
import { ofLeg, ofRequest, type WorkRow } from '../lib/work'
import { HitTable, NoHits, Pointers } from './case/hits'
import { asCsv } from './queue'
import { watched } from './request'

const NAMES = ['number', 'agency_case_no', 'state', 'priority', 'asked_country', 'created_from', 'created_to'] as const
type Filters = Record<(typeof NAMES)[number], string>
const STATES = ['DRAFT', 'NATIONAL_REVIEW', 'RETURNED', 'SUBMITTED', 'IN_PROGRESS', 'AWAITING_REQUESTER', 'PARTIALLY_ANSWERED', 'ANSWERED', 'CLOSED', 'WITHDRAWN', 'DUPLICATE', 'REOPENED']

const given = <Name extends string>(names: readonly Name[], search: URLSearchParams) => Object.fromEntries(names.map((name) => [name, search.get(name) ?? ''])) as Record<Name, string>

export default function Search() {
  const { search } = useStore(place)
  const bySerial = can('serial_search') && search.get('by') !== 'details'
  return (
    <Page title={t('nav.search')} wide>
      {can('serial_search') && (
        <Tabs label={t('nav.search')} current={bySerial ? 'serial' : 'details'} href={(id) => (id === 'serial' ? '/search' : '/search?by=details')} tabs={['serial', 'details'].map((id) => ({ id, label: tx(`search.by.${id}`) }))} />
      )}
      {bySerial ? <BySerial filters={given(SERIAL_NAMES, search)} key={search.toString()} /> : <ByDetails filters={given(NAMES, search)} key={search.toString()} />}
    </Page>
  )
}

// ------------------------------------------------------------- by serial number

function BySerial({ filters }: { filters: SerialFilters }) {
  const [values, setValues] = useState(filters)
  const found = useLoad<SerialSearchResult | null>(`search ${JSON.stringify(filters)}`, async (signal) => (filters.serial ? searchSerial(filters, signal) : null))
  const bind = (name: keyof SerialFilters) => ({ value: values[name], onChange: (value: string) => setValues({ ...values, [name]: value }) })
  const labels = (pointer: string) => ({ '/serial': t('field.serial'), '/make_text': t('field.make'), '/calibre_text': t('field.calibre'), '/type_code': t('field.type') })[pointer] ?? ''
  return (
    <Faults.Provider value={found.problem?.errors ?? []}>
      <FaultSummary problem={found.problem} labels={labels} />
      <form
        class="card search-form"
        role="search"
        aria-label={t('search.by.serial')}
        onSubmit={(event) => {
          event.preventDefault()
          go('/search' + query(values))
        }}
      >
        <div class="fields">
          <TextField label={t('field.serial')} hint={t('search.serialHint', { set: '{8B3}' })} mono type="search" pointer="/serial" {...bind('serial')} />
          <TextField label={t('field.make')} optional pointer="/make_text" {...bind('make')} />
          <TextField label={t('field.calibre')} optional pointer="/calibre_text" {...bind('calibre')} />
          <Select label={t('field.type')} optional pointer="/type_code" options={options('type-codes')} empty={t('list.any')} {...bind('type')} />
        </div>
        <Check label={t('search.weak')} hint={t('search.weakHint')} checked={values.weak === '1'} onChange={(on) => setValues({ ...values, weak: on ? '1' : '' })} />
        <Buttons>
          <Button kind="primary" type="submit">
            {t('nav.search')}
          </Button>
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
      {!filters.serial && <Empty title={t('search.start')}>{t('search.startText')}</Empty>}
      {filters.serial && found.loading && !found.data && <Loading />}
      {found.data && <Found result={found.data} filters={filters} />}
    </Faults.Provider>
  )
}

function Found({ result, filters }: { result: SerialSearchResult; filters: SerialFilters }) {
  return (
    <>
      <p role="status" class="lead">
        {t('list.count', { n: result.items.length })}
      </p>
      {result.capped && <Notice kind="warn">{t('search.capped')}</Notice>}
      {result.items.length === 0 ? <NoHits /> : <HitTable hits={result.items} />}
      {result.pointers.length > 0 && (
        <section aria-labelledby="pointers">
          <h2 id="pointers">{t('search.pointers')}</h2>
          <Pointers pointers={result.pointers} />
        </section>
      )}
      {result.not_shown > 0 && (
        <p class="more">
          <a href={'/search' + query({ ...filters, weak: '1' })}>{t('search.notShown', { n: result.not_shown })}</a>
        </p>
      )}
    </>
  )
}

// ------------------------------------------------------------- by other details

const instant = (day: string): string => (day ? `${day}T00:00:00Z` : '')

function ByDetails({ filters }: { filters: Filters }) {
  const [values, setValues] = useState(filters)
  const [pages, setPages] = useState(1)
  const active = NAMES.some((name) => filters[name])
  const found = useLoad<{ rows: WorkRow[]; more: boolean }>(`details ${JSON.stringify(filters)} ${pages}`, async (signal) => {
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
  const bind = (name: keyof Filters) => ({ value: values[name], onChange: (value: string) => setValues({ ...values, [name]: value }) })
  return (
    <>
      <form
        class="card search-form"
        role="search"
        aria-label={t('search.by.details')}
        onSubmit={(event) => {
          event.preventDefault()
          go('/search' + query({ by: 'details', ...values }))
        }}
      >
        <div class="fields">
          <TextField label={t('work.number')} hint={t('search.numberHint')} mono {...bind('number')} />
          <TextField label={t('field.ownNumber')} {...bind('agency_case_no')} />
          <Select label={t('work.state')} options={STATES.map((value) => ({ value, label: tx(`stateOf.${value}`) }))} empty={t('list.any')} {...bind('state')} />
          <Select label={t('field.priority')} options={['urgent', 'routine'].map((value) => ({ value, label: tx(`priority.${value}`) }))} empty={t('list.any')} {...bind('priority')} />
          <Select label={t('search.asked')} options={countryOptions()} empty={t('list.any')} {...bind('asked_country')} />
          <TextField label={t('search.from')} type="date" {...bind('created_from')} />
          <TextField label={t('search.to')} type="date" {...bind('created_to')} />
        </div>
        <Buttons>
          <Button kind="primary" type="submit">
            {t('nav.search')}
          </Button>
        </Buttons>
      </form>
      {!active && <Empty title={t('search.startDetails')} />}
      {active && (
        <Await from={found}>
          {({ rows, more }) => (
            <>
              <p role="status" class="lead row spread">
                {t('list.count', { n: rows.length })}
                {rows.length > 0 && <Button onClick={() => save('rastro-search.csv', asCsv(rows))}>{t('list.export')}</Button>}
              </p>
              {rows.length === 0 ? <NoHits /> : <WorkTable rows={rows} />}
              {more && (
                <p class="more">
                  <Button onClick={() => setPages(pages + 1)} busy={found.loading}>
                    {t('list.more')}
                  </Button>
                </p>
              )}
            </>
          )}
        </Await>
      )}
    </>
  )
}
