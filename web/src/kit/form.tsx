// Fields after the GOV.UK patterns: a visible label, a hint, the fault beside the field in the same
// words as in the summary above, which takes focus. A field is named by its JSON Pointer, so what
// the server says about a value is shown where it was typed.
import { createContext, type ComponentChildren } from 'preact'
import { useContext, useEffect, useId, useRef } from 'preact/hooks'
import type { Violation } from '#api'
import type { Problem } from '../lib/api'
import type { Option } from '../lib/codes'
import { t } from '../lib/i18n'

export const Faults = createContext<Violation[]>([])
export const fieldId = (pointer: string): string => 'f' + pointer.replace(/[^a-z0-9]+/gi, '-')

interface FieldProps {
  label: string
  pointer?: string
  hint?: string
  error?: string
  optional?: boolean
  children: (wiring: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: boolean }) => ComponentChildren
}

export function Field({ label, pointer, hint, error, optional, children }: FieldProps) {
  const own = useId()
  const id = pointer ? fieldId(pointer) : own
  const faults = useContext(Faults)
  const told = error ?? (pointer && faults.filter((fault) => fault.pointer === pointer).map((fault) => fault.message).join(' '))
  const described = [hint && `${id}-hint`, told && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div class={told ? 'field bad' : 'field'}>
      <label for={id}>
        {label}
        {optional && <span class="muted"> ({t('form.optional')})</span>}
      </label>
      {hint && <p class="hint" id={`${id}-hint`}>{hint}</p>}
      {told && <p class="error" id={`${id}-error`}>{told}</p>}
      {children({ id, 'aria-describedby': described || undefined, 'aria-invalid': told ? true : undefined })}
    </div>
  )
}

interface Common {
  label: string
  pointer?: string
  hint?: string
  error?: string
  optional?: boolean
  value: string | undefined
  onChange: (value: string) => void
}

interface TextProps extends Common {
  type?: 'text' | 'password' | 'search' | 'date' | 'email' | 'datetime-local'
  autocomplete?: string
  inputMode?: 'numeric' | 'text'
  width?: 'short' | 'medium' | 'long'
  maxLength?: number
  list?: Option[]
  mono?: boolean
  required?: boolean
  disabled?: boolean
}

export function TextField(props: TextProps) {
  const listId = useId()
  return (
    <Field {...props}>
      {(wiring) => (
        <>
          <input
            {...wiring}
            type={(props.type ?? 'text') as 'text'}
            value={props.value ?? ''}
            class={`${props.width ?? 'medium'}${props.mono ? ' mono' : ''}`}
            autocomplete={props.autocomplete ?? 'off'}
            inputMode={props.inputMode}
            maxLength={props.maxLength}
            list={props.list ? listId : undefined}
            spellcheck={false}
            disabled={props.disabled}
            aria-required={props.required || undefined}
            onInput={(event) => props.onChange(event.currentTarget.value)}
          />
          {props.list && (
            <datalist id={listId}>
              {props.list.map((option) => (
                <option key={option.value} value={option.label} />
              ))}
            </datalist>
          )}
        </>
      )}
    </Field>
  )
}

export function TextArea(props: Common & { rows?: number; maxLength?: number }) {
  return (
    <Field {...props}>
      {(wiring) => (
        <textarea
          {...wiring}
          rows={props.rows ?? 4}
          maxLength={props.maxLength}
          value={props.value ?? ''}
          onInput={(event) => props.onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  )
}

/** Options that have groups are shown in groups; `groupName` says what a group is called. */
export function Select(props: Common & { options: Option[]; empty?: string; groupName?: (group: string) => string }) {
  const groups = props.groupName ? [...new Set(props.options.map((option) => option.group ?? ''))] : null
  const shown = (option: Option) => (
    <option key={option.value} value={option.value}>
      {option.label}
    </option>
  )
  const listed = props.options.some((option) => option.value === (props.value ?? ''))
  return (
    <Field {...props}>
      {(wiring) => (
        <select {...wiring} value={props.value ?? ''} onChange={(event) => props.onChange(event.currentTarget.value)}>
          <option value="">{props.empty ?? t('form.choose')}</option>
          {!listed && props.value && <option value={props.value}>{props.value}</option>}
          {groups
            ? groups.map((group) => (
                <optgroup key={group} label={props.groupName!(group)}>
                  {props.options.filter((option) => (option.group ?? '') === group).map(shown)}
                </optgroup>
              ))
            : props.options.map(shown)}
        </select>
      )}
    </Field>
  )
}

export function Check(props: { label: string; hint?: string; checked: boolean; onChange: (on: boolean) => void; pointer?: string }) {
  const own = useId()
  const id = props.pointer ? fieldId(props.pointer) : own
  return (
    <div class="check">
      <input id={id} type="checkbox" checked={props.checked} onChange={(event) => props.onChange(event.currentTarget.checked)} />
      <label for={id}>
        {props.label}
        {props.hint && <span class="hint">{props.hint}</span>}
      </label>
    </div>
  )
}

export function Choice(props: {
  label: string
  hint?: string
  options: (Option & { hint?: string })[]
  value: string | undefined
  onChange: (value: string) => void
  pointer?: string
  inline?: boolean
}) {
  const own = useId()
  const id = props.pointer ? fieldId(props.pointer) : own
  const faults = useContext(Faults).filter((fault) => props.pointer && fault.pointer === props.pointer)
  return (
    <fieldset class={`field${faults.length ? ' bad' : ''}`} aria-describedby={faults.length ? `${id}-error` : undefined}>
      <legend>{props.label}</legend>
      {props.hint && <p class="hint">{props.hint}</p>}
      {faults.length > 0 && (
        <p class="error" id={`${id}-error`}>
          {faults.map((fault) => fault.message).join(' ')}
        </p>
      )}
      <div class={props.inline ? 'choices inline' : 'choices'}>
        {props.options.map((option, i) => (
          <div class="check" key={option.value}>
            <input
              id={i === 0 ? id : `${id}-${i}`}
              type="radio"
              name={id}
              checked={props.value === option.value}
              onChange={() => props.onChange(option.value)}
            />
            <label for={i === 0 ? id : `${id}-${i}`}>
              {option.label}
              {option.hint && <span class="hint">{option.hint}</span>}
            </label>
          </div>
        ))}
      </div>
    </fieldset>
  )
}

/** "There is a problem": takes focus; every line leads to its field. */
export function FaultSummary({ problem, labels }: { problem: Problem | null; labels?: (pointer: string) => string }) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (problem) box.current?.focus()
  }, [problem])
  if (!problem) return null
  const follow = (event: Event, pointer: string) => {
    event.preventDefault()
    const target = document.getElementById(fieldId(pointer))
    target?.focus()
    target?.scrollIntoView({ block: 'center' })
  }
  return (
    <div class="summary-box" role="alert" tabIndex={-1} ref={box}>
      <h2>{t('form.problem')}</h2>
      <p>
        {problem.title}
        {problem.detail && problem.errors.length === 0 && <span class="muted"> {problem.detail}</span>}
      </p>
      {problem.errors.length > 0 && (
        <ul>
          {problem.errors.map((fault) => (
            <li key={fault.pointer + fault.code}>
              <a href={`#${fieldId(fault.pointer)}`} onClick={(event) => follow(event, fault.pointer)}>
                {labels?.(fault.pointer) ? `${labels(fault.pointer)}: ` : ''}
                {fault.message}
              </a>
            </li>
          ))}
        </ul>
      )}
      {problem.requestId && <p class="muted small">{t('problem.reference', { id: problem.requestId })}</p>}
    </div>
  )
}

export function Buttons({ children }: { children: ComponentChildren }) {
  return <div class="buttons">{children}</div>
}

export function Button(props: {
  children: ComponentChildren
  onClick?: () => void
  kind?: 'primary' | 'plain' | 'danger' | 'quiet'
  busy?: boolean
  disabled?: boolean
  type?: 'button' | 'submit'
  pressed?: boolean
  label?: string
  small?: boolean
}) {
  return (
    <button
      type={props.type ?? 'button'}
      class={`button ${props.kind ?? 'plain'}${props.small ? ' small' : ''}`}
      aria-disabled={props.busy || props.disabled || undefined}
      aria-pressed={props.pressed}
      aria-label={props.label}
      title={props.label}
      onClick={(event) => {
        if (props.busy || props.disabled) event.preventDefault()
        else props.onClick?.()
      }}
    >
      {props.busy && <span class="spinner" aria-hidden="true" />}
      {props.children}
    </button>
  )
}
