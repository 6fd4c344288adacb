// One declared case: what it is, the steps open to the reader, its objects with their own states, what
// waits for a second person, what rules noticed, links, who takes part, and what happened. Protected
// and sealed data are read for a purpose that is stated first, and written into the audit log.
import { useState } from 'preact/hooks'
import type { Case, CaseTimeline, CaseType } from '#api'
import { Button, Select } from '../kit/form'
import { Await, Notice, Page } from '../kit/page'
import { Card, Due, Menu, Summary, Tag, When } from '../kit/show'
import { get, query } from '../lib/api'
import { eventLabel, objectLabel, readType, readTypes, rootOf, stateLabel, typeName, type CaseObject } from '../lib/case_types'
import { name, options } from '../lib/codes'
import { list, t, tx } from '../lib/i18n'
import { agencyName, can, me } from '../lib/session'
import { useChanges, useLoad } from '../lib/use'
import { StepDialog, type Step } from './linked/act_dialog'
import { rowsOf, shown } from './linked/fields'
import { Links } from './linked/links'
import { MemberDialog, ShareDialog } from './linked/people'
import { Signals } from './linked/signals'

const MAIN = 3
const PROTECTED = ['S3', 'S4']

export default function LinkedCase({ parts }: { parts: Record<string, string> }) {
  const id = parts.id!
  const [purpose, setPurpose] = useState('')
  const found = useLoad<{ file: Case; type: CaseType }>(`case ${id} ${purpose}`, async (signal) => {
    await readTypes(signal)
    const file = await get<Case>(`/v1/cases/${id}${query({ purpose })}`, signal)
    return { file, type: await readType(file.type, file.type_version, signal) }
  })
  useChanges((change) => change.case_id === id, found.reload)
  if (found.data === null) return <Page title={t('linked.case')}><Await from={found}>{() => null}</Await></Page>
  const { file, type } = found.data
  return <Shown file={file} type={type} purpose={purpose} setPurpose={setPurpose} set={(next) => (purpose ? found.reload() : found.set({ file: next, type }))} reload={found.reload} />
}

function Shown(props: { file: Case; type: CaseType; purpose: string; setPurpose: (purpose: string) => void; set: (next: Case) => void; reload: () => void }) {
  const { file, type } = props
  const root = rootOf(type)
  const [step, setStep] = useState<Step | null>(null)
  const [dialog, setDialog] = useState<'share' | 'member' | null>(null)
  const itself = file.objects.find((one) => one.object_id === file.case_id)
  const others = file.objects.filter((one) => one.object_id !== file.case_id)
  const about = (type.heading ?? []).map((field) => itself?.fields?.find((one) => one.field === field)).flatMap((one) => (one ? [shown(root.fields.find((field) => field.name === one.field), one.value)] : []))
  const done = (next: Case) => { setStep(null); props.set(next) }
  const kinds = type.objects.filter((kind) => kind.name !== root.name && (others.some((one) => one.object === kind.name) || file.new_objects?.includes(kind.name)))
  return (
    <Page title={about.join(' · ') || typeName(file.type)} wide before={<p class="small"><a href="/cases">{t('nav.cases')}</a></p>}>
      <div class="identity">
        <span class="mono number">{file.number}</span>
        <span>{typeName(file.type)}</span>
        <Tag tone="blue">{stateLabel(type, root.name, file.state)}</Tag>
        <span class="muted">{agencyName(file.owner_agency)}</span>
        <span class="muted">{name('handling-codes', file.handling_code)}</span>
        {(itself?.clocks ?? []).map((clock) => <span key={clock.clock} class="small">{name('case_clock', clock.clock)}: <Due at={clock.due_at} /></span>)}
      </div>
      {(file.pending ?? []).map((one) => (
        <Notice key={one.object_id + one.event} kind="warn" title={t('linked.waits', { step: eventLabel(one.event) })}>
          <p><When at={one.proposed_at} /> · {one.proposed_by}</p>
        </Notice>
      ))}
      {itself && (
        <div class="actions">
          <Steps object={itself} start={(event) => setStep({ object: root.name, target: itself, event })} main={MAIN} />
          {can('case_share') && file.members && <Button kind="quiet" onClick={() => setDialog('share')}>{t('linked.share')}</Button>}
          {can('case_member') && file.members && <Button kind="quiet" onClick={() => setDialog('member')}>{t('linked.member')}</Button>}
        </div>
      )}
      <div class="with-side">
        <div>
          <Card title={t('linked.data')} aside={<Purpose file={file} purpose={props.purpose} setPurpose={props.setPurpose} />}>
            {itself && rowsOf(root.fields, itself).length > 0 ? <Summary rows={rowsOf(root.fields, itself)} /> : <p class="muted">{t('linked.noData')}</p>}
          </Card>
          {kinds.map((kind) => (
            <Card
              key={kind.name}
              title={objectLabel(type, kind.name)}
              aside={file.new_objects?.includes(kind.name) && <Button small onClick={() => setStep({ object: kind.name, event: addingEvent(type, kind.name) })}>{t('linked.add')}</Button>}
            >
              {others.filter((one) => one.object === kind.name).length === 0 && <p class="muted">{t('linked.noneYet')}</p>}
              <ul class="feed">
                {others.filter((one) => one.object === kind.name).map((one) => (
                  <li key={one.object_id}>
                    <p class="tags">
                      <Tag tone={one.open ? 'blue' : 'grey'}>{stateLabel(type, kind.name, one.state)}</Tag>
                      {(one.clocks ?? []).map((clock) => <span key={clock.clock} class="small">{name('case_clock', clock.clock)}: <Due at={clock.due_at} /></span>)}
                    </p>
                    <Summary rows={rowsOf(kind.fields, one)} />
                    <div class="buttons">
                      <Steps object={one} start={(event) => setStep({ object: kind.name, target: one, event })} main={2} small />
                    </div>
                  </li>
                ))}
              </ul>
            </Card>
          ))}
          <Links type={type} file={file} />
          <Timeline type={type} file={file} />
        </div>
        <aside>
          <Signals type={type} file={file} onDone={props.set} />
          <TakesPart file={file} />
        </aside>
      </div>
      {step && <StepDialog type={type} file={file} step={step} onClose={() => setStep(null)} onDone={done} />}
      {dialog === 'share' && <ShareDialog file={file} onClose={() => setDialog(null)} onDone={(next) => { setDialog(null); props.set(next) }} />}
      {dialog === 'member' && <MemberDialog file={file} onClose={() => setDialog(null)} onDone={(next) => { setDialog(null); props.set(next) }} />}
    </Page>
  )
}

/** The event that brings a new object into being: "add", for most. */
const addingEvent = (type: CaseType, object: string) => type.transitions.find((one) => one.object === object && one.from.length === 0)?.event ?? 'add'

function Steps({ object, start, main, small }: { object: CaseObject; start: (event: string) => void; main: number; small?: boolean }) {
  const quiet = ['change', 'put_on_hold', 'correct', 'discard']
  const events = [...(object.events ?? [])].sort((a, b) => Number(quiet.includes(a)) - Number(quiet.includes(b)))
  const [first, rest] = [events.slice(0, main), events.slice(main)]
  return (
    <>
      {first.map((event, i) => <Button key={event} small={small} kind={i === 0 && !small ? 'primary' : 'plain'} onClick={() => start(event)}>{eventLabel(event)}</Button>)}
      {rest.length > 0 && <Menu label={t('case.more')}>{rest.map((event) => <Button key={event} small onClick={() => start(event)}>{eventLabel(event)}</Button>)}</Menu>}
    </>
  )
}

const PURPOSES = ['protection', 'investigation', 'prosecution', 'court_order', 'referral', 'audit_review', 'data_quality', 'emergency_life']

/** Why somebody reads what is protected: asked before it is shown. */
function Purpose({ file, purpose, setPurpose }: { file: Case; purpose: string; setPurpose: (purpose: string) => void }) {
  const member = (file.members ?? []).some((one) => one.user_id === me.get()?.id && one.kind === 'named')
  if (!member && !PROTECTED.some((group) => (file.groups as string[]).includes(group))) return null
  const names = new Map(options('purposes').map((one) => [one.value, one.label]))
  return (
    <span class="row no-print">
      <Select label={t('linked.purpose')} empty={t('linked.noPurpose')} value={purpose} onChange={setPurpose} options={PURPOSES.map((value) => ({ value, label: names.get(value) ?? tx(`linked.purposeOf.${value}`) }))} />
    </span>
  )
}

function TakesPart({ file }: { file: Case }) {
  const parties = file.parties ?? []
  return (
    <Card title={t('linked.who')}>
      <ul class="access-list">
        <li><strong>{agencyName(file.owner_agency)}</strong><span class="muted">{t('linked.owner')}</span></li>
        {parties.map((party) => (
          <li key={party.agency}>
            <strong>{agencyName(party.agency)}</strong>
            <span class="muted">{tx(`linked.relation.${party.relation}`)}{party.groups && ` · ${list(party.groups.map((group) => tx(`linked.group.${group}`)))}`}</span>
          </li>
        ))}
      </ul>
      <p class="small muted">{t('linked.shown', { groups: list(file.groups.map((group) => tx(`linked.group.${group}`))) })}</p>
      {file.members && <p class="small muted">{t('linked.members', { n: file.members.length })}</p>}
    </Card>
  )
}

const FIRST = 8
function Timeline({ type, file }: { type: CaseType; file: Case }) {
  const found = useLoad<CaseTimeline>(`case timeline ${file.case_id} ${file.version}`, (signal) => get(`/v1/cases/${file.case_id}/timeline`, signal))
  const [all, setAll] = useState(false)
  return (
    <Card title={t('timeline.title')}>
      <Await from={found}>
        {(data) => {
          const entries = [...data.items].reverse()
          return (
            <>
              <ol class="timeline">
                {(all ? entries : entries.slice(0, FIRST)).map((entry) => (
                  <li key={entry.event_id}>
                    <p>
                      <strong>{eventLabel(entry.event) === entry.event ? tx(`linked.note.${entry.event}`, {}, entry.event.replaceAll('_', ' ')) : eventLabel(entry.event)}</strong>
                      {entry.event.startsWith('prepare.') && <span class="muted"> ({t('linked.firstOfTwo')})</span>}{' '}
                      {entry.object !== rootOf(type).name && <span class="muted">{objectLabel(type, entry.object)}</span>}{' '}
                      {entry.to_state && entry.to_state !== entry.from_state && <Tag>{stateLabel(type, entry.object, entry.to_state)}</Tag>}
                    </p>
                    {entry.clock && <p>{name('case_clock', entry.clock)}</p>}
                    {entry.text && <p class="message-body">{entry.text}</p>}
                    <p class="muted small"><When at={entry.occurred_at} /> · {agencyName(entry.agency)}</p>
                  </li>
                ))}
              </ol>
              {entries.length > FIRST && <Button kind="quiet" onClick={() => setAll(!all)}>{all ? t('timeline.less') : t('timeline.more', { n: entries.length - FIRST })}</Button>}
            </>
          )
        }}
      </Await>
    </Card>
  )
}
