import { DEFAULT_PORT } from '../../shared/server/up.ts'

/** Where a running `dtu up` is: `--url`, DTU_URL, or the port of DTU_PORT on this machine. */
export function controlUrl(option: string | undefined): string {
  return (option ?? process.env.DTU_URL ?? `http://localhost:${process.env.DTU_PORT ?? DEFAULT_PORT}`).replace(
    /\/$/,
    '',
  )
}

/** Calls the control API; a refusal becomes an Error with its message. */
export async function control<T>(base: string, method: string, path: string, body?: unknown): Promise<T> {
  let response: Response
  try {
    response = await fetch(base + path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
  } catch {
    throw new Error(`Nothing answers at ${base}; start it with \`npm start\`, or name another place by --url`)
  }
  const text = await response.text()
  const reply = text ? (JSON.parse(text) as T & { message?: string }) : ({} as T & { message?: string })
  if (!response.ok) throw new Error(reply.message ?? `${method} ${path}: ${response.status}`)
  return reply
}
