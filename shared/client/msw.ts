import { syncBuiltinESMExports } from 'node:module'
import { type HttpHandler, http, passthrough } from 'msw'
import { setupServer } from 'msw/node'
import { isLoopback } from '../server/pointing/hosts.ts'
import type { Universe } from './index.ts'

/**
 * Handlers for msw's `setupServer`: a service's real host is answered by the universe, in this process, loopback is let
 * through, and every other host gets the refusal the proxy gives. Nothing of what msw sees leaves the machine, whatever
 * its `onUnhandledFrame` says. (What msw does not see: the `undici` package, http2, child processes, and functions a module
 * imported by name from node:http(s) beforehand; {@link intercept} sees to the latter.)
 *
 * @example
 * const server = setupServer(...handlers(universe))
 * server.listen({ onUnhandledFrame: 'error' })
 */
export function handlers(universe: () => Universe, allow?: readonly string[]): HttpHandler[]
export function handlers(universe: Universe, allow?: readonly string[]): HttpHandler[]
export function handlers(given: Universe | (() => Universe), allow: readonly string[] = []): HttpHandler[] {
  const universe = typeof given === 'function' ? given : () => given
  const isOpen = ({ request }: { request: Request }) => {
    const { hostname } = new URL(request.url)
    return isLoopback(hostname) || allow.includes(hostname)
  }
  return [
    http.all(isOpen, () => passthrough()),
    http.all(
      () => true,
      ({ request }) => universe().fetch(request),
    ),
  ]
}

/**
 * Intercepts the process with {@link handlers} until it is disposed of.
 *
 * @example
 * using _ = intercept(universe)
 * await new WebClient(universe.twin('slack').token).auth.test() // slack.com, answered here
 */
export function intercept(universe: Universe | (() => Universe), allow: readonly string[] = []): Disposable {
  const server = setupServer(...handlers(typeof universe === 'function' ? universe : () => universe, allow))
  server.listen({ onUnhandledFrame: 'error' })
  syncBuiltinESMExports() // `import { get } from 'node:https'` sees the patched one too
  return {
    [Symbol.dispose]() {
      server.close()
      syncBuiltinESMExports()
    },
  }
}
