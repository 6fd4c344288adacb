// One trace request, from either side: who it is between, what can be done now, the firearm, the chain of
// ownership, the talk between the agencies with who can read it, what happened, and who can see it.
import type { Leg, TraceContent } from '#api'
import { say } from '../kit/dialog'
import { Button, Buttons } from '../kit/form'
import { Await, Notice, Page } from '../kit/page'
import { Card, Due, Menu, StateTag, Summary, Tag, Urgent, When } from '../kit/show'
import { country, name } from '../lib/codes'
import { dateTime, partialDate } from '../lib/format'
import { list, t, tx } from '../lib/i18n'
import { agencyName, can } from '../lib/session'
import { kept, useChanges, useLoad } from '../lib/use'
import { firearmTitle } from '../lib/work'
import { useActions } from './case/action_dialog'
import { legActions, requestActions, type Action } from './case/actions'
import { Answers } from './case/answers'
import { Access } from './case/access'
import { readLeg, readRequest, type CaseView } from './case/data'
import { SeenElsewhere } from './case/elsewhere'
import { Messages } from './case/messages'
import { TimelineCard } from './case/timeline'

export const watched = kept<{ id: string; number: string; href: string }[]>('watched', [])

export default function RequestScreen({ parts }: { parts: Record<string, string> }) {
  const leg = parts['leg']
  const id = parts['id'] ?? ''
  const loaded = useLoad<CaseView>(leg ? `leg ${leg}` : `case ${id}`, (signal) => (leg ? readLeg(leg, signal) : readRequest(id, signal)))
  useChanges((change) => change.case_id === loaded.data?.caseId, loaded.reload)
  const data = loaded.data
  if (!data) {
    return (
      <Page title={t('case.title')} wide>
        <Await from={loaded}>{() => null}</Await>
      </Page>
    )
  }
  return <Detail data={data} reload={loaded.reload} />
}

function Detail({ data, reload }: { data: CaseView; reload: () => void }) {
  const { start, dialog } = useActions(reload)
  const content = data.content
  const actions = [...(data.request ? requestActions(data.request) : []), ...(data.side === 'asked' ? data.legs.flatMap(legActions) : [])]
  const main = actions.filter((action) => action.primary).slice(0, 2)
  const ask = actions.find((action) => action.event === 'ask')
  const shown = [...main, ...(ask ? [ask] : [])]
  const others = actions.filter((action) => !shown.includes(action))
  const title = firearmTitle(content?.firearm) || t('work.unknown')
  const due = data.legs.filter((leg) => leg.open).map((leg) => leg.due_at).sort()[0]
  const editable = data.request?.next_steps.includes('change') && can('trace_change')
  return (
    <Page
      title={title}
      wide
      before={
        <p class="no-print">
          <a href="/">← {t('nav.queue')}</a>
        </p>
      }
    >
      <section class="identity" aria-label={t('case.identity')}>
        <span class="mono number">{data.number}</span>
        <StateTag state={data.state} />
        <Urgent priority={content?.priority} />
        {data.side === 'asked' && data.legs[0]?.flags.map((flag) => <Tag key={flag} tone="yellow">{tx(`flag.${flag}`)}</Tag>)}
        {data.request?.flags.map((flag) => <Tag key={flag} tone="yellow">{tx(`flag.${flag}`)}</Tag>)}
        <Due at={due} />
        <span>
          {agencyName(data.owner)} → {list(data.legs.length ? data.legs.map((leg) => agencyName(leg.asked_agency)) : recipientsOf(content))}
        </span>
        {content?.handling_code && <span class="muted">{t('case.handling', { code: `${content.handling_code} ${name('handling-codes', content.handling_code)}` })}</span>}
      </section>
      <div class="actions">
        {editable && (
          <a class={main.length ? 'button plain' : 'button primary'} href={`/requests/${data.caseId}/edit`}>
            {t('step.change')}
          </a>
        )}
        {shown.map((action) => (
          <Button key={action.id} kind={action === shown[0] ? 'primary' : 'plain'} onClick={() => start(action)}>
            {action.title}
          </Button>
        ))}
        <Button onClick={() => print()}>{t('case.print')}</Button>
        <Watch data={data} title={title} />
        <Menu label={t('case.more')}>
          {others.map((action) => (
            <Button key={action.id} kind={action.danger ? 'danger' : 'plain'} onClick={() => start(action)}>
              {action.title}
            </Button>
          ))}
          <Button onClick={() => copyCurl(data)}>{t('case.curl')}</Button>
        </Menu>
      </div>
      <Hints data={data} />
      <div class="detail">
        <div class="stack">
          <Firearm content={content} withheld={data.withheld} warnings={data.request?.warnings} />
          <Legal content={content} request={data.request} />
        </div>
        <div class="stack">
          <Legs data={data} start={start} />
          {data.legs.map((leg) => (
            <Answers key={leg.leg_id} leg={leg} recovery={content?.recovery} reload={reload} named={data.legs.length > 1} />
          ))}
          <Messages data={data} reload={reload} />
          <TimelineCard entries={data.timeline} number={data.number} />
        </div>
        <div class="stack">
          {data.side === 'asking' && <SeenElsewhere serial={content?.firearm?.serial_raw} make={content?.firearm?.make_text} calibre={content?.firearm?.calibre_text} except={data.caseId} request={data.request} />}
          <Access data={data} />
        </div>
      </div>
      {dialog}
    </Page>
  )
}

const recipientsOf = (content: CaseView['content']): string[] =>
  (content?.recipients ?? []).map((one) => ('country' in one && one.country ? country(one.country) : agencyName((one as { agency?: string }).agency)))

function Hints({ data }: { data: CaseView }) {
  const hints = data.request?.hints ?? []
  if (!hints.length) return null
  return (
    <Notice title={t('case.hints')}>
      <ul class="plain-list">
        {hints.map((hint) => (
          <li key={hint}>{tx(`hint.${hint}`, {}, hint)}</li>
        ))}
      </ul>
    </Notice>
  )
}

function Watch({ data, title }: { data: CaseView; title: string }) {
  const now = watched.read()
  const on = now.some((one) => one.id === data.caseId)
  return (
    <Button
      pressed={on}
      onClick={() => {
        watched.write(on ? now.filter((one) => one.id !== data.caseId) : [...now, { id: data.caseId, number: `${data.number} ${title}`, href: location.pathname }])
        say(on ? t('case.unwatched') : t('case.watched'))
      }}
    >
      {on ? t('case.watching') : t('case.watch')}
    </Button>
  )
}

function copyCurl(data: CaseView): void {
  const path = data.side === 'asking' ? `/v1/trace-requests/${data.caseId}` : `/v1/legs/${data.legs[0]?.leg_id}`
  void navigator.clipboard.writeText(`curl --cacert ca.pem -H "Authorization: Bearer $RASTRO_TOKEN" ${location.origin}${path}`).then(
    () => say(t('case.copied')),
    () => say(t('case.notCopied')),
  )
}

function Firearm({ content, withheld, warnings }: { content: CaseView['content']; withheld: string[]; warnings?: string[] }) {
  const gun = content?.firearm
  const found = content?.recovery
  const person = content?.possessor
  return (
    <>
      <Card title={t('case.firearm')}>
        <p class="serial mono">{gun?.serial_raw ?? t('case.noSerial')}</p>
        {warnings?.map((warning) => (
          <p class="warn-line" key={warning}>
            {tx(`serialWarning.${warning}`, {}, warning)}
          </p>
        ))}
        <Summary
          rows={[
            [t('field.condition'), name('serial-conditions', gun?.serial_condition)],
            [t('field.make'), gun?.make_text],
            [t('field.model'), gun?.model_text],
            [t('field.calibre'), gun?.calibre_text],
            [t('field.type'), name('type-codes', gun?.type_code)],
            [t('field.origin'), country(gun?.origin_country)],
            [t('field.importer'), gun?.importer_mark_absent ? t('field.importerAbsent') : gun?.importer_text],
            [t('field.importCountry'), country(gun?.import_country)],
            [t('field.obliteration'), gun?.obliteration && [name('obliteration-methods', gun.obliteration.method), name('lab-results', gun.obliteration.lab_result), gun.obliteration.partial_characters, gun.obliteration.restored_serial].filter(Boolean).join(' · ')],
            [t('field.remarks'), gun?.remarks],
          ]}
        />
        {gun?.marks && gun.marks.length > 0 && (
          <table class="compact">
            <caption>{t('field.marks')}</caption>
            <thead>
              <tr>
                <th>{t('mark.kind')}</th>
                <th>{t('mark.text')}</th>
                <th>{t('mark.place')}</th>
              </tr>
            </thead>
            <tbody>
              {gun.marks.map((mark, i) => (
                <tr key={i}>
                  <td>{name('mark-kinds', mark.kind)}</td>
                  <td class="mono">{mark.text}</td>
                  <td>
                    {name('mark-places', mark.place)} {name('mark-states', mark.state)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Card>
      <Card title={t('case.recovery')}>
        <Summary
          rows={[
            [t('field.recoveredOn'), partialDate(found?.recovered_on)],
            [t('field.country'), country(found?.country)],
            [t('field.area'), [found?.area, found?.place].filter(Boolean).join(', ')],
            [t('field.circumstances'), found?.circumstances],
            [t('field.crimeGun'), found?.crime_gun === undefined ? '' : found.crime_gun ? t('form.yes') : t('form.no')],
            [t('field.possessor'), person && [person.given_names, person.family_name].filter(Boolean).join(' ')],
            [t('field.associates'), content?.associates?.map((one) => [one.given_names, one.family_name].filter(Boolean).join(' ')).join(', ')],
            [t('field.vehicle'), content?.vehicle && [content.vehicle.plate, content.vehicle.description].filter(Boolean).join(' ')],
          ]}
        />
        {withheld.length > 0 && <p class="muted small">{t('case.withheld', { groups: list(withheld.map((group) => name('field-groups', group))) })}</p>}
      </Card>
    </>
  )
}

function Legal({ content, request }: { content: CaseView['content']; request: CaseView['request'] }) {
  const clock = request?.time_to_crime
  return (
    <Card title={t('case.legal')}>
      <Summary
        rows={[
          [t('field.purpose'), name('purposes', content?.purpose)],
          [t('field.legalBasis'), content?.legal_basis],
          [t('field.offence'), name('offence-categories', content?.offence_code)],
          [t('field.illicit'), name('illicit-grounds', content?.illicit_ground)],
          [t('field.urgentGround'), name('urgent-grounds', content?.urgent_ground)],
          [t('field.urgentWhy'), content?.urgent_justification],
          [t('field.use'), content?.intended_use],
          [t('field.asked'), (content as TraceContent | undefined)?.requested_groups?.map((group) => name('field-groups', group)).join(', ')],
          [t('field.instructions'), content?.special_instructions],
          [t('field.ownNumber'), content?.agency_case_no],
          [t('field.requester'), [content?.requester_name, content?.unit].filter(Boolean).join(', ')],
          [t('field.contact'), content?.contact],
          [t('field.outcome'), name('outcome-codes', request?.outcome_code)],
          [t('field.timeToCrime'), clock?.days !== undefined ? t('case.days', { n: clock.days }) : clock?.flags?.map((flag) => tx(`ttc.${flag}`)).join(', ')],
          [t('field.created'), request && dateTime(request.created_at)],
          [t('field.sent'), request?.submitted_at && dateTime(request.submitted_at)],
          [t('field.closed'), request?.closed_at && dateTime(request.closed_at)],
        ]}
      />
    </Card>
  )
}

/** Who was asked and how far each of them is; the asker's steps about one of them stand with it. */
function Legs({ data, start }: { data: CaseView; start: (action: Action) => void }) {
  if (data.legs.length === 0) {
    return (
      <Card title={t('case.legs')}>
        <p class="muted">{data.state === 'DRAFT' ? t('case.notSent') : t('case.notRouted')}</p>
      </Card>
    )
  }
  return (
    <Card title={t('case.legs')}>
      <ul class="legs">
        {data.legs.map((leg: Leg) => {
          const actions = data.side === 'asking' ? legActions(leg) : []
          return (
            <li key={leg.leg_id}>
              <div class="row">
                <strong>{agencyName(leg.asked_agency)}</strong>
                <span class="muted">{country(leg.asked_country)}</span>
                <StateTag state={leg.state} />
                {leg.flags.map((flag) => <Tag key={flag} tone="yellow">{tx(`flag.${flag}`)}</Tag>)}
                {leg.open && <Due at={leg.due_at} />}
                {leg.outcome_code && <span>{name('outcome-codes', leg.outcome_code)}</span>}
                {leg.refusal_reason && <span>{name('refusal-reasons', leg.refusal_reason)}</span>}
              </div>
              <p class="muted small">
                {leg.acknowledged_at ? t('case.acknowledged', { when: dateTime(leg.acknowledged_at) }) : leg.delivered_at ? t('case.delivered', { when: dateTime(leg.delivered_at) }) : t('case.routed', { when: dateTime(leg.routed_at) })}
                {leg.path.length > 1 && <> · {t('case.path', { path: leg.path.map(country).join(' → ') })}</>}
                {' · '}
                {t('case.answerDue')} <When at={leg.due_at} />
              </p>
              {actions.length > 0 && (
                <Buttons>
                  {actions.map((action) => (
                    <Button key={action.id} small kind={action.danger ? 'danger' : action.primary ? 'primary' : 'plain'} onClick={() => start(action)}>
                      {action.title}
                    </Button>
                  ))}
                </Buttons>
              )}
            </li>
          )
        })}
      </ul>
    </Card>
  )
}
