// What was answered: the standing answers with their chain drawn, older ones folded away but not gone.
import type { Answer, Leg, Recovery } from '#api'
import { Button, Buttons } from '../../kit/form'
import { Notice } from '../../kit/page'
import { Card, Summary, Tag, When } from '../../kit/show'
import { country, name } from '../../lib/codes'
import { t, tx } from '../../lib/i18n'
import { agencyName } from '../../lib/session'
import { answerActions } from './actions'
import { useActions } from './action_dialog'
import { Chain } from './chain'
import { standing } from './data'

export function Answers({ leg, recovery, reload, named }: { leg: Leg; recovery?: Recovery; reload: () => void; named: boolean }) {
  const current = standing(leg)
  const old = (leg.answers ?? []).filter((answer) => !current.includes(answer))
  if (current.length + old.length === 0) return null
  return (
    <Card title={named ? t('answer.of', { agency: agencyName(leg.asked_agency) }) : t('answer.title')}>
      {current.map((answer) => (
        <One key={answer.answer_id} leg={leg} answer={answer} recovery={recovery} reload={reload} />
      ))}
      {old.length > 0 && (
        <details>
          <summary>{t('answer.older', { n: old.length })}</summary>
          {old.map((answer) => (
            <One key={answer.answer_id} leg={leg} answer={answer} recovery={recovery} reload={reload} />
          ))}
        </details>
      )}
    </Card>
  )
}

function One({ leg, answer, recovery, reload }: { leg: Leg; answer: Answer; recovery?: Recovery; reload: () => void }) {
  const { start, dialog } = useActions(reload)
  const actions = answerActions(leg, answer)
  return (
    <article class="answer" aria-label={t('answer.number', { n: answer.seq })}>
      <p class="answer-head">
        <Tag tone={answer.kind === 'full' ? 'green' : answer.kind === 'partial' ? 'teal' : 'grey'}>{tx(`kind.${answer.kind}`)}</Tag>
        <strong>{name('outcome-codes', answer.outcome_code)}</strong>
        {answer.approval === 'pending' && <Tag tone="yellow">{t('answer.pending')}</Tag>}
        {answer.approval === 'rejected' && <Tag tone="red">{t('answer.rejected')}</Tag>}
        {answer.recalled_at && <Tag tone="red">{t('answer.recalled')}</Tag>}
        {answer.superseded_by && <Tag>{t('answer.superseded')}</Tag>}
      </p>
      <p class="muted small">
        {agencyName(answer.given_agency)} · <When at={answer.given_at} />
      </p>
      {answer.approval === 'pending' && <Notice kind="warn">{t('answer.pendingText')}</Notice>}
      <Chain answer={answer} recovery={recovery} />
      <Summary
        rows={[
          [t('answer.evaluation'), answer.evaluation && `${answer.evaluation} – ${tx(`source.${answer.evaluation[0]}`)}; ${tx(`content.${answer.evaluation[1]}`)}`],
          [t('field.remarks'), answer.remarks],
          [t('answer.conditions'), answer.conditions],
          [t('field.handling'), `${answer.handling_code} ${name('handling-codes', answer.handling_code)}`],
          [t('answer.next'), country(answer.next_country)],
          [t('answer.withheld'), answer.withheld?.map((one) => [name('field-groups', one.group), one.reason_code && name('refusal-reasons', one.reason_code)].filter(Boolean).join(': ')).join('; ')],
          [t('answer.recallReason'), answer.recall_reason],
        ]}
      />
      {actions.length > 0 && (
        <Buttons>
          {actions.map((action) => (
            <Button key={action.id} small={!action.primary} kind={action.danger ? 'danger' : action.primary ? 'primary' : 'plain'} onClick={() => start(action)}>
              {action.title}
            </Button>
          ))}
        </Buttons>
      )}
      {dialog}
    </article>
  )
}
