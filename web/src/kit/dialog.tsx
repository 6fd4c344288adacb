// Modal dialogs on the browser's own <dialog>: it holds focus, gives it back and closes with Escape.
import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { store, useStore } from '../lib/store'

export function Dialog(props: { title: string; onClose: () => void; children: ComponentChildren; wide?: boolean }) {
  const box = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    box.current?.showModal()
  }, [])
  return (
    <dialog
      ref={box}
      aria-labelledby={id}
      class={props.wide ? 'wide' : undefined}
      onCancel={(event) => {
        event.preventDefault()
        props.onClose()
      }}
    >
      <h2 id={id}>{props.title}</h2>
      {props.children}
    </dialog>
  )
}

const told = store<{ text: string; n: number }>({ text: '', n: 0 })
/** Says it to everybody, screen readers too, for a few seconds. */
export function say(text: string): void {
  const n = told.get().n + 1
  told.set({ text, n })
  setTimeout(() => {
    if (told.get().n === n) told.set({ text: '', n })
  }, 6000)
}

export function Toasts() {
  const { text } = useStore(told)
  return (
    <div class={text ? 'toast shown' : 'toast'} role="status" aria-live="polite">
      {text}
    </div>
  )
}
