// Cases of the declared types that the own agency leads or takes part in.
import { useState } from 'preact/hooks'
import type { CaseList, CaseType } from '#api'
import { Button, Select, TextField } from '../kit/form'
import { Await, Empty, Page } from '../kit/page'
import { Tag } from '../kit/show'
import { get, query } from '../lib/api'
import { fieldOf, label, readType, readTypes, rootOf, stateLabel, typeName, typeOptions } from '../lib/case_types'
import { dayOf } from '../lib/format'
import { t } from '../lib/i18n'
import { go, place, setQuery } from '../lib/router'
import { agencyName, can, me } from '../lib/session'
import { useStore } from '../lib/store'
import { useChanges, useLoad } from '../lib/use'
import { shown } from './linked/fields'

type Item = CaseList['items'][number]

export default function Cases() {
  const { search } = useStore(place)
  const asked = { type: search.get('type') ?? '', state: search.get('state') ?? '', number: search.get('number') ?? '' }
  const [pages, setPages] = useState(1)
  const found = useLoad<{ items: Item[]; more: boolean; types: Map<string, CaseType> }>(`cases ${JSON.stringify(asked)} ${pages}`, async (signal) => {
    await readTypes(signal)
    const items: Item[] = []
    let after: string | undefined
    for (let i = 0; i < pages; i++) {
      const page = await get<CaseList>('/v1/cases' + query({ ...asked, limit: 50, after }), signal)
      items.push(...page.items)
      after = page.next
      if (!after) break
    }
    const wanted = [...new Set([...items.map((item) => item.type), ...(asked.type ? [asked.type] : [])])]
    const types = new Map(await Promise.all(wanted.map(async (type) => [type, await readType(type, 0, signal)] as const)))
    return { items, more: !!after, types }
  })
  useChanges((change) => change.kind.startsWith('case.'), found.reload)
  const names = found.data ? typeOptions() : []
  const states = asked.type && found.data ? rootOf(found.data.types.get(asked.type)!).states : []
  return (
    <Page
      title={t('nav.cases')}
      wide
      lead={t('linked.lead')}
      aside={can('case_create') && <Button kind="primary" onClick={() => go('/cases/new' + query({ type: asked.type }))}>{t('linked.open')}</Button>}
    >
      <div class="filters">
        <Select label={t('linked.type')} empty={t('list.any')} value={asked.type} onChange={(type) => setQuery({ type: type || undefined, state: undefined })} options={names} />
        {asked.type && <Select label={t('work.state')} empty={t('list.any')} value={asked.state} onChange={(state) => setQuery({ state: state || undefined })} options={states.map((state) => ({ value: state.name, label: label(state.label) }))} />}
        <NumberFilter value={asked.number} />
      </div>
      <Await from={found}>
        {(data) => (
          <>
            <p role="status" class="lead">{t('list.count', { n: data.items.length })}</p>
            {data.items.length === 0 ? (
              <Empty title={asked.type || asked.number ? t('list.noneFiltered') : t('linked.none')}>
                <p>{t('linked.noneText')}</p>
              </Empty>
            ) : (
              <Table items={data.items} types={data.types} />
            )}
            {data.more && (
              <p class="more">
                <Button busy={found.loading} onClick={() => setPages(pages + 1)}>{t('list.more')}</Button>
              </p>
            )}
          </>
        )}
      </Await>
    </Page>
  )
}

function NumberFilter({ value }: { value: string }) {
  const [text, setText] = useState(value)
  return (
    <form onSubmit={(event) => { event.preventDefault(); setQuery({ number: text.trim().toUpperCase() || undefined }) }}>
      <TextField label={t('linked.number')} mono value={text} onChange={setText} />
    </form>
  )
}

function Table({ items, types }: { items: Item[]; types: Map<string, CaseType> }) {
  const own = me.get()?.agency.agency
  return (
    <div class="scroll">
      <table class="work">
        <caption class="visually-hidden">{t('nav.cases')}</caption>
        <thead>
          <tr>
            <th>{t('linked.case')}</th>
            <th>{t('work.state')}</th>
            <th>{t('linked.owner')}</th>
            <th>{t('linked.updated')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => {
            const type = types.get(item.type)
            const about = (item.heading ?? []).map((field) => (type ? shown(fieldOf(type, rootOf(type).name, field.field), field.value) : field.value)).join(' · ')
            return (
              <tr key={item.case_id}>
                <td class="what">
                  <a class="row-link" href={`/cases/${item.case_id}`}>{about || typeName(item.type)}</a>
                  <div class="sub">
                    <span class="mono number">{item.number}</span>
                    {about && <span>{typeName(item.type)}</span>}
                  </div>
                </td>
                <td data-label={t('work.state')}>
                  <Tag tone="blue">{type ? stateLabel(type, rootOf(type).name, item.state) : item.state}</Tag>
                </td>
                <td data-label={t('linked.owner')}>{item.owner_agency === own ? t('linked.own') : agencyName(item.owner_agency)}</td>
                <td data-label={t('linked.updated')}><span class="small">{dayOf(item.updated_at)}</span></td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
