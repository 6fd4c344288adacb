// Many requests from one file: choose, try without writing, correct the cells that were refused in place,
// then write. The file never leaves this page but as rows; each row keeps its result.
import { useRef, useState } from 'preact/hooks'
import type { Import, ImportRowResults } from '#api'
import { say } from '../kit/dialog'
import { Button, Buttons, Check, FaultSummary, Faults, Select, TextField } from '../kit/form'
import { Empty, Notice, Page } from '../kit/page'
import { Card, Tag } from '../kit/show'
import { call } from '../lib/api'
import { countryOptions, options } from '../lib/codes'
import { csvText, parseCsv, parts, save, textOf } from '../lib/csv'
import { t, tx, violation } from '../lib/i18n'
import { OWN, PROFILES, profileOf, templateOf } from '../lib/profiles'
import { useAction } from '../lib/use'

// A body may have 1 MiB and 500 rows; the rest of it is quotes and names.
const CHUNK = { rows: 500, characters: 200_000 }

type Result = ImportRowResults['items'][number]
interface Sheet {
  name: string
  bytes: ArrayBuffer
  columns: string[]
  rows: { line: number; cells: string[] }[]
}

const hex = (bytes: ArrayBuffer) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('')

export default function ImportScreen() {
  const [sheet, setSheet] = useState<Sheet | null>(null)
  const [common, setCommon] = useState<Record<string, string>>({ purpose: 'investigation', priority: 'routine' })
  const [profile, setProfile] = useState(OWN)
  const [submit, setSubmit] = useState(false)
  const [results, setResults] = useState<Map<number, Result>>(new Map())
  const [counts, setCounts] = useState<Import | null>(null)
  const [written, setWritten] = useState(false)
  const [progress, setProgress] = useState(0)
  const edited = useRef(new Set<number>())
  const bind = (name: string) => ({ pointer: `/common/${name}`, value: common[name], onChange: (value: string) => setCommon({ ...common, [name]: value }) })

  const choose = async (file: File | undefined) => {
    if (!file) return
    const bytes = await file.arrayBuffer()
    const [head, ...rows] = parseCsv(textOf(bytes))
    setProfile(profileOf(head?.cells ?? []))
    setSheet({ name: file.name, bytes, columns: head?.cells ?? [], rows })
    setResults(new Map())
    setCounts(null)
    setWritten(false)
    edited.current.clear()
  }

  const { run, busy, problem } = useAction(async (dry: boolean) => {
    if (!sheet) return
    // Cells that were corrected here make it another file: its own digest, its own import.
    const content = edited.current.size ? new TextEncoder().encode(csvText([sheet.columns, ...sheet.rows.map((row) => row.cells)])).buffer as ArrayBuffer : sheet.bytes
    const sha = hex(await crypto.subtle.digest('SHA-256', content))
    const shared: Record<string, unknown> = Object.fromEntries(Object.entries(common).filter(([name, value]) => value && name !== 'to'))
    if (common['to']) shared['recipients'] = [{ country: common['to'] }]
    const started = await call<Import>('POST', '/v1/imports', { body: { file_sha256: sha, file_name: sheet.name, profile, dry_run: dry, submit, announced_rows: sheet.rows.length, common: shared } })
    const found = new Map<number, Result>()
    for (const part of parts(sheet.rows, CHUNK.rows, CHUNK.characters)) {
      const reply = await call<ImportRowResults>('POST', `/v1/imports/${started.data.import_id}/rows`, {
        body: { columns: sheet.columns, rows: part.map((row) => ({ line: row.line, cells: sheet.columns.map((_, at) => row.cells[at] ?? '') })) },
      })
      for (const item of reply.data.items) found.set(item.line, item)
      setProgress(Math.round((found.size / sheet.rows.length) * 100))
    }
    const total = await call<Import>('GET', `/v1/imports/${started.data.import_id}`)
    setResults(found)
    setCounts(total.data)
    setWritten(!dry)
    say(dry ? t('import.tried', { n: found.size }) : t('import.written', { n: found.size }))
  })
  const setCell = (line: number, at: number, value: string) => {
    if (!sheet) return
    edited.current.add(line)
    setSheet({ ...sheet, rows: sheet.rows.map((row) => (row.line === line ? { ...row, cells: row.cells.map((cell, i) => (i === at ? value : cell)) } : row)) })
  }
  const toLook = [...results.values()].filter((result) => result.result === 'rejected' || result.notes.some((note) => note.verdict === 'review' || note.verdict === 'rejected'))
  return (
    <Page title={t('nav.import')} wide lead={t('import.lead')} aside={<Button onClick={() => save('rastro-template.csv', csvText([templateOf(profile)]))}>{t('import.template')}</Button>}>
      <Faults.Provider value={problem?.errors ?? []}>
        <FaultSummary problem={problem} />
        <div class="stack">
          <Card title={t('import.file')}>
            <label class="drop" for="import-file"
              onDragOver={(event) => event.preventDefault()}
              onDrop={(event) => { event.preventDefault(); void choose(event.dataTransfer?.files[0]) }}>
              <strong>{sheet ? sheet.name : t('import.choose')}</strong>
              <span class="muted">{sheet ? t('import.rows', { n: sheet.rows.length }) : t('import.chooseText')}</span>
              <input id="import-file" type="file" accept=".csv,text/csv" onChange={(event) => void choose(event.currentTarget.files?.[0])} />
            </label>
            <Select label={t('import.profile')} hint={t('import.profileHint')} pointer="/columns" value={profile} onChange={setProfile}
              options={PROFILES.map((value) => ({ value, label: tx(`import.profile.${value}`) }))} />
          </Card>
          <Card title={t('import.common')}>
            <div class="fields">
              <Select label={t('field.purpose')} options={options('purposes')} {...bind('purpose')} />
              <Select label={t('field.priority')} options={options('priorities')} {...bind('priority')} />
              <TextField label={t('field.legalBasis')} {...bind('legal_basis')} />
              <Select label={t('field.offence')} options={options('offence-categories')} {...bind('offence_code')} />
              <Select label={t('field.illicit')} options={options('illicit-grounds')} {...bind('illicit_ground')} />
              <TextField label={t('field.use')} {...bind('intended_use')} />
              <Select label={t('field.recipients')} hint={t('import.toHint')} options={countryOptions()} optional pointer="/common/recipients" value={common['to']} onChange={(to) => setCommon({ ...common, to })} />
            </div>
            <Check label={t('import.submit')} hint={t('import.submitHint')} checked={submit} onChange={setSubmit} />
            <Buttons>
              <Button kind={counts ? 'plain' : 'primary'} busy={busy} disabled={!sheet?.rows.length} onClick={() => void run(true)}>{t('import.try')}</Button>
              <Button kind={counts ? 'primary' : 'plain'} busy={busy} disabled={!counts || written} onClick={() => void run(false)}>{t('import.write')}</Button>
              {busy && <progress max={100} value={progress} aria-label={t('import.progress')} />}
            </Buttons>
          </Card>
          {counts && (
            <Card title={written ? t('import.result') : t('import.preview')}>
              <dl class="figures">
                {(['submitted', 'draft', 'duplicate', 'rejected', 'ready'] as const).map((name) => (
                  <div key={name} class={name === 'rejected' && counts.counts.rejected ? 'over' : undefined}><dt>{tx(`import.${name}`)}</dt><dd>{counts.counts[name]}</dd></div>
                ))}
              </dl>
              {counts.missing && <Notice kind="warn" title={t('import.missing')}><ul>{counts.missing.map((one) => <li key={one.pointer}>{one.pointer}: {violation(one.code, one.params)}</li>)}</ul></Notice>}
              {toLook.length === 0 ? <Empty title={t('import.allGood')} /> : (
                <>
                  <p class="lead">{t('import.look', { n: toLook.length })}</p>
                  <ul class="import-rows">
                    {toLook.slice(0, 200).map((result) => <RowResult key={result.line} result={result} sheet={sheet!} setCell={setCell} written={written} />)}
                  </ul>
                </>
              )}
            </Card>
          )}
        </div>
      </Faults.Provider>
    </Page>
  )
}

function RowResult({ result, sheet, setCell, written }: { result: Result; sheet: Sheet; setCell: (line: number, at: number, value: string) => void; written: boolean }) {
  const row = sheet.rows.find((one) => one.line === result.line)
  const notes = result.notes.filter((note) => note.verdict === 'rejected' || note.verdict === 'review')
  return (
    <li>
      <p class="row">
        <strong>{t('import.line', { n: result.line })}</strong>
        <Tag tone={result.result === 'rejected' ? 'red' : 'yellow'}>{tx(`import.${result.result}`)}</Tag>
        {result.number && <a class="mono" href={`/requests/${result.case_id}`}>{result.number}</a>}
      </p>
      {notes.map((note) => {
        const at = note.column - 1
        const id = `cell-${result.line}-${note.column}`
        return (
          <div class="cell-fix" key={note.column}>
            <label for={id}>{sheet.columns[at] ?? t('import.wholeRow')}</label>
            {at >= 0 && !written && <input id={id} value={row?.cells[at] ?? ''} aria-describedby={`${id}-why`} onChange={(event) => setCell(result.line, at, event.currentTarget.value)} />}
            <span id={`${id}-why`} class="error">
              {tx(`cell.${note.reason}`, {}, note.reason ? violation(note.reason) : tx(`verdict.${note.verdict}`))}
              {note.suggestions && ` – ${note.suggestions.join(', ')}`}
            </span>
          </div>
        )
      })}
    </li>
  )
}
