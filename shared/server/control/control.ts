import { readFileSync } from 'node:fs'
import { controlApp } from './endpoint.ts'
import { observeEndpoints } from './observe.ts'
import { steerEndpoints } from './steer.ts'
import { type ControlContext, universeEndpoints } from './universes.ts'

/** One page, no network but this server: nothing that a service answered can run in it. */
const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'"

/** The control API of a server, described at `/api/openapi.json`, and the inspector at `/`. */
export function control(context: ControlContext) {
  const app = controlApp([...universeEndpoints(context), ...observeEndpoints(context), ...steerEndpoints(context)])
  app.get('/', (c) => {
    const page = readFileSync(new URL('../inspector/page.html', import.meta.url), 'utf8')
    return c.html(page, 200, { 'content-security-policy': PAGE_POLICY })
  })
  return app
}
