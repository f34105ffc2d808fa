import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'

/** A port of one trajectory's own that stands for a service shared by many. */
export interface Relay {
  readonly url: string
  close(): Promise<void>
}

/** Headers that belong to one connection. */
const HOP = new Set(['connection', 'host', 'content-length', 'transfer-encoding', 'keep-alive', 'expect'])

/**
 * Passes events on to a service, byte for byte, with headers that say which world they come from. Signatures stay
 * valid: they cover the body and headers that are passed on.
 */
export async function relay(port: number, target: string, added: Readonly<Record<string, string>>): Promise<Relay> {
  const pass = async (request: IncomingMessage, response: ServerResponse) => {
    const headers = new Headers(added)
    for (const [name, value] of Object.entries(request.headersDistinct)) {
      if (!HOP.has(name)) headers.set(name, (value as string[]).join(', '))
    }
    const body = await buffer(request)
    const reply = await fetch(new URL(request.url ?? '/', target), {
      method: request.method as string,
      headers,
      redirect: 'manual',
      ...(body.length ? { body } : {}),
    })
    response.statusCode = reply.status
    for (const name of ['content-type', 'x-slack-no-retry', 'location']) {
      const value = reply.headers.get(name)
      if (value !== null) response.setHeader(name, value)
    }
    response.end(Buffer.from(await reply.arrayBuffer()))
  }
  const server = createServer((request, response) => {
    pass(request, response).catch(() => response.destroy()) // as if the service itself had not answered
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
