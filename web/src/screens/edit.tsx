// A new request, or one that is corrected: a task list whose sections are saved as they are typed. Nothing
// is lost: drafts lie on the server, what could not be sent yet in this tab, and a version that somebody
// else changed is merged field by field.
import { useEffect, useRef, useState } from 'preact/hooks'
import type { TraceRequest } from '#api'
import { Dialog, say } from '../kit/dialog'
import { Button, Buttons, FaultSummary, Faults } from '../kit/form'
import { Await, Notice, Page } from '../kit/page'
import { Card, Summary, Tag } from '../kit/show'
import { call, Problem } from '../lib/api'
import { time } from '../lib/format'
import { dropDraft, keepDraft, readDraft } from '../lib/drafts'
import { t } from '../lib/i18n'
import { go, place, setQuery } from '../lib/router'
import { me } from '../lib/session'
import { useStore } from '../lib/store'
import { useAction, useLoad } from '../lib/use'
import { SeenElsewhere } from './case/elsewhere'
import { allFields, at, put, sections, shownFields, words, type Content, type Section } from './form/fields'
import { Input } from './form/inputs'
import { conflictsOf, Merge, patchOf, type Conflict } from './form/merge'

interface Work {
  id: string
  version: number
  number: string
  state: string
  base: Content
}

const fresh = (): Content => ({
  purpose: 'investigation',
  priority: 'routine',
  firearm: {},
  recovery: { country: me.get()?.agency.country },
  handling_code: 'H1',
  requested_groups: ['G5', 'G6', 'G9'],
  shared_groups: ['G0', 'G1', 'G2', 'G8', 'G9'],
})
/** What the server shows beside what was written is no part of the form. */
const contentOf = (request: TraceRequest): Content => {
  const { source_cells, ...content } = request.content as unknown as Content
  void source_cells
  return content
}

export default function EditScreen({ parts }: { parts: Record<string, string> }) {
  const id = parts['id']
  const loaded = useLoad<TraceRequest | 'new'>(`edit ${id ?? 'new'}`, async () => {
    if (!id) return 'new'
    const { data } = await call<TraceRequest>('GET', `/v1/trace-requests/${id}`)
    return data
  })
  const title = id ? t('form.editTitle') : t('form.newTitle')
  return (
    <Page title={title} wide before={id && <p><a href={`/requests/${id}`}>← {t('edit.back')}</a></p>}>
      <Await from={loaded}>{(request) => <Form request={request} />}</Await>
    </Page>
  )
}

function Form({ request }: { request: TraceRequest | 'new' }) {
  const draftKey = `request.${request === 'new' ? 'new' : request.case_id}`
  const [work, setWork] = useState<Work | null>(request === 'new' ? null : { id: request.case_id, version: request.version, number: request.number, state: request.state, base: contentOf(request) })
  const [content, setContent] = useState<Content>(() => readDraft<Content>(draftKey) ?? (request === 'new' ? fresh() : contentOf(request)))
  const [saved, setSaved] = useState<Date | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [conflicts, setConflicts] = useState<{ list: Conflict[]; theirs: Content; version: number } | null>(null)
  const [confirmDiscard, setDiscard] = useState(false)
  const { search } = useStore(place)
  const section = search.get('section')
  const now = useRef({ content, work })
  now.current = { content, work }
  const saving = useRef<Promise<void>>(Promise.resolve())
  const timer = useRef(0)
  const createKey = useRef(crypto.randomUUID())

  const store = async (): Promise<void> => {
    const { content: mine, work: known } = now.current
    try {
      if (!known) {
        const { data } = await call<TraceRequest>('POST', '/v1/trace-requests', { body: { ...mine, submit: false }, key: createKey.current })
        const made = { id: data.case_id, version: data.version, number: data.number, state: data.state, base: mine }
        now.current.work = made
        setWork(made)
        dropDraft(draftKey)
        keepDraft(`request.${data.case_id}`, mine)
      } else {
        const changes = patchOf(known.base, mine)
        if (Object.keys(changes).length === 0) return
        const { data } = await call<TraceRequest>('PATCH', `/v1/trace-requests/${known.id}`, { body: changes, version: known.version })
        const next = { ...known, version: data.version, base: mine }
        now.current.work = next
        setWork(next)
      }
      dropDraft(`request.${now.current.work?.id}`)
      setSaved(new Date())
      setProblem(null)
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure
      if (failure.status === 412 && known) {
        const { data } = await call<TraceRequest>('GET', `/v1/trace-requests/${known.id}`)
        const theirs = contentOf(data)
        setConflicts({ list: conflictsOf(known.base, mine, theirs), theirs, version: data.version })
      } else {
        setProblem(failure)
      }
      throw failure
    }
  }
  /** One save after the other, each with what stands then. */
  const saveNow = (): Promise<void> => {
    clearTimeout(timer.current)
    saving.current = saving.current.catch(() => undefined).then(store)
    return saving.current
  }
  const change = (next: Content) => {
    setContent(next)
    now.current.content = next
    keepDraft(now.current.work ? `request.${now.current.work.id}` : draftKey, next)
    clearTimeout(timer.current)
    timer.current = window.setTimeout(() => void saveNow().catch(() => undefined), 1500)
  }
  useEffect(() => () => {
    clearTimeout(timer.current)
    void saveNow().catch(() => undefined)
  }, [])

  const { run: send, busy, problem: sendProblem } = useAction(async () => {
    await saveNow()
    const known = now.current.work!
    const { data } = await call<TraceRequest>('POST', `/v1/trace-requests/${known.id}/submission`, { version: known.version })
    setWork(null)
    clearTimeout(timer.current)
    now.current.work = { ...known, version: data.version, base: now.current.content }
    say(t('form.sent', { number: data.number }))
    go(`/requests/${data.case_id}`)
  })
  const { run: discard, busy: discarding, problem: discardProblem } = useAction(async () => {
    clearTimeout(timer.current)
    const known = now.current.work
    if (known) await call('POST', `/v1/trace-requests/${known.id}/withdrawal`, { body: { text: t('form.discarded') }, version: known.version })
    now.current.content = known?.base ?? fresh()
    dropDraft(draftKey)
    go('/')
  })

  const faults = [...(sendProblem?.errors ?? []), ...(problem?.errors ?? [])]
  const all = sections()
  const current = all.find((one) => one.id === section)
  return (
    <Faults.Provider value={faults}>
      <div class="row save-line">
        {work && <span class="mono">{work.number}</span>}
        <span class="muted" role="status">{problem?.code === 'offline' ? t('form.offline') : saved ? t('form.saved', { time: time(saved) }) : t('form.savedAsYouGo')}</span>
        {(!work || work.state === 'DRAFT') && <Button small kind="quiet" onClick={() => setDiscard(true)}>{t('form.discard')}</Button>}
      </div>
      {problem && problem.code !== 'offline' && <FaultSummary problem={problem} labels={labelOf} />}
      {sendProblem && !conflicts && <FaultSummary problem={sendProblem} labels={labelOf} />}
      {current ? (
        <SectionForm section={current} content={content} change={change} except={work?.id} onDone={() => { void saveNow().catch(() => undefined); setQuery({ section: '' }); scrollTo(0, 0) }} />
      ) : section === 'check' ? (
        <CheckAnswers content={content} sections={all} send={() => void send()} busy={busy} />
      ) : (
        <TaskList sections={all} content={content} faults={faults.map((fault) => fault.pointer)} />
      )}
      {conflicts && (
        <Merge
          conflicts={conflicts.list}
          onClose={() => setConflicts(null)}
          onMerged={(chosen) => {
            let merged = conflicts.theirs
            const { content: mine, work: known } = now.current
            for (const one of allFields()) if (JSON.stringify(at(mine, one.pointer)) !== JSON.stringify(at(known?.base, one.pointer))) merged = put(merged, one.pointer, at(mine, one.pointer))
            for (const one of conflicts.list) if (chosen.get(one.field.pointer) === 'theirs') merged = put(merged, one.field.pointer, one.theirs)
            const next = { ...known!, version: conflicts.version, base: conflicts.theirs }
            now.current = { content: merged, work: next }
            setWork(next)
            setConflicts(null)
            change(merged)
          }}
        />
      )}
      {confirmDiscard && (
        <Dialog title={t('form.discard')} onClose={() => setDiscard(false)}>
          <FaultSummary problem={discardProblem} />
          <p>{t('form.discardText')}</p>
          <Buttons>
            <Button kind="danger" busy={discarding} onClick={() => void discard()}>{t('form.discard')}</Button>
            <Button onClick={() => setDiscard(false)}>{t('form.cancel')}</Button>
          </Buttons>
        </Dialog>
      )}
    </Faults.Provider>
  )
}

const labelOf = (pointer: string): string => allFields().find((one) => pointer === one.pointer || pointer.startsWith(`${one.pointer}/`))?.label ?? ''

type Status = 'none' | 'some' | 'done' | 'bad'
function statusOf(section: Section, content: Content, faults: string[]): Status {
  if (faults.some((pointer) => section.fields.some((one) => pointer.startsWith(one.pointer)))) return 'bad'
  const shown = shownFields(section, content)
  const filled = shown.filter((one) => words(one, at(content, one.pointer)) !== '').length
  const need: Record<string, string[]> = {
    firearm: ['/firearm/serial_condition', '/firearm/type_code', '/firearm/calibre_text', '/firearm/make_text'],
    marks: [],
    recovery: ['/recovery/recovered_on', '/recovery/country'],
    people: [],
    purpose: ['/purpose', '/legal_basis', '/offence_code'],
    recipients: ['/recipients'],
  }
  const missing = need[section.id]!.some((pointer) => words(shown.find((one) => one.pointer === pointer) ?? section.fields[0]!, at(content, pointer)) === '')
  if (filled === 0 || (section.id === 'recovery' && filled === 1)) return 'none'
  return missing ? 'some' : 'done'
}

/** What other requests are compared with while this one is written. */
const looked = (content: Content) => ({
  serial: at(content, '/firearm/serial_raw') as string | undefined,
  make: at(content, '/firearm/make_text') as string | undefined,
  calibre: at(content, '/firearm/calibre_text') as string | undefined,
})

function TaskList({ sections: all, content, faults }: { sections: Section[]; content: Content; faults: string[] }) {
  const states = all.map((one) => statusOf(one, content, faults))
  const done = states.filter((state) => state === 'done').length
  const tag = (state: Status, optional?: boolean) =>
    state === 'done' ? <Tag tone="green">{t('form.done')}</Tag> : state === 'bad' ? <Tag tone="red">{t('form.toCorrect')}</Tag> : state === 'some' ? <Tag tone="yellow">{t('form.missing')}</Tag> : <Tag>{optional ? t('form.optional') : t('form.notStarted')}</Tag>
  return (
    <div class="with-side">
      <div>
        <p class="lead">{t('form.progress', { n: done, of: all.length })}</p>
        <ol class="tasks">
          {all.map((one, i) => (
            <li key={one.id}>
              <a href={`?section=${one.id}`}>{one.title}</a>
              <span class="task-text muted">{one.fields.slice(0, 5).map((field) => words(field, at(content, field.pointer))).filter(Boolean).join(' · ')}</span>
              {tag(states[i]!, one.optional || one.id === 'marks')}
            </li>
          ))}
          <li>
            <a href="?section=check">{t('form.s.check')}</a>
            <span class="task-text muted">{t('form.s.checkText')}</span>
            <span />
          </li>
        </ol>
      </div>
      <aside>
        <SeenElsewhere {...looked(content)} />
      </aside>
    </div>
  )
}

function SectionForm(props: { section: Section; content: Content; change: (content: Content) => void; except?: string; onDone: () => void }) {
  const { section, content, change } = props
  return (
    <div class="with-side">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          props.onDone()
        }}
      >
        <Card title={section.title}>
          {section.text && <p class="lead">{section.text}</p>}
          {shownFields(section, content).map((field) => (
            <Input key={field.pointer} field={field} value={at(content, field.pointer)} onChange={(value) => change(put(content, field.pointer, value))} />
          ))}
          <Buttons>
            <Button kind="primary" type="submit">{t('form.saveSection')}</Button>
            <a href={location.pathname} class="button quiet">{t('form.toList')}</a>
          </Buttons>
        </Card>
      </form>
      <aside>
        {section.id === 'firearm' && <SeenElsewhere {...looked(content)} except={props.except} />}
      </aside>
    </div>
  )
}

function CheckAnswers({ content, sections: all, send, busy }: { content: Content; sections: Section[]; send: () => void; busy: boolean }) {
  return (
    <div class="stack narrow">
      {all.map((section) => (
        <Card key={section.id} title={section.title} aside={<a href={`?section=${section.id}`}>{t('form.change')}<span class="visually-hidden"> {section.title}</span></a>}>
          <Summary rows={shownFields(section, content).map((field) => [field.label, words(field, at(content, field.pointer))])} />
        </Card>
      ))}
      <Notice>{t('form.sendText')}</Notice>
      <Buttons>
        <Button kind="primary" busy={busy} onClick={send}>{t('form.send')}</Button>
        <a class="button quiet" href={location.pathname}>{t('form.toList')}</a>
      </Buttons>
    </div>
  )
}
