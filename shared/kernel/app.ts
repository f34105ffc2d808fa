import { Hono } from 'hono'
import { type TableDefinitions, tableSet } from '../universe/table.ts'
import type { Handler } from './call.ts'
import { type BatchedReply, type Refusal, ServiceError } from './dialect.ts'
import type { Host } from './exchange.ts'
import { answerUncalled, BODY_LIMIT, compile } from './pipeline.ts'
import type { Reply } from './reply.ts'
import { ContractRouter } from './router.ts'
import type { Bindings, Kernel, Services, TwinApp } from './services.ts'
import type { Twin } from './twin.ts'
import { RequestChecks } from './validate.ts'

/** Contract + dialect + handlers → a Hono app. One compiled function per operation, no middleware. */
export function twinApp(twin: Twin, services: Services): TwinApp {
  const contract = twin.contract()
  const host: Host = { twin: twin.name, makeTables: makeTables(twin.tables), ...services }
  const kernel: Kernel = { twin, contract, host, services, checks: new RequestChecks(contract) }
  const handlers: Record<string, Handler | undefined> = Object.assign({}, ...twin.operations)
  const router = new ContractRouter<never>()
  const route = twin.dialect.route ?? ((path: string) => path)
  const app = new Hono<{ Bindings: Bindings }>({
    router,
    getPath: (_request, options) => route((options as { env: Bindings }).env.request.path),
  })
  for (const operation of contract.operations.values()) {
    const run = compile(kernel, operation, handlers[operation.operationId])
    for (const path of [operation.path, ...(operation['x-dtu-paths'] ?? [])]) {
      for (const verb of [operation.method, ...(operation['x-dtu-verbs'] ?? [])]) {
        app.on(verb.toUpperCase(), path, (c) => run(c.env, c.req.param() as Record<string, string>))
      }
    }
  }
  app.notFound((c) => unrouted(kernel, router.allowed(route(c.env.request.path)), c.env))
  // A service has no opinion of a request line Hono would refuse: the URL given here only carries the verb.
  const bare = 'http://twin.invalid/'
  const shells = new Map<string, Request>()
  const single = (bindings: Bindings) => {
    const { method } = bindings.request
    let shell = shells.get(method)
    if (!shell) {
      shell = new Request(bare, { method: method === 'HEAD' ? 'GET' : method })
      shells.set(method, shell)
    }
    return app.fetch(shell, bindings)
  }
  const { batch } = twin.dialect
  const fetch = batch
    ? (bindings: Bindings) => (batch.matches(bindings.request) ? several(kernel, bindings, single) : single(bindings))
    : single
  return { twin, contract, host, fetch }
}

/** Carries out the calls of a batch one after the other, each recorded as if it had come alone. */
async function several(
  kernel: Kernel,
  { universe, request }: Bindings,
  single: (bindings: Bindings) => Response | Promise<Response>,
): Promise<Response> {
  const { dialect } = kernel.twin
  const batch = dialect.batch as NonNullable<typeof dialect.batch>
  if (!(await request.read(BODY_LIMIT))) {
    return answerUncalled(
      kernel,
      { universe, request },
      dialect.refuse({ kind: 'too-large', limit: BODY_LIMIT }, request),
      'batch',
    )
  }
  let reply: Reply
  try {
    const replies: BatchedReply[] = []
    for (const part of batch.split(request)) {
      const call = { ...part, hasBody: part.bytes.length > 0, read: async () => true }
      const response = await single({ universe, request: call })
      const body = new Uint8Array(await response.arrayBuffer())
      replies.push({ status: response.status, headers: response.headers, body })
    }
    reply = batch.join(request, replies)
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    reply = error.reply
  }
  return answerUncalled(kernel, { universe, request }, reply, 'batch')
}

function makeTables(definitions: TableDefinitions): Host['makeTables'] {
  const make = tableSet(definitions)
  return (universe) => make(universe.store)
}

/** Unknown paths and wrong verbs: the service's own refusal, recorded like any call. */
function unrouted(kernel: Kernel, allowed: string[], { universe, request }: Bindings): Response {
  const { dialect } = kernel.twin
  const preflight = request.method === 'OPTIONS' && dialect.preflight && allowed.length > 0
  const refusal: Refusal = allowed.length ? { kind: 'wrong-verb', allowed } : { kind: 'unknown-route' }
  const reply = preflight
    ? (dialect.preflight as NonNullable<typeof dialect.preflight>)(request, allowed as never)
    : dialect.refuse(refusal, request)
  return answerUncalled(kernel, { universe, request }, reply)
}
