// The table of requests that queue, search and console share: the title is the link, the state is a
// word, the due date says when it is over; rows are chosen by keys or by their boxes.
import type { RefObject } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { country, name } from '../lib/codes'
import { dayOf } from '../lib/format'
import { t, tx } from '../lib/i18n'
import { go } from '../lib/router'
import { ownId } from '../lib/session'
import { addressOf, firearmTitle, type WorkRow } from '../lib/work'
import { Due, StateTag, Tag, Urgent } from './show'

export interface TableKeys {
  move: (by: number) => void
  pick: () => void
  open: () => void
  act: () => void
}

export function WorkTable(props: {
  rows: WorkRow[]
  picked?: Set<string>
  onPick?: (picked: Set<string>) => void
  onAct?: (row: WorkRow) => void
  keys?: RefObject<TableKeys | null>
}) {
  const { rows, picked, onPick } = props
  // The row, not its place: rows come and go while somebody works.
  const [at, setAt] = useState('')
  const body = useRef<HTMLTableSectionElement>(null)
  const key = (row: WorkRow) => row.kind + row.id
  const links = () => [...(body.current?.querySelectorAll<HTMLElement>('a.row-link') ?? [])]
  const place = () => {
    const focused = links().findIndex((link) => link.closest('tr')?.contains(document.activeElement))
    return focused >= 0 ? focused : rows.findIndex((row) => key(row) === at)
  }
  const toggle = (row: WorkRow) => {
    if (!picked || !onPick) return
    const next = new Set(picked)
    if (!next.delete(key(row))) next.add(key(row))
    onPick(next)
  }
  if (props.keys) {
    props.keys.current = {
      move(by) {
        const to = Math.min(Math.max(place() + by, 0), rows.length - 1)
        if (rows[to]) setAt(key(rows[to]))
        links()[to]?.focus()
      },
      pick: () => withRow(toggle),
      open: () => withRow((row) => go(addressOf(row))),
      act: () => withRow((row) => props.onAct?.(row)),
    }
  }
  const withRow = (then: (row: WorkRow) => void) => {
    const row = rows[place()]
    if (row) then(row)
  }
  const everything = picked && rows.length > 0 && rows.every((row) => picked.has(key(row)))
  return (
    <div class="scroll">
      <table class="work">
        <thead>
          <tr>
            {picked && (
              <th class="pick">
                <input type="checkbox" aria-label={t('list.selectAll')} checked={everything} onChange={() => onPick?.(everything ? new Set() : new Set(rows.map(key)))} />
              </th>
            )}
            <th>{t('work.firearm')}</th>
            <th>{t('work.state')}</th>
            <th>{t('work.with')}</th>
            <th>{t('work.due')}</th>
          </tr>
        </thead>
        <tbody ref={body}>
          {rows.map((row) => (
            <tr key={key(row)} class={key(row) === at ? 'at' : undefined}>
              {picked && (
                <td class="pick">
                  <input type="checkbox" aria-label={t('list.select', { what: row.number })} checked={picked.has(key(row))} onChange={() => toggle(row)} />
                </td>
              )}
              <td class="what">
                <a class="row-link" href={addressOf(row)} onFocus={() => setAt(key(row))}>
                  {firearmTitle(row.firearm) || t('work.unknown')}
                </a>
                <div class="sub">
                  <span class="mono">{row.firearm.serial_raw ?? name('serial-conditions', row.firearm.serial_condition)}</span>
                  <span class="mono number">{row.number}</span>
                  {row.ownNumber && <span>{row.ownNumber}</span>}
                </div>
              </td>
              <td data-label={t('work.state')}>
                <span class="tags">
                  <StateTag state={row.state} />
                  <Urgent priority={row.priority} />
                  {row.flags.map((flag) => (
                    <Tag key={flag} tone="yellow">
                      {tx(`flag.${flag}`)}
                    </Tag>
                  ))}
                </span>
              </td>
              <td data-label={t('work.with')}>
                <span>
                  {row.kind === 'leg' ? t('work.from', { country: row.countries.map(country).join(', ') }) : row.countries.length ? t('work.to', { country: row.countries.map(country).join(', ') }) : '–'}
                  {row.handler === ownId() && row.handler && <span class="muted small"> · {t('work.yours')}</span>}
                </span>
              </td>
              <td data-label={t('work.due')}>{row.due ? <Due at={row.due} /> : <span class="muted small">{t('work.updated', { day: dayOf(row.updated) })}</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
