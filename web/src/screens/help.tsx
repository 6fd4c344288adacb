// Help: how to do the main tasks, the keys, what the words mean. At the same place on every page.
import { Page } from '../kit/page'
import { Card, StateTag } from '../kit/show'
import { t, tx } from '../lib/i18n'

const TASKS = ['ask', 'answer', 'clarify', 'close', 'approve', 'audit']
const KEYS: [string, string][] = [['/', 'search'], ['j', 'down'], ['k', 'up'], ['x', 'pick'], ['o', 'open'], ['e', 'act']]
const TERMS = ['trace', 'leg', 'chain', 'contact', 'handling', 'group', 'purpose', 'timeToCrime', 'normalised', 'checkpoint', 'stepUp']
const STATES = ['DRAFT', 'NATIONAL_REVIEW', 'IN_PROGRESS', 'AWAITING_REQUESTER', 'PARTIALLY_ANSWERED', 'ANSWERED', 'CLOSED', 'DELIVERED', 'ACKNOWLEDGED', 'SEARCHING', 'CLARIFICATION_REQUESTED', 'ESCALATED']

export default function Help() {
  return (
    <Page title={t('nav.help')}>
      <div class="stack">
        <Card title={t('help.tasks')}>
          <dl class="help-list">{TASKS.map((task) => <div key={task}><dt>{tx(`help.t.${task}`)}</dt><dd>{tx(`help.t.${task}Text`)}</dd></div>)}</dl>
        </Card>
        <Card title={t('help.keys')}>
          <p class="lead">{t('help.keysText')}</p>
          <table class="compact"><caption class="visually-hidden">{t('help.keys')}</caption><thead><tr><th>{t('help.key')}</th><th>{t('help.does')}</th></tr></thead><tbody>{KEYS.map(([key, what]) => <tr key={key}><td><kbd>{key}</kbd></td><td>{tx(`help.k.${what}`)}</td></tr>)}</tbody></table>
        </Card>
        <Card title={t('help.states')}>
          <dl class="help-list">{STATES.map((state) => <div key={state}><dt><StateTag state={state} /></dt><dd>{tx(`help.s.${state}`)}</dd></div>)}</dl>
        </Card>
        <Card title={t('help.glossary')} id="glossary">
          <dl class="help-list">{TERMS.map((term) => <div key={term}><dt>{tx(`term.${term}`)}</dt><dd>{tx(`term.${term}Text`)}</dd></div>)}</dl>
        </Card>
        <p><a href="/docs/api">{t('shell.api')}</a></p>
      </div>
    </Page>
  )
}
