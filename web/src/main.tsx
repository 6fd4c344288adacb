// First things: language, what the server is, whether a session is there; then the page.
import { render } from 'preact'
import { App } from './app'
import { firstLanguage, useLanguage } from './lib/i18n'
import { startRouter } from './lib/router'
import { enter, readServer } from './lib/session'
import { startShortcuts } from './lib/shortcuts'
import { applyTheme } from './lib/theme'

async function begin(): Promise<void> {
  applyTheme()
  await useLanguage(firstLanguage())
  startRouter()
  startShortcuts()
  // Without a session the first of the two answers 401: the sign-in page is shown then.
  await Promise.allSettled([readServer(), enter()])
  render(<App />, document.getElementById('root')!)
}

void begin()
