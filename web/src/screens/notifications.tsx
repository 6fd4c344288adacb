// What changed for the own agency, newest first, grouped by request; and what this person watches.
import { useState } from 'preact/hooks'
import type { Event as Change, EventList } from '#api'
import { Button } from '../kit/form'
import { Await, Empty, Page } from '../kit/page'
import { Card, Tag, When } from '../kit/show'
import { get } from '../lib/api'
import { t, tx } from '../lib/i18n'
import { newest } from '../lib/live'
import { can } from '../lib/session'
import { useStore } from '../lib/store'
import { useLoad } from '../lib/use'
import { seenEvents } from '../shell'
import { watched } from './request'

interface Group {
  key: string
  href: string
  events: Change[]
}

function grouped(events: Change[]): Group[] {
  const groups = new Map<string, Group>()
  for (const event of [...events].reverse()) {
    const key = event.case_id ?? event.object_id
    const leg = event.object_type === 'leg' && !can('trace_create')
    const group = groups.get(key) ?? { key, href: leg ? `/legs/${event.object_id}` : event.case_id ? `/requests/${event.case_id}` : '/', events: [] }
    if (leg) group.href = `/legs/${event.object_id}`
    group.events.push(event)
    groups.set(key, group)
  }
  return [...groups.values()]
}

export default function Notifications() {
  const head = useStore(newest)
  const [seen, setSeen] = useState(seenEvents.read())
  const [mine, setMine] = useState(watched.read())
  const feed = useLoad(`feed ${head}`, async (signal) => {
    const top = head || (await get<EventList>(`/v1/events?after=${2 ** 50}`, signal)).newest
    return get<EventList>(`/v1/events?after=${Math.max(0, top - 200)}`, signal)
  })
  const mark = () => {
    seenEvents.write(head)
    setSeen(head)
  }
  return (
    <Page title={t('shell.notifications')} aside={<Button onClick={mark}>{t('notify.markAll')}</Button>}>
      <div class="stack">
        <Card title={t('notify.watched')}>
          {mine.length === 0 && <p class="muted">{t('notify.nothingWatched')}</p>}
          <ul class="plain-list">
            {mine.map((one) => (
              <li key={one.id} class="row">
                <a href={one.href}>{one.number}</a>
                <Button
                  small
                  kind="quiet"
                  onClick={() => {
                    const rest = mine.filter((other) => other.id !== one.id)
                    watched.write(rest)
                    setMine(rest)
                  }}
                >
                  {t('notify.stop')}
                  <span class="visually-hidden"> {one.number}</span>
                </Button>
              </li>
            ))}
          </ul>
        </Card>
        <Card title={t('notify.changes')}>
          <Await from={feed}>
            {(list) =>
              list.items.length === 0 ? (
                <Empty title={t('notify.none')} />
              ) : (
                <ul class="feed">
                  {grouped(list.items).slice(0, 60).map((group) => (
                    <li key={group.key}>
                      <p class="row">
                        {group.events.some((event) => event.seq > seen) && <Tag tone="blue">{t('notify.new')}</Tag>}
                        <a href={group.href}>{tx(`notice.${group.events[0]!.kind}`, {}, tx('notice.other'))}</a>
                        <span class="muted small">{t('notify.steps', { n: group.events.length })}</span>
                      </p>
                      <p class="muted small">
                        <When at={group.events[0]!.occurred_at} />
                        {' · '}
                        <span class="mono">{group.key.slice(-12)}</span>
                      </p>
                    </li>
                  ))}
                </ul>
              )
            }
          </Await>
        </Card>
      </div>
    </Page>
  )
}
