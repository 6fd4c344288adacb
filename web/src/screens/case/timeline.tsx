// What happened, newest first, filterable and exportable. Persons of other agencies are not named.
import { useState } from 'preact/hooks'
import { Button } from '../../kit/form'
import { Card, StateTag, When } from '../../kit/show'
import { csvText, save } from '../../lib/csv'
import { t, tx } from '../../lib/i18n'
import { agencyName, ownId } from '../../lib/session'
import type { Entry } from './data'

const FIRST = 8

export function TimelineCard({ entries, number }: { entries: Entry[]; number: string }) {
  const [object, setObject] = useState('')
  const [all, setAll] = useState(false)
  if (entries.length === 0) return null
  const matching = entries.filter((entry) => !object || entry.object === object).reverse()
  const shown = all ? matching : matching.slice(0, FIRST)
  const title = (entry: Entry) => tx(`event.${entry.event}`, {}, entry.event.replaceAll('_', ' '))
  return (
    <Card
      title={t('timeline.title')}
      aside={
        <span class="row no-print">
          <label class="inline-select">
            <span class="visually-hidden">{t('timeline.filter')}</span>
            <select value={object} onChange={(event) => setObject(event.currentTarget.value)}>
              <option value="">{t('timeline.all')}</option>
              <option value="request">{t('timeline.request')}</option>
              <option value="leg">{t('timeline.leg')}</option>
              <option value="answer">{t('timeline.answer')}</option>
            </select>
          </label>
          <Button
            small
            onClick={() =>
              save(
                `${number}-timeline.csv`,
                csvText([['when_utc', 'event', 'object', 'from', 'to', 'agency', 'text'], ...entries.map((e) => [e.occurred_at, e.event, e.object, e.from_state, e.to_state, e.agency, e.text])]),
              )
            }
          >
            {t('list.export')}
          </Button>
        </span>
      }
    >
      <ol class="timeline">
        {shown.map((entry) => (
          <li key={entry.event_id}>
            <p>
              <strong>{title(entry)}</strong> {entry.to_state && entry.to_state !== entry.from_state && <StateTag state={entry.to_state} />}
            </p>
            {entry.text && <p class="message-body">{entry.text}</p>}
            <p class="muted small">
              <When at={entry.occurred_at} /> · {entry.actor_kind === 'system' ? t('timeline.system') : agencyName(entry.agency)}
              {entry.actor === ownId() && ` · ${t('timeline.you')}`}
            </p>
          </li>
        ))}
      </ol>
      {matching.length > FIRST && (
        <Button kind="quiet" onClick={() => setAll(!all)}>
          {all ? t('timeline.less') : t('timeline.more', { n: matching.length - FIRST })}
        </Button>
      )}
    </Card>
  )
}
