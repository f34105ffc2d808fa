/** URL and credentials of a twin, as the control API gives them. */
export interface Access {
  readonly url: string
  readonly token: string
  /** The header value that works. */
  readonly authorization: string
  readonly env: Readonly<Record<string, string>>
  readonly [more: string]: unknown
}

/** How a {@link Universe} reaches its process. */
export interface Line {
  /** A call of the control API. */
  control(method: string, path: string, body?: object): Promise<Response>
  /** A call of a twin of a universe. */
  fetch(universe: string, request: Request): Promise<Response>
  /** Nobody uses the universe any more. */
  leave?(): Promise<void>
}

/** The line to a running process. A real host's call goes to its proxy in absolute form, as a proxy's client would send it. */
export function overHttp(url: string): Line {
  const base = url.replace(/\/$/, '')
  return {
    control: async (method, path, body) => {
      const json = body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
      try {
        return await fetch(base + path, { method, ...json })
      } catch (error) {
        throw new Error(`Nothing answers at ${base}; start it with \`npm start\``, { cause: error })
      }
    },
    async fetch(universe, request) {
      const target = new URL(request.url)
      const { twinOfHost } = await import('../server/pointing/hosts.ts')
      const twin = twinOfHost(target.hostname, target.pathname)
      if (twin === undefined) return fetch(request)
      return fetch(new Request(`${base}/u/${universe}/${twin}${target.pathname}${target.search}`, request))
    },
  }
}
