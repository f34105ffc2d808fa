type Method = (...args: unknown[]) => unknown

/**
 * The client-level option that googleapis lacks: every call of `api` goes to `rootUrl`, path and media uploads included.
 * (Its own client-level `rootUrl` drops the path and leaves uploads on www.googleapis.com.)
 *
 * @example
 * const drive = withRootUrl(google.drive({ version: 'v3', auth }), universe.env.GOOGLE_DRIVE_ROOT_URL)
 */
export function withRootUrl<T extends object>(api: T, rootUrl: string): T {
  const root = rootUrl.endsWith('/') ? rootUrl : `${rootUrl}/`
  // The resources are read-only properties, which a proxy of the client itself would have to give back unchanged.
  return new Proxy(Object.create(Object.getPrototypeOf(api)) as T, {
    get(_, name) {
      const value = Reflect.get(api, name) as unknown
      if (name === 'context' || typeof name === 'symbol') return value
      if (typeof value === 'function') return pointed(value as Method, api, root)
      return typeof value === 'object' && value !== null ? withRootUrl(value, root) : value
    },
  })
}

/** `method(params?, options?, callback?)` with the root among its options. */
const pointed =
  (method: Method, owner: object, rootUrl: string): Method =>
  (...args) => {
    const callback = typeof args.at(-1) === 'function' ? [args.pop()] : []
    const [params = {}, options = {}] = args
    return method.call(owner, params, { rootUrl, ...(options as object) }, ...callback)
  }
