// Links of a case as a list and as a drawing of what hangs together, whom to ask about what stays hidden,
// and the dialogs to add a link and to decide about one.
import { useState } from 'preact/hooks'
import type { Case, CaseLink, CaseLinkList, CaseList, CaseType, TraceRequestList } from '#api'
import { Dialog, say } from '../../kit/dialog'
import { Button, Buttons, Check, FaultSummary, Faults, Select, TextField } from '../../kit/form'
import { Await } from '../../kit/page'
import { Card, StateTag, Tag } from '../../kit/show'
import { call, get, Problem, query } from '../../lib/api'
import { linkLabel, typeName } from '../../lib/case_types'
import { country, name } from '../../lib/codes'
import { t, tx } from '../../lib/i18n'
import { can } from '../../lib/session'
import { useAction, useLoad } from '../../lib/use'
import { Contact } from '../case/hits'

const other = (file: Case, link: CaseLink) =>
  link.from_case === file.case_id ? { id: link.to_case, number: link.to_number, type: link.to_type } : { id: link.from_case, number: link.from_number, type: link.from_type }
const address = (end: { id: string; type: string }) => (end.type === 'trace_request' ? `/requests/${end.id}` : `/cases/${end.id}`)
const kindOf = (type: string) => (type === 'trace_request' ? t('linked.traceRequest') : typeName(type))

/** The case in the middle, what it is linked to around it; the list below says the same in words. */
function Graph({ file, links, type }: { file: Case; links: CaseLink[]; type: CaseType }) {
  const [w, h] = [640, 270]
  const ends = links.map((link, i) => {
    const angle = (2 * Math.PI * i) / links.length - Math.PI / 2
    return { link, end: other(file, link), x: w / 2 + Math.cos(angle) * 225, y: h / 2 + Math.sin(angle) * 105 }
  })
  return (
    <svg class="link-graph" viewBox={`0 0 ${w} ${h}`} role="group" aria-label={t('linked.graph', { n: links.length })}>
      {ends.map(({ link, x, y }) => (
        <line key={link.link_id} x1={w / 2} y1={h / 2} x2={x} y2={y} class={link.state} />
      ))}
      <g class="node own">
        <rect x={w / 2 - 88} y={h / 2 - 20} width="176" height="40" rx="8" />
        <text x={w / 2} y={h / 2 - 3}>{typeName(type.type)}</text>
        <text x={w / 2} y={h / 2 + 12} class="small">{file.number}</text>
      </g>
      {ends.map(({ link, end, x, y }) => (
        <a key={link.link_id} href={address(end)}>
          <g class="node">
            <rect x={x - 88} y={y - 20} width="176" height="40" rx="8" />
            <text x={x} y={y - 3}>{kindOf(end.type)}</text>
            <text x={x} y={y + 12} class="small">{end.number}</text>
          </g>
        </a>
      ))}
    </svg>
  )
}

export function Links({ type, file }: { type: CaseType; file: Case }) {
  const found = useLoad<CaseLinkList>(`links ${file.case_id} ${file.version}`, (signal) => get(`/v1/cases/${file.case_id}/links`, signal))
  const [adding, setAdding] = useState(false)
  const decide = useAction(async (link: CaseLink, state: 'confirmed' | 'rejected') => {
    await call('POST', `/v1/case-links/${link.link_id}/decision`, { body: { state } })
    say(tx(`linked.linkState.${state}`))
    found.reload()
  })
  const agree = useAction(async (agreed: boolean) => {
    found.set((await call<CaseLinkList>('PUT', `/v1/cases/${file.case_id}/deconfliction`, { body: { agreed } })).data)
  })
  return (
    <Card title={t('linked.links')} aside={can('case_link_add') && <Button small onClick={() => setAdding(true)}>{t('linked.addLink')}</Button>}>
      <Await from={found}>
        {(data) => (
          <>
            {data.items.length === 0 && <p class="muted">{t('linked.noLinks')}</p>}
            {data.items.length > 0 && data.items.length <= 12 && <Graph file={file} links={data.items} type={type} />}
            <FaultSummary problem={decide.problem ?? agree.problem} />
            <ul class="feed">
              {data.items.map((link) => {
                const end = other(file, link)
                return (
                  <li key={link.link_id}>
                    <p>
                      <strong>{linkLabel(type, link.kind) === link.kind ? link.kind.replaceAll('_', ' ') : linkLabel(type, link.kind)}</strong> · {kindOf(end.type)} <a class="mono" href={address(end)}>{end.number}</a>{' '}
                      <Tag tone={link.state === 'confirmed' ? 'green' : link.state === 'rejected' ? 'grey' : 'yellow'}>{tx(`linked.linkState.${link.state}`)}</Tag>
                    </p>
                    {link.trace_result && (
                      <p class="small">
                        {t('linked.traceResult')} <StateTag state={link.trace_result.state} /> {name('outcome-codes', link.trace_result.outcome_code)}
                        {link.trace_result.legs.map((leg, i) => (
                          <span key={i}> · {country(leg.country)} <StateTag state={leg.state} /></span>
                        ))}
                      </p>
                    )}
                    {link.state === 'proposed' && can('case_link_decide') && (
                      <Buttons>
                        <Button small busy={decide.busy} onClick={() => void decide.run(link, 'confirmed')}>{t('linked.confirm')}</Button>
                        <Button small busy={decide.busy} onClick={() => void decide.run(link, 'rejected')}>{t('linked.reject')}</Button>
                      </Buttons>
                    )}
                  </li>
                )
              })}
            </ul>
            {data.deconfliction.length > 0 && (
              <ul class="hits" aria-label={t('linked.hidden')}>
                {data.deconfliction.map((line) => (
                  <li key={line.ground + line.agency}>
                    <strong>{tx(`linked.ground.${line.ground}`)}</strong>
                    <span>{line.agency_name}</span>
                    <Contact email={line.contact_email} phone={line.contact_phone} />
                  </li>
                ))}
              </ul>
            )}
            {can('case_deconfliction') && file.members !== undefined && (
              <Check label={t('linked.deconfliction')} hint={t('linked.deconflictionHint')} checked={data.agreed_to_deconfliction} onChange={(on) => void agree.run(on)} />
            )}
          </>
        )}
      </Await>
      {adding && <AddLink type={type} file={file} onClose={() => setAdding(false)} onDone={() => { setAdding(false); found.reload() }} />}
    </Card>
  )
}

/** By its number: of a case of a declared type, or of a trace request. */
async function idOf(number: string): Promise<string | undefined> {
  const wanted = number.trim().toUpperCase()
  const cases = await get<CaseList>('/v1/cases' + query({ number: wanted, limit: 1 }))
  if (cases.items[0]) return cases.items[0].case_id
  if (!can('trace_list')) return undefined
  return (await get<TraceRequestList>('/v1/trace-requests' + query({ number: wanted, limit: 1 }))).items[0]?.case_id
}

function AddLink({ type, file, onClose, onDone }: { type: CaseType; file: Case; onClose: () => void; onDone: () => void }) {
  const [kind, setKind] = useState('')
  const [number, setNumber] = useState('')
  const [basis, setBasis] = useState('document')
  const [confidence, setConfidence] = useState('4')
  const { run, busy, problem } = useAction(async () => {
    const to = await idOf(number)
    if (!to) throw new Problem(422, 'validation-failed', t('linked.noSuchCase'), '', [{ pointer: '/to_case', code: 'not_found', message: t('linked.noSuchCase') }])
    await call('POST', `/v1/cases/${file.case_id}/links`, { body: { to_case: to, kind, basis, confidence: Number(confidence) } })
    say(t('linked.linked'))
    onDone()
  })
  return (
    <Dialog title={t('linked.addLink')} onClose={onClose}>
      <Faults.Provider value={problem?.errors ?? []}>
        <FaultSummary problem={problem} />
        <form onSubmit={(event) => { event.preventDefault(); void run() }}>
          <Select label={t('linked.linkKind')} pointer="/kind" value={kind} onChange={setKind} options={type.links.map((one) => ({ value: one.name, label: linkLabel(type, one.name) }))} />
          <TextField label={t('linked.otherNumber')} pointer="/to_case" hint={t('linked.otherNumberHint')} mono value={number} onChange={setNumber} />
          <Select label={t('linked.basis')} pointer="/basis" value={basis} onChange={setBasis} options={['document', 'analyst', 'match'].map((value) => ({ value, label: tx(`linked.basisOf.${value}`) }))} />
          <Select label={t('linked.confidence')} pointer="/confidence" value={confidence} onChange={setConfidence} options={['1', '2', '3', '4', '5'].map((value) => ({ value, label: value }))} />
          <Buttons>
            <Button kind="primary" type="submit" busy={busy}>{t('linked.addLink')}</Button>
            <Button onClick={onClose}>{t('form.cancel')}</Button>
          </Buttons>
        </form>
      </Faults.Provider>
    </Dialog>
  )
}
