// Hooks that several screens need.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { Event as Change } from '#api'
import { Problem } from './api'
import { onChange } from './live'
import { me } from './session'

export interface Loaded<T> {
  data: T | null
  problem: Problem | null
  loading: boolean
  reload: () => void
  set: (data: T) => void
}

const asProblem = (failure: unknown): Problem =>
  failure instanceof Problem ? failure : new Problem(0, 'internal', String(failure))

/** Reads something when `key` changes; keeps showing the last while it reads again. */
export function useLoad<T>(key: string, read: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [state, setState] = useState<{ key: string; data: T | null; problem: Problem | null; loading: boolean }>({
    key,
    data: null,
    problem: null,
    loading: true,
  })
  const [round, setRound] = useState(0)
  const reader = useRef(read)
  reader.current = read
  useEffect(() => {
    const stop = new AbortController()
    setState((old) => ({ key, data: old.key === key ? old.data : null, problem: null, loading: true }))
    reader.current(stop.signal).then(
      (data) => !stop.signal.aborted && setState({ key, data, problem: null, loading: false }),
      (failure) =>
        !stop.signal.aborted &&
        setState((old) => ({ key, data: old.data, problem: asProblem(failure), loading: false })),
    )
    return () => stop.abort()
  }, [key, round])
  const reload = useCallback(() => setRound((n) => n + 1), [])
  const set = useCallback((data: T) => setState({ key, data, problem: null, loading: false }), [key])
  return { ...state, reload, set }
}

/** Calls `then` once, shortly after changes that `concerns` picks. */
export function useChanges(concerns: (change: Change) => boolean, then: () => void): void {
  const latest = useRef({ concerns, then })
  latest.current = { concerns, then }
  useEffect(() => {
    let timer = 0
    const stop = onChange((change) => {
      if (!latest.current.concerns(change)) return
      clearTimeout(timer)
      timer = window.setTimeout(() => latest.current.then(), 250)
    })
    return () => {
      clearTimeout(timer)
      stop()
    }
  }, [])
}

/** An action that is running or has failed. */
export function useAction<A extends unknown[]>(act: (...given: A) => Promise<void>) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const latest = useRef(act)
  latest.current = act
  const run = useCallback(async (...given: A) => {
    setBusy(true)
    setProblem(null)
    try {
      await latest.current(...given)
    } catch (failure) {
      setProblem(asProblem(failure))
    } finally {
      setBusy(false)
    }
  }, [])
  return { run, busy, problem, setProblem }
}

/** Something small that is remembered for this person in this browser. */
export function kept<T>(name: string, fallback: T): { read: () => T; write: (value: T) => void } {
  const key = () => `rastro.${me.get()?.user?.login ?? ''}.${name}`
  return {
    read() {
      try {
        const text = localStorage.getItem(key())
        return text === null ? fallback : (JSON.parse(text) as T)
      } catch {
        return fallback
      }
    },
    write: (value) => localStorage.setItem(key(), JSON.stringify(value)),
  }
}
