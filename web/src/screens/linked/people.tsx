// Who else sees a case: an agency with what is shared with it, a colleague on the team.
import { useState } from 'preact/hooks'
import type { Case, User } from '#api'
import { Dialog, say } from '../../kit/dialog'
import { Button, Buttons, Check, FaultSummary, Faults, Select, TextField } from '../../kit/form'
import { all, call } from '../../lib/api'
import { t, tx } from '../../lib/i18n'
import { agencies, can, me } from '../../lib/session'
import { useAction, useLoad } from '../../lib/use'

interface Props {
  file: Case
  onClose: () => void
  onDone: (next: Case) => void
}

export function ShareDialog({ file, onClose, onDone }: Props) {
  const [agency, setAgency] = useState('')
  const [relation, setRelation] = useState('addressed')
  const [groups, setGroups] = useState(['S0'])
  const [onward, setOnward] = useState('no')
  const [until, setUntil] = useState('')
  const { run, busy, problem } = useAction(async () => {
    const body = { agency, relation, groups, onward, ...(until && { valid_until: until }) }
    const reply = await call<Case>('PUT', `/v1/cases/${file.case_id}/shares`, { body, version: file.version })
    say(t('linked.shared'))
    onDone(reply.data)
  })
  const own = me.get()?.agency.agency
  return (
    <Dialog title={t('linked.share')} onClose={onClose}>
      <Faults.Provider value={problem?.errors ?? []}>
        <FaultSummary problem={problem} />
        <form onSubmit={(event) => { event.preventDefault(); void run() }}>
          <Select label={t('linked.agency')} pointer="/agency" value={agency} onChange={setAgency} options={[...agencies.get().values()].filter((one) => one.agency !== own).map((one) => ({ value: one.agency, label: one.name }))} />
          <Select label={t('linked.relationLabel')} pointer="/relation" value={relation} onChange={setRelation} options={['addressed', 'copied'].map((value) => ({ value, label: tx(`linked.relation.${value}`) }))} />
          <fieldset class="field">
            <legend>{t('linked.sees')}</legend>
            {['S0', 'S1', 'S2'].map((group) => (
              <Check key={group} label={tx(`linked.group.${group}`)} checked={groups.includes(group)} onChange={(on) => setGroups(on ? [...groups, group] : groups.filter((one) => one !== group))} />
            ))}
          </fieldset>
          <Select label={t('linked.onward')} pointer="/onward" value={onward} onChange={setOnward} options={['no', 'with_consent', 'yes'].map((value) => ({ value, label: tx(`linked.onwardOf.${value}`) }))} />
          <TextField label={t('linked.until')} pointer="/valid_until" type="date" width="short" optional value={until} onChange={setUntil} />
          <Buttons>
            <Button kind="primary" type="submit" busy={busy}>{t('linked.share')}</Button>
            <Button onClick={onClose}>{t('form.cancel')}</Button>
          </Buttons>
        </form>
      </Faults.Provider>
    </Dialog>
  )
}

export function MemberDialog({ file, onClose, onDone }: Props) {
  const [user, setUser] = useState('')
  const [kind, setKind] = useState('team')
  const users = useLoad<User[]>('colleagues', async () => (can('user_list') ? all<User>('/v1/users') : []))
  const { run, busy, problem } = useAction(async () => {
    const reply = await call<Case>('PUT', `/v1/cases/${file.case_id}/members`, { body: { user_id: user.trim(), kind }, version: file.version })
    say(t('linked.memberSet'))
    onDone(reply.data)
  })
  const known = (users.data ?? []).filter((one) => one.user_id !== me.get()?.id)
  return (
    <Dialog title={t('linked.member')} onClose={onClose}>
      <Faults.Provider value={problem?.errors ?? []}>
        <FaultSummary problem={problem} />
        <form onSubmit={(event) => { event.preventDefault(); void run() }}>
          {known.length > 0 ? (
            <Select label={t('linked.person')} pointer="/user_id" value={user} onChange={setUser} options={known.map((one) => ({ value: one.user_id, label: one.display_name }))} />
          ) : (
            <TextField label={t('linked.personId')} pointer="/user_id" hint={t('linked.personIdHint')} mono width="long" value={user} onChange={setUser} />
          )}
          <Select label={t('linked.memberKind')} pointer="/kind" value={kind} onChange={setKind} options={['team', 'named'].map((value) => ({ value, label: tx(`linked.memberOf.${value}`) }))} />
          <Buttons>
            <Button kind="primary" type="submit" busy={busy}>{t('linked.member')}</Button>
            <Button onClick={onClose}>{t('form.cancel')}</Button>
          </Buttons>
        </form>
      </Faults.Provider>
    </Dialog>
  )
}
