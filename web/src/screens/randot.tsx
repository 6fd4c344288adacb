// The RANDOT report of a year: Tables A, B and C, each number with the cases behind it and what it means;
// kept versions with their way from preparation to clearance, and the documents that go out.
import { useState } from 'preact/hooks'
import type { CaseList, RandotReport, RandotSnapshot, RandotSnapshotList } from '#api'
import { Dialog, say } from '../kit/dialog'
import { Button, Buttons, FaultSummary, Select } from '../kit/form'
import { Await, Empty, Notice, Page } from '../kit/page'
import { Card, Tag, When } from '../kit/show'
import { call, get, post, query } from '../lib/api'
import { country, name } from '../lib/codes'
import { language, number, t, tx } from '../lib/i18n'
import { place, setQuery } from '../lib/router'
import { can, me } from '../lib/session'
import { useStore } from '../lib/store'
import { useAction, useLoad } from '../lib/use'

type Table = RandotReport['tables'][number]
type Row = Table['rows'][number]
type Cell = Row['cells'][number]
const KEPT = '/v1/reports/randot/snapshots'
const YEARS = 8

export default function Randot() {
  const { search } = useStore(place)
  const last = new Date().getUTCFullYear() - 1
  const year = Number(search.get('year')) || last
  const whole = search.get('whole') === 'yes'
  const amended = search.get('amended') === 'yes'
  const land = whole ? '' : (me.get()?.agency.country ?? '')
  const asked = query({ country: land, year, amended: amended ? 'true' : undefined })
  const found = useLoad<RandotReport>(`randot ${asked}`, (signal) => get(`/v1/reports/randot${asked}`, signal))
  const kept = useLoad<RandotSnapshotList>(`kept ${land} ${year}`, (signal) => get(KEPT + query({ country: land, year, limit: 50 }), signal))
  const [cell, setCell] = useState<{ title: string; cases: string[] } | null>(null)
  const keep = useAction(async () => {
    const made = await post<RandotSnapshot>(KEPT, { year, ...(land && { country: land }), ...(amended && { amended: true }) })
    say(t('randot.keptNow', { version: made.version }))
    kept.reload()
  })
  return (
    <Page title={t('randot.title', { country: land ? country(land) : t('randot.hemisphere'), year: String(year) })} wide lead={t('randot.lead')}>
      <div class="filters no-print">
        <Select label={t('randot.year')} value={String(year)} onChange={(value) => setQuery({ year: value || undefined })} options={Array.from({ length: YEARS }, (_, i) => String(last + 1 - i)).map((value) => ({ value, label: value }))} />
        <Select label={t('randot.as')} value={amended ? 'yes' : 'no'} onChange={(value) => setQuery({ amended: value === 'yes' ? 'yes' : undefined })} options={[{ value: 'no', label: t('randot.plain') }, { value: 'yes', label: t('randot.amended') }]} />
      </div>
      <Await from={found}>
        {(report) => (
          <>
            {(report.quality ?? []).length > 0 && (
              <Notice kind="warn" title={t('randot.faults', { n: report.quality!.length })}>
                <ul class="plain-list">
                  {report.quality!.map((fault) => (
                    <li key={fault.case_id + fault.fault}>
                      {tx(`randot.fault.${fault.fault}`)} <button type="button" class="link" onClick={() => setCell({ title: tx(`randot.fault.${fault.fault}`), cases: [fault.case_id] })}>{t('randot.showCase')}</button>
                    </li>
                  ))}
                </ul>
              </Notice>
            )}
            {report.tables.map((table) => <TableCard key={table.table} table={table} open={(title, cases) => setCell({ title, cases })} />)}
          </>
        )}
      </Await>
      <Card title={t('randot.kept')} aside={can('randot_snapshot') && <Button small busy={keep.busy} onClick={() => void keep.run()}>{t('randot.keep')}</Button>}>
        <FaultSummary problem={keep.problem} />
        <Await from={kept}>{(data) => (data.items.length === 0 ? <Empty title={t('randot.noneKept')}>{t('randot.noneKeptText')}</Empty> : <Kept items={data.items} reload={kept.reload} />)}</Await>
      </Card>
      {cell && <Behind title={cell.title} cases={cell.cases} onClose={() => setCell(null)} />}
    </Page>
  )
}

function TableCard({ table, open }: { table: Table; open: (title: string, cases: string[]) => void }) {
  const [notes, rows] = [table.rows.filter((row) => row.row === 'footnotes'), table.rows.filter((row) => row.row !== 'footnotes')]
  const sanctions = ['cases', 'legal_persons']
  const columns = (rows[0]?.cells ?? []).map((cell) => cell.column).filter((column) => table.table !== 'C' || sanctions.includes(column))
  const rowName = (row: Row) => tx(`report.row.${row.row}`, {}, row.row)
  const value = (row: Row, column: string) => {
    const cell = row.cells.find((one) => one.column === column)
    return cell && <Count cell={cell} title={`${rowName(row)}, ${tx(`report.column.${column}`, {}, column)}`} open={open} />
  }
  return (
    <Card title={tx(`report.table.${table.table}`)}>
      {!table.reported ? (
        <p>{t('randot.notReported')}</p>
      ) : (
        <div class="scroll" tabIndex={0} role="group" aria-label={tx(`report.table.${table.table}`)}>
          <table class="figures-table">
            <caption class="visually-hidden">{tx(`report.table.${table.table}`)}</caption>
            <thead>
              <tr>
                <th scope="col">{tx('report.column.row')}</th>
                {columns.map((column) => <th key={column} scope="col">{tx(`report.column.${column}`, {}, column)}</th>)}
                {table.table === 'B' && <th scope="col">{tx('report.column.months')}</th>}
                {table.table === 'C' && <th scope="col">{tx('report.column.sanctions')}</th>}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.row} class={row.row === 'total' ? 'total' : undefined}>
                  <th scope="row">{rowName(row)}</th>
                  {columns.map((column) => <td key={column}>{value(row, column)}</td>)}
                  {table.table === 'B' && <td>{row.months ? `${number(row.months.min)} / ${number(row.months.median)} / ${number(row.months.max)}` : ''}</td>}
                  {table.table === 'C' && (
                    <td class="words">
                      {row.cells.filter((cell) => !sanctions.includes(cell.column)).map((cell) => `${name('sanction_kind', cell.column)} ${number(cell.count)}`).join('; ')}
                      {(row.money ?? []).map((sum) => ` · ${sum.currency} ${sum.amount}`)}
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {notes.map((row) => <p class="small" key={row.row}>{row.cells.map((cell, i) => <span key={cell.column}>{i > 0 && ' · '}{tx(`report.column.${cell.column}`)}: <Count cell={cell} title={tx(`report.column.${cell.column}`)} open={open} /></span>)}</p>)}
      {(table.excluded ?? []).length > 0 && (
        <details>
          <summary>{t('randot.excluded', { n: table.excluded!.length })}</summary>
          <ul class="plain-list">
            {[...new Set(table.excluded!.map((line) => line.reason))].map((reason) => {
              const cases = table.excluded!.filter((line) => line.reason === reason).map((line) => line.case_id)
              return <li key={reason}>{tx(`report.reason.${reason}`, {}, reason)}: <Count cell={{ column: reason, count: cases.length, cases }} title={tx(`report.reason.${reason}`, {}, reason)} open={open} /></li>
            })}
          </ul>
        </details>
      )}
    </Card>
  )
}

function Count({ cell, title, open }: { cell: Cell; title: string; open: (title: string, cases: string[]) => void }) {
  if (!cell.cases || cell.cases.length === 0) return <span class={cell.count === 0 ? 'muted' : undefined}>{number(cell.count)}</span>
  return <button type="button" class="link" aria-label={`${title}: ${number(cell.count)}`} onClick={() => open(title, cell.cases!)}>{number(cell.count)}</button>
}

/** The cases behind a number, by their own numbers as far as the reader may see them. */
function Behind({ title, cases, onClose }: { title: string; cases: string[]; onClose: () => void }) {
  const found = useLoad<Map<string, CaseList['items'][number]>>(`behind ${cases.join()}`, async (signal) => {
    const known = new Map<string, CaseList['items'][number]>()
    let after: string | undefined
    do {
      const page: CaseList = await get('/v1/cases' + query({ limit: 200, after }), signal)
      for (const item of page.items) if (cases.includes(item.case_id)) known.set(item.case_id, item)
      after = page.next
    } while (after && known.size < cases.length)
    return known
  })
  return (
    <Dialog title={title} onClose={onClose}>
      <Await from={found}>
        {(known) => (
          <ul class="feed">
            {cases.map((id) => {
              const item = known.get(id)
              return (
                <li key={id}>
                  {item ? <a href={`/cases/${id}`} onClick={onClose} class="mono">{item.number}</a> : <span class="mono small">{id}</span>}{' '}
                  {item ? <span class="muted">{(item.heading ?? []).map((field) => field.value).join(' · ')}</span> : <span class="muted small">{t('randot.notYours')}</span>}
                </li>
              )
            })}
          </ul>
        )}
      </Await>
      <Buttons><Button onClick={onClose}>{t('form.close')}</Button></Buttons>
    </Dialog>
  )
}

function Kept({ items, reload }: { items: RandotSnapshot[]; reload: () => void }) {
  const act = useAction(async (item: RandotSnapshot, step: 'verification' | 'clearance') => {
    await call('POST', `${KEPT}/${item.snapshot_id}/${step}`)
    say(tx(`randot.done.${step}`))
    reload()
  })
  const files = (item: RandotSnapshot, audience: string) =>
    (['pdf', 'xlsx'] as const).map((kind) => (
      <a key={kind} href={`${KEPT}/${item.snapshot_id}/${kind}${query({ language: language.get(), audience })}`} download={`randot-${item.country ?? 'all'}-${item.year}-v${item.version}${audience === 'public' ? '-public' : ''}.${kind}`}>
        {kind.toUpperCase()}
      </a>
    ))
  return (
    <>
      <FaultSummary problem={act.problem} />
      <ul class="feed">
        {items.map((item) => (
          <li key={item.snapshot_id}>
            <p>
              <strong>{t('randot.version', { n: item.version })}</strong>{' '}
              <Tag tone={item.cleared_at ? 'green' : item.verified_at ? 'blue' : 'yellow'}>{t(item.cleared_at ? 'randot.cleared' : item.verified_at ? 'randot.verified' : 'randot.prepared')}</Tag>{' '}
              {item.amended && <Tag>{t('randot.amended')}</Tag>} {item.faults > 0 && <Tag tone="red">{t('randot.faults', { n: item.faults })}</Tag>}
            </p>
            <p class="small muted"><When at={item.prepared_at} /> · <span class="mono">SHA-256 {item.sha256.slice(0, 16)}…</span></p>
            <p class="row">
              {files(item, 'internal')}
              {item.cleared_at && <span>{t('randot.public')}: {files(item, 'public').map((link, i) => <span key={i}>{i > 0 && ' · '}{link}</span>)}</span>}
              {!item.verified_at && can('randot_snapshot_verify') && <Button small busy={act.busy} onClick={() => void act.run(item, 'verification')}>{t('randot.verify')}</Button>}
              {item.verified_at && !item.cleared_at && can('randot_snapshot_clear') && <Button small busy={act.busy} onClick={() => void act.run(item, 'clearance')}>{t('randot.clear')}</Button>}
            </p>
          </li>
        ))}
      </ul>
    </>
  )
}
