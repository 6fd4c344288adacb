// What changes while somebody looks: one WebSocket a tab, resumed after the last number seen; where
// none can be had (a proxy, say), long polls. Events hold ids only: who shows the thing reads it.
import type { Event as Change, EventList } from '#api'
import { call } from './api'
import { can } from './session'
import { store } from './store'

export type Link = 'off' | 'live' | 'polling' | 'lost'
export const link = store<Link>('off')
export const newest = store(0)

type Listener = (change: Change) => void
const listeners = new Set<Listener>()
export function onChange(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Behind every number there will be: the answer is empty and says which number is the newest. */
const BEYOND = 2 ** 50
let last = 0
let running = false
let failures = 0
let socket: WebSocket | null = null

function heard(change: Change): void {
  if (change.seq <= last) return
  last = change.seq
  newest.set(last)
  for (const listener of [...listeners]) listener(change)
}

async function poll(): Promise<void> {
  try {
    const { data } = await call<EventList>('GET', `/v1/events?after=${last}&wait=25`, { plain: true })
    if (link.get() !== 'live') link.set('polling')
    data.items.forEach(heard)
  } catch {
    link.set('lost')
    await new Promise((done) => setTimeout(done, 5000))
  }
}

function connect(): void {
  if (!running) return
  const opened = new WebSocket(`wss://${location.host}/v1/stream?after=${last}`)
  socket = opened
  opened.onopen = () => {
    failures = 0
    link.set('live')
  }
  opened.onmessage = (message) => heard(JSON.parse(String(message.data)) as Change)
  opened.onclose = async () => {
    if (!running || socket !== opened) return
    failures++
    if (link.get() === 'live') link.set('lost')
    // Twice refused: read by polling, and try the socket again after each poll.
    if (failures > 2) await poll()
    setTimeout(connect, Math.min(1000 * failures, 15_000))
  }
}

export async function startLive(): Promise<void> {
  if (running || !can('events')) return
  running = true
  try {
    const { data } = await call<EventList>('GET', `/v1/events?after=${BEYOND}`, { plain: true })
    last = data.newest
    newest.set(last)
    connect()
  } catch {
    running = false
    link.set('lost')
  }
}

export function stopLive(): void {
  running = false
  socket?.close()
  socket = null
  link.set('off')
}
