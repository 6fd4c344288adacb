// The frame of every screen: title, heading that takes focus when the address changes, and the four
// states that are not the content: loading, empty, failed, not permitted.
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { Problem } from '../lib/api'
import { t } from '../lib/i18n'
import { place } from '../lib/router'
import type { Loaded } from '../lib/use'
import { Button } from './form'

export function Page(props: { title: string; children: ComponentChildren; aside?: ComponentChildren; lead?: ComponentChildren; wide?: boolean; before?: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${props.title} – Rastro`
  }, [props.title])
  useEffect(() => {
    if (place.get().moves > 0) heading.current?.focus({ preventScroll: true })
  }, [place.get().path])
  return (
    <div class={props.wide ? 'page wide' : 'page'}>
      {props.before}
      <div class="page-head">
        <h1 ref={heading} tabIndex={-1}>
          {props.title}
        </h1>
        {props.aside && <div class="page-aside">{props.aside}</div>}
      </div>
      {props.lead && <p class="lead">{props.lead}</p>}
      {props.children}
    </div>
  )
}

export function Loading() {
  return (
    <div class="loading" role="status">
      <span class="visually-hidden">{t('state.loading')}</span>
      <div class="bone" />
      <div class="bone" />
      <div class="bone short" />
    </div>
  )
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
    </div>
  )
}

export function Failed({ problem, retry }: { problem: Problem; retry?: () => void }) {
  const forbidden = problem.status === 403
  const missing = problem.status === 404
  return (
    <div class="summary-box" role="alert">
      <h2>{forbidden ? t('state.noRight') : missing ? t('state.missing') : t('state.failed')}</h2>
      <p>{forbidden ? t('state.noRightText') : missing ? t('state.missingText') : problem.title}</p>
      {problem.requestId && <p class="muted small">{t('problem.reference', { id: problem.requestId })}</p>}
      {retry && !forbidden && !missing && <Button onClick={retry}>{t('state.again')}</Button>}
    </div>
  )
}

export function NoRight() {
  return (
    <Page title={t('state.noRight')}>
      <p>{t('state.noRightText')}</p>
      <p>
        <a href="/">{t('state.toQueue')}</a>
      </p>
    </Page>
  )
}

/** Shows what was loaded, or why it is not there. */
export function Await<T>({ from, children }: { from: Loaded<T>; children: (data: T) => ComponentChildren }) {
  if (from.data !== null) return <>{children(from.data)}</>
  if (from.problem) return <Failed problem={from.problem} retry={from.reload} />
  return <Loading />
}

export function Notice(props: { kind?: 'info' | 'good' | 'warn'; title?: string; children?: ComponentChildren }) {
  return (
    <div class={`notice ${props.kind ?? 'info'}`}>
      {props.title && <p class="notice-title">{props.title}</p>}
      {props.children}
    </div>
  )
}

