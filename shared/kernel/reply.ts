/** What a handler answers. The dialect turns it into bytes. */
export interface Reply {
  readonly status: number
  /** An object is rendered as the service renders JSON; text and bytes go out as they are; `undefined` is no body. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
}

type ReplyHeaders = Reply['headers']

/** 200 with a body. */
export const ok = (body: unknown, headers?: ReplyHeaders): Reply => ({ status: 200, body, headers })
/** 201 with a body. */
export const created = (body?: unknown, headers?: ReplyHeaders): Reply => ({ status: 201, body, headers })
/** 202. */
export const accepted = (body?: unknown, headers?: ReplyHeaders): Reply => ({ status: 202, body, headers })
/** 204, no body. */
export const noContent = (headers?: ReplyHeaders): Reply => ({ status: 204, headers })
/** 302, or another redirect. */
export const redirect = (location: string, status = 302, headers?: ReplyHeaders): Reply => ({
  status,
  headers: { ...headers, location },
})
/** A file or page. */
export const content = (body: string | Uint8Array, type: string, headers?: ReplyHeaders): Reply => ({
  status: 200,
  body,
  headers: { ...headers, 'content-type': type },
})
