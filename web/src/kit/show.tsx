// Small pieces that show something: tags of states, summary lists, tabs, due clocks.
import type { ComponentChildren } from 'preact'
import { dateTime, due, isPast } from '../lib/format'
import { t, tx } from '../lib/i18n'

type Tone = 'grey' | 'blue' | 'green' | 'yellow' | 'red' | 'purple' | 'teal'
const TONES: Record<string, Tone> = {
  DRAFT: 'grey',
  NATIONAL_REVIEW: 'purple',
  RETURNED: 'yellow',
  SUBMITTED: 'blue',
  IN_PROGRESS: 'blue',
  AWAITING_REQUESTER: 'yellow',
  PARTIALLY_ANSWERED: 'teal',
  ANSWERED: 'green',
  CLOSED: 'grey',
  WITHDRAWN: 'grey',
  DUPLICATE: 'grey',
  REOPENED: 'purple',
  ROUTED: 'purple',
  DELIVERED: 'purple',
  ACKNOWLEDGED: 'blue',
  SEARCHING: 'blue',
  CLARIFICATION_REQUESTED: 'yellow',
  DELAYED: 'yellow',
  ESCALATED: 'red',
  ANSWERED_PARTIAL: 'teal',
  ANSWERED_FULL: 'green',
  NO_RECORD: 'grey',
  REFUSED: 'red',
  FORWARDED: 'teal',
  EXPIRED: 'red',
  STOPPED: 'grey',
}

export function Tag({ tone, children }: { tone?: Tone; children: ComponentChildren }) {
  return <span class={`tag ${tone ?? 'grey'}`}>{children}</span>
}
export function StateTag({ state }: { state: string }) {
  return <Tag tone={TONES[state]}>{tx(`stateOf.${state}`)}</Tag>
}
export function Urgent({ priority }: { priority: string | undefined }) {
  return priority === 'urgent' ? <span class="tag urgent">{t('priority.urgent')}</span> : null
}

export function Due({ at }: { at: string | undefined }) {
  if (!at) return null
  return (
    <time class={isPast(at) ? 'due over' : 'due'} dateTime={at} title={dateTime(at)}>
      {due(at)}
    </time>
  )
}

export function When({ at }: { at: string }) {
  return <time dateTime={at}>{dateTime(at)}</time>
}

export type Row = [label: string, value: ComponentChildren, action?: ComponentChildren]
/** Rows without a value are left out. */
export function Summary({ rows }: { rows: (Row | null | false | undefined)[] }) {
  const shown = rows.filter((row): row is Row => !!row && row[1] !== undefined && row[1] !== '' && row[1] !== null && row[1] !== false)
  return (
    <dl class="summary">
      {shown.map(([name, value, action]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
          {action && <dd class="row-action">{action}</dd>}
        </div>
      ))}
    </dl>
  )
}

export function Card(props: { title: string; children: ComponentChildren; aside?: ComponentChildren; id?: string; level?: 2 | 3 }) {
  const Heading = props.level === 3 ? 'h3' : 'h2'
  return (
    <section class="card" id={props.id} aria-label={props.title}>
      <div class="card-head">
        <Heading>{props.title}</Heading>
        {props.aside}
      </div>
      {props.children}
    </section>
  )
}

export function Tabs(props: { label: string; tabs: { id: string; label: string; count?: string }[]; current: string; href: (id: string) => string }) {
  return (
    <nav class="tabs" aria-label={props.label}>
      {props.tabs.map((tab) => (
        <a key={tab.id} href={props.href(tab.id)} aria-current={tab.id === props.current ? 'page' : undefined}>
          {tab.label}
          {tab.count !== undefined && <span class="count">{tab.count}</span>}
        </a>
      ))}
    </nav>
  )
}

export function Menu({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <details
      class="menu"
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          event.currentTarget.open = false
          event.currentTarget.querySelector('summary')?.focus()
        }
      }}
      onFocusOut={(event) => {
        if (event.relatedTarget && !event.currentTarget.contains(event.relatedTarget as Node)) event.currentTarget.open = false
      }}
    >
      <summary class="button plain">{label}</summary>
      <div class="menu-items">{children}</div>
    </details>
  )
}
