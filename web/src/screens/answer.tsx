// The answer editor: kind, outcome, the chain link by link with its drawing beside it, what the answer may
// be used for, and a send button that names who gets it. Three presses for "no record", four for a full answer.
import { useState } from 'preact/hooks'
import type { AnswerGive, Leg, NewChainLink } from '#api'
import { say } from '../kit/dialog'
import { Button, Buttons, Check, Choice, FaultSummary, Faults, Select, TextArea, TextField } from '../kit/form'
import { Await, Notice, Page } from '../kit/page'
import { Card, Due, Summary } from '../kit/show'
import { call } from '../lib/api'
import { countryOptions, name, options } from '../lib/codes'
import { dropDraft, keepDraft, readDraft } from '../lib/drafts'
import { t, tx } from '../lib/i18n'
import { go, place } from '../lib/router'
import { agencyName, me } from '../lib/session'
import { useStore } from '../lib/store'
import { useAction, useChanges, useLoad } from '../lib/use'
import { firearmTitle } from '../lib/work'
import { Chain } from './case/chain'
import { readLeg, type CaseView } from './case/data'

type Link = Partial<Record<keyof NewChainLink, string>> & { second_hand_yes?: boolean }
interface Draft {
  kind: 'full' | 'partial' | 'no_record'
  outcome: string
  chain: Link[]
  remarks: string
  evaluation: string
  conditions: string
  next: string
  handling: string
}
const blank: Draft = { kind: 'full', outcome: '', chain: [], remarks: '', evaluation: '', conditions: '', next: '', handling: '' }
const PERSONAL = ['purchaser', 'end_user', 'government_stock']

function body(draft: Draft): AnswerGive {
  const full: Record<string, unknown> = {
    kind: draft.kind,
    outcome_code: draft.outcome,
    remarks: draft.remarks,
    evaluation: draft.evaluation,
    conditions: draft.conditions,
    next_country: draft.next,
    handling_code: draft.handling,
    chain:
      draft.kind === 'no_record'
        ? []
        : draft.chain.map(({ second_hand_yes, ...link }) => ({
            ...Object.fromEntries(Object.entries(link).filter(([, value]) => value)),
            ...(second_hand_yes ? { second_hand: true } : {}),
          })),
  }
  return Object.fromEntries(Object.entries(full).filter(([, value]) => value !== '' && !(Array.isArray(value) && value.length === 0))) as AnswerGive
}

export default function AnswerScreen({ parts }: { parts: Record<string, string> }) {
  const id = parts['leg'] ?? ''
  const loaded = useLoad<CaseView>(`leg ${id}`, (signal) => readLeg(id, signal))
  useChanges((change) => change.case_id === loaded.data?.caseId, loaded.reload)
  return (
    <Page title={t('edit.answerTitle')} wide before={<p><a href={`/legs/${id}`}>← {t('edit.back')}</a></p>}>
      <Await from={loaded}>{(data) => <Editor data={data} leg={data.legs[0]!} />}</Await>
    </Page>
  )
}

function Editor({ data, leg }: { data: CaseView; leg: Leg }) {
  const corrects = useStore(place).search.get('corrects') ?? ''
  const draftKey = `answer.${leg.leg_id}.${corrects}`
  const [draft, setDraft] = useState<Draft>(() => readDraft<Draft>(draftKey) ?? start(leg, corrects))
  const [key, setKey] = useState(() => crypto.randomUUID())
  const [kept, setKept] = useState(readDraft(draftKey) !== null)
  const set = (changes: Partial<Draft>) => {
    const next = { ...draft, ...changes }
    setDraft(next)
    keepDraft(draftKey, next)
    setKept(true)
    setKey(crypto.randomUUID())
  }
  const setLink = (at: number, changes: Link) => set({ chain: draft.chain.map((link, i) => (i === at ? { ...link, ...changes } : link)) })
  const move = (at: number, by: number) => {
    const chain = [...draft.chain]
    const [taken] = chain.splice(at, 1)
    chain.splice(at + by, 0, taken!)
    set({ chain })
  }
  const { run, busy, problem } = useAction(async () => {
    const path = corrects ? `/v1/answers/${corrects}/correction` : `/v1/legs/${leg.leg_id}/answers`
    const reply = await call<Leg>('POST', path, { body: body(draft), version: corrects ? undefined : leg.version, key })
    dropDraft(draftKey)
    say(reply.data.flags.includes('ANSWER_PENDING') ? t('edit.answerHeld') : t('edit.answerSent', { who: agencyName(leg.asking_agency) }))
    go(`/legs/${leg.leg_id}`)
  })
  const outcomes = options('outcome-codes')
  const needsSecond = draft.kind !== 'no_record' && draft.chain.some((link) => PERSONAL.includes(link.role ?? ''))
  const gun = data.content?.firearm
  return (
    <Faults.Provider value={problem?.errors ?? []}>
      <div class="with-side">
        <form
          onSubmit={(event) => {
            event.preventDefault()
            void run()
          }}
        >
          {problem?.status === 412 ? <Notice kind="warn" title={problem.title}><p>{t('edit.answerStale')}</p></Notice> : <FaultSummary problem={problem} labels={labels} />}
          <Card title={t('edit.result')}>
            <Choice
              label={t('edit.kind')}
              pointer="/kind"
              inline
              value={draft.kind}
              onChange={(kind) => set({ kind: kind as Draft['kind'] })}
              options={(['full', 'partial', 'no_record'] as const).map((value) => ({ value, label: tx(`kind.${value}`) }))}
            />
            <Select label={t('field.outcome')} pointer="/outcome_code" value={draft.outcome} onChange={(outcome) => set({ outcome })} options={outcomes} groupName={(group) => tx(`outcomeGroup.${group}`, {}, group)} />
          </Card>
          {draft.kind !== 'no_record' && (
            <Card title={t('chain.title')}>
              {draft.chain.length === 0 && <p class="muted">{t('edit.noChain')}</p>}
              {draft.chain.map((link, i) => (
                <LinkFields
                  key={i}
                  link={link}
                  at={i}
                  count={draft.chain.length}
                  onChange={(changes) => setLink(i, changes)}
                  onMove={(by) => move(i, by)}
                  onRemove={() => set({ chain: draft.chain.filter((_, other) => other !== i) })}
                />
              ))}
              <Buttons>
                <Button onClick={() => set({ chain: [...draft.chain, { role: nextRole(draft.chain), party_country: me.get()?.agency.country }] })}>{t('edit.addLink')}</Button>
              </Buttons>
            </Card>
          )}
          <Card title={t('edit.use')}>
            <div class="fields">
              <Select label={t('answer.evaluation')} pointer="/evaluation" optional value={draft.evaluation} onChange={(evaluation) => set({ evaluation })} options={evaluations()} />
              <Select label={t('field.handling')} pointer="/handling_code" optional value={draft.handling} onChange={(handling) => set({ handling })} options={options('handling-codes')} empty={t('edit.handlingAsRequest')} />
              <Select label={t('answer.next')} pointer="/next_country" optional value={draft.next} onChange={(next) => set({ next })} options={countryOptions()} />
            </div>
            <TextArea label={t('field.remarks')} pointer="/remarks" optional value={draft.remarks} onChange={(remarks) => set({ remarks })} maxLength={4000} />
            <TextArea label={t('answer.conditions')} pointer="/conditions" optional rows={2} value={draft.conditions} onChange={(conditions) => set({ conditions })} />
          </Card>
          {needsSecond && <Notice kind="warn">{t('edit.needsSecond')}</Notice>}
          <Buttons>
            <Button kind="primary" type="submit" busy={busy}>
              {t('edit.send', { who: agencyName(leg.asking_agency) })}
            </Button>
            {kept && (
              <Button
                kind="quiet"
                onClick={() => {
                  dropDraft(draftKey)
                  setKept(false)
                  setDraft(start(leg, corrects))
                }}
              >
                {t('edit.discard')}
              </Button>
            )}
            {kept && <span class="muted small">{t('edit.keptHere')}</span>}
          </Buttons>
        </form>
        <aside class="stack">
          <Card title={firearmTitle(gun)}>
            <p class="serial mono">{gun?.serial_raw ?? t('case.noSerial')}</p>
            <Summary
              rows={[
                [t('work.number'), <span class="mono">{data.number}</span>],
                [t('edit.askedBy'), agencyName(leg.asking_agency)],
                [t('work.due'), <Due at={leg.due_at} />],
                [t('field.asked'), (data.content as { requested_groups?: string[] } | undefined)?.requested_groups?.map((group) => name('field-groups', group)).join(', ')],
              ]}
            />
          </Card>
          {draft.kind !== 'no_record' && draft.chain.length > 0 && (
            <Card title={t('edit.preview')}>
              <Chain answer={{ chain: draft.chain as unknown as NewChainLink[] as never }} recovery={data.content?.recovery} />
            </Card>
          )}
        </aside>
      </div>
    </Faults.Provider>
  )
}

const ORDER = ['manufacturer', 'exporter', 'importer', 'wholesaler', 'retailer', 'purchaser']
const nextRole = (chain: Link[]): string => ORDER[ORDER.indexOf(chain.at(-1)?.role ?? '') + 1] ?? 'retailer'

function start(leg: Leg, corrects: string): Draft {
  const old = leg.answers?.find((answer) => answer.answer_id === corrects)
  if (!old) return blank
  return {
    kind: old.kind,
    outcome: old.outcome_code,
    remarks: old.remarks ?? '',
    evaluation: old.evaluation ?? '',
    conditions: old.conditions ?? '',
    next: old.next_country ?? '',
    handling: old.handling_code,
    chain: old.chain.map(({ flags, group, second_hand, ...link }) => ({ ...link, second_hand_yes: second_hand }) as Link),
  }
}

const evaluations = () =>
  ['A', 'B', 'C', 'X'].flatMap((source) =>
    ['1', '2', '3', '4'].map((content) => ({ value: source + content, label: `${source}${content} – ${tx(`source.${source}`)}; ${tx(`content.${content}`)}` })),
  )

function labels(pointer: string): string {
  const chain = /^\/chain\/(\d+)\/(\w+)/.exec(pointer)
  if (chain) return `${t('edit.link', { n: Number(chain[1]) + 1 })}, ${tx(`link.${chain[2]}`)}`
  return { '/outcome_code': t('field.outcome'), '/kind': t('edit.kind'), '/chain': t('chain.title'), '/remarks': t('field.remarks') }[pointer] ?? ''
}

function LinkFields(props: { link: Link; at: number; count: number; onChange: (changes: Link) => void; onMove: (by: number) => void; onRemove: () => void }) {
  const { link, at, onChange } = props
  const pointer = (field: string) => `/chain/${at}/${field}`
  const text = (field: keyof NewChainLink, hint?: string) => (
    <TextField label={tx(`link.${field}`)} hint={hint} pointer={pointer(field)} optional value={link[field]} onChange={(value) => onChange({ [field]: value })} />
  )
  return (
    <fieldset class="link-edit">
      <legend>
        {t('edit.link', { n: at + 1 })}: {name('chain-roles', link.role)}
      </legend>
      <div class="fields">
        <Select label={t('link.role')} pointer={pointer('role')} value={link.role} onChange={(role) => onChange({ role })} options={options('chain-roles')} />
        {text('party_name')}
        <Select label={t('link.party_country')} pointer={pointer('party_country')} optional value={link.party_country} onChange={(party_country) => onChange({ party_country })} options={countryOptions()} />
        {text('received_on', t('form.partialDate'))}
        {text('disposed_on', t('form.partialDate'))}
        <Select label={t('link.confidence')} pointer={pointer('confidence')} optional value={link.confidence} onChange={(confidence) => onChange({ confidence })} options={['documented', 'stated', 'inferred'].map((value) => ({ value, label: tx(`confidence.${value}`) }))} />
      </div>
      <details>
        <summary>{t('edit.moreFields')}</summary>
        <div class="fields">
          {text('party_place')}
          {text('party_licence')}
          {text('document')}
          {text('source_record')}
        </div>
        <Check label={t('chain.secondHandLong')} checked={link.second_hand_yes ?? false} onChange={(second_hand_yes) => onChange({ second_hand_yes })} />
      </details>
      <div class="row">
        <Button small disabled={at === 0} onClick={() => props.onMove(-1)} label={t('edit.up', { n: at + 1 })}>
          ↑
        </Button>
        <Button small disabled={at === props.count - 1} onClick={() => props.onMove(1)} label={t('edit.down', { n: at + 1 })}>
          ↓
        </Button>
        <Button small kind="danger" onClick={props.onRemove} label={t('edit.removeLink', { n: at + 1 })}>
          {t('form.remove')}
        </Button>
      </div>
    </fieldset>
  )
}
