// Somebody changed the request in the meantime: what both changed is shown side by side and chosen field by
// field; what only one of them changed is kept from both.
import { useState } from 'preact/hooks'
import { Dialog } from '../../kit/dialog'
import { Button, Buttons, Choice } from '../../kit/form'
import { t } from '../../lib/i18n'
import { allFields, at, words, type Content, type FormField } from './fields'

export interface Conflict {
  field: FormField
  mine: unknown
  theirs: unknown
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)

/** Fields that both sides changed, to different values. */
export function conflictsOf(base: Content, mine: Content, theirs: Content): Conflict[] {
  return allFields()
    .map((field) => ({ field, mine: at(mine, field.pointer), theirs: at(theirs, field.pointer), base: at(base, field.pointer) }))
    .filter((one) => !same(one.mine, one.base) && !same(one.theirs, one.base) && !same(one.mine, one.theirs))
}

/** Merge patch (RFC 7396) from one content to another; lists are replaced whole. */
export function patchOf(base: Content, next: Content): Content {
  const changes: Content = {}
  for (const key of new Set([...Object.keys(base), ...Object.keys(next)])) {
    const [before, after] = [base[key], next[key]]
    if (same(before, after)) continue
    if (after === undefined) changes[key] = null
    else if (isObject(before) && isObject(after)) changes[key] = patchOf(before, after)
    else changes[key] = after
  }
  return changes
}

const isObject = (value: unknown): value is Content => typeof value === 'object' && value !== null && !Array.isArray(value)

export function Merge(props: { conflicts: Conflict[]; onMerged: (chosen: Map<string, 'mine' | 'theirs'>) => void; onClose: () => void }) {
  const [chosen, setChosen] = useState(new Map<string, 'mine' | 'theirs'>())
  return (
    <Dialog title={t('merge.title')} onClose={props.onClose} wide>
      <p class="lead">{props.conflicts.length ? t('merge.text') : t('merge.none')}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          props.onMerged(chosen)
        }}
      >
        {props.conflicts.map(({ field, mine, theirs }) => (
          <Choice
            key={field.pointer}
            label={field.label}
            value={chosen.get(field.pointer) ?? 'mine'}
            onChange={(value) => setChosen(new Map(chosen).set(field.pointer, value as 'mine' | 'theirs'))}
            options={[
              { value: 'mine', label: t('merge.mine'), hint: words(field, mine) || '–' },
              { value: 'theirs', label: t('merge.theirs'), hint: words(field, theirs) || '–' },
            ]}
          />
        ))}
        <Buttons>
          <Button kind="primary" type="submit">
            {t('merge.go')}
          </Button>
          <Button onClick={props.onClose}>{t('form.cancel')}</Button>
        </Buttons>
      </form>
    </Dialog>
  )
}
