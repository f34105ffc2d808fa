import type { Client, Language, Mode } from './clients.ts'

export type Outcome = { readonly ok: true } | { readonly ok: false; readonly problem: string; readonly output: string }

export interface Result {
  readonly client: Client
  /** What the machine lacks to run it. */
  absent: string | undefined
  url: Outcome | undefined
  exec: Outcome | undefined
}

export const BEGIN = '<!-- interop -->'
export const END = '<!-- /interop -->'

const LANGUAGES: Readonly<Record<Language, string>> = {
  js: 'JavaScript',
  python: 'Python',
  go: 'Go',
  java: 'Java',
  shell: 'command line',
}

/** A result in words, for `results.json`: a mode that is no way to lead the client is left out. */
export function summary({ client, absent, url, exec }: Result) {
  const { name, language, twins, modes = ['url', 'exec'] } = client
  const word = (outcome: Outcome | undefined) => (absent ? `absent: ${absent}` : outcome?.ok ? 'ok' : 'failed')
  return {
    client: name,
    language,
    twins: twins.join(', '),
    ...(modes.includes('url') && { url: word(url) }),
    ...(modes.includes('exec') && { exec: word(exec) }),
  }
}

/** The results as a Markdown table between its markers. */
export function table(results: readonly Result[]): string {
  const rows = results.map((result) => {
    const { client } = result
    const cell = (mode: Mode) => {
      if (client.modes && !client.modes.includes(mode)) return '–'
      if (result.absent) return `not run: no ${result.absent}`
      return result[mode]?.ok ? 'yes' : `no: ${result[mode]?.problem ?? 'not run'}`
    }
    const note = [client.ownPorts ? 'by URL: ports of its own' : '', client.note ?? ''].filter(Boolean).join('; ')
    const cells = [client.name, LANGUAGES[client.language], client.twins.join(', '), cell('url'), cell('exec'), note]
    return `| ${cells.join(' | ')} |`
  })
  return [
    BEGIN,
    '| client | language | twin | by URL | `dtu exec`, source unchanged | to know |',
    '|---|---|---|---|---|---|',
    ...rows,
    END,
  ].join('\n')
}
