/** The part of a call that makes absolute URLs. */
export interface Linker {
  link(path: string): string
}

export type Allow = 'GET' | 'PUT' | 'POST' | 'DELETE' | 'PATCH'

/** `{href, hints: {allow}}`: apps, policies, zones, authorization servers, hooks. */
export const hinted = (call: Linker, path: string, ...allow: Allow[]) => ({
  href: call.link(path),
  hints: { allow },
})

/** `{href, method}`: users, linked objects, log streams. */
export const linkTo = (call: Linker, path: string, method: Allow) => ({ href: call.link(path), method })

/** `{rel, href, method}`: user types, schemas, realms. */
export const related = (call: Linker, rel: string, path: string, method: Allow) => ({
  rel,
  href: call.link(path),
  method,
})

/** `{href}`. */
export const plain = (call: Linker, path: string) => ({ href: call.link(path) })

/** A segment of a path. */
export const segment = (text: string): string => encodeURIComponent(text)
