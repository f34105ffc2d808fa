import { Hono } from 'hono'
import { z } from 'zod'
import { UniverseError } from '../multiverse.ts'

/** One endpoint of the control API, declared once: route, checks and OpenAPI come from it. */
export interface Endpoint<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType> {
  readonly method: 'get' | 'post' | 'patch' | 'put' | 'delete'
  /** OpenAPI template: `/api/universes/{id}`. */
  readonly path: string
  readonly id: string
  readonly summary: string
  readonly params?: P
  readonly query?: Q
  readonly body?: B
  readonly reply: R
  readonly status?: number
  readonly handle: (input: {
    params: z.output<P>
    query: z.output<Q>
    body: z.output<B>
    request: Request
  }) => z.input<R> | Response | Promise<z.input<R> | Response>
}

// biome-ignore lint/suspicious/noExplicitAny: a list of endpoints of unrelated inputs
export type AnyEndpoint = Endpoint<any, any, any, any>

/** Keeps an endpoint's types while it is written as one literal. */
export function endpoint<
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
  R extends z.ZodType = z.ZodUnknown,
>(declaration: Endpoint<P, Q, B, R>): Endpoint<P, Q, B, R> {
  return declaration
}

/** A refusal of the control API. `code` is for programs, `message` for people. */
export class ControlError extends Error {
  readonly status: number
  readonly code: string
  readonly details: unknown
  constructor(status: number, code: string, message: string, details?: unknown) {
    super(message)
    this.status = status
    this.code = code
    this.details = details
  }
}

/** Serves endpoints, and their OpenAPI document at `/api/openapi.json`. */
export function controlApp(endpoints: readonly AnyEndpoint[]): Hono {
  const app = new Hono()
  for (const declared of endpoints) {
    app.on(declared.method.toUpperCase(), declared.path.replaceAll(/\{(\w+)\}/g, ':$1'), async (c) => {
      const params = check('path', declared.params, c.req.param())
      const query = check('query', declared.query, c.req.query())
      const body = declared.body ? check('body', declared.body, await readJson(c.req.raw)) : undefined
      const reply = await declared.handle({ params, query, body, request: c.req.raw })
      if (reply instanceof Response) return reply
      if (declared.status === 204) return c.body(null, 204)
      return Response.json(reply, { status: declared.status ?? 200 })
    })
  }
  const document = openApiOf(endpoints)
  app.get('/api/openapi.json', (c) => c.json(document))
  app.notFound((c) =>
    c.json({ error: 'not_found', message: `No ${c.req.method} ${c.req.path}; see /api/openapi.json` }, 404),
  )
  app.onError((error) => {
    if (error instanceof ControlError) {
      const { status, code, message, details } = error
      return Response.json({ error: code, message, ...(details === undefined ? {} : { details }) }, { status })
    }
    if (error instanceof UniverseError) {
      const status = error.message.includes('exists') ? 409 : error.message.startsWith('No ') ? 404 : 400
      return Response.json({ error: status === 404 ? 'not_found' : 'refused', message: error.message }, { status })
    }
    process.stderr.write(`${error.stack}\n`)
    return Response.json(
      { error: 'internal', message: 'A bug in the control API; its stack is on stderr' },
      { status: 500 },
    )
  })
  return app
}

async function readJson(request: Request): Promise<unknown> {
  const text = await request.text()
  if (text === '') return {}
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new ControlError(400, 'malformed', `Body is not JSON: ${(error as Error).message}`)
  }
}

function check(place: string, schema: z.ZodType | undefined, value: unknown): unknown {
  if (!schema) return undefined
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const details = parsed.error.issues.map((issue) => ({ field: issue.path.join('.'), message: issue.message }))
  const first = details[0]
  const where = first?.field ? `${place}.${first.field}` : place
  throw new ControlError(400, 'invalid', `${where}: ${first?.message}`, details)
}

function openApiOf(endpoints: readonly AnyEndpoint[]): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const declared of endpoints) {
    const json = (schema: z.ZodType) => ({ content: { 'application/json': { schema: schemaOf(schema) } } })
    paths[declared.path] ??= {}
    const item = paths[declared.path] as Record<string, object>
    item[declared.method] = {
      operationId: declared.id,
      summary: declared.summary,
      parameters: [...parametersOf('path', declared.params), ...parametersOf('query', declared.query)],
      ...(declared.body ? { requestBody: json(declared.body) } : {}),
      responses: {
        [declared.status ?? 200]: {
          description: declared.summary,
          ...(declared.status === 204 ? {} : json(declared.reply)),
        },
        400: { description: 'What was sent does not fit.' },
        404: { description: 'No such universe, twin or path.' },
      },
    }
  }
  return { openapi: '3.1.0', info: { title: 'Digital Twin Universe control API', version: '1' }, paths }
}

const schemaOf = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })

function parametersOf(place: 'path' | 'query', schema: z.ZodType | undefined): object[] {
  if (!schema) return []
  const { properties = {}, required = [] } = schemaOf(schema) as { properties?: object; required?: string[] }
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }))
}
