import { type LedgerEntry, render } from '../../universe/ledger.ts'

/** Characters of bodies in one reply. JSON text has an end (V8: 512 MB), and uploads fill it within a few calls. */
const ROOM = 64 * 2 ** 20

/** Entries as the control API shows them: the first ones whole, those beyond `room` with the size of their bodies only. */
export function shown(entries: Iterable<LedgerEntry>, room = ROOM) {
  let left = room
  return Array.from(entries, (entry) => {
    const whole = render(entry)
    left -= (whole.request?.body.length ?? 0) + (whole.response?.length ?? 0)
    if (left >= 0) return whole
    const { request, response } = whole
    return {
      ...whole,
      request: request && { ...request, body: size(request.body) },
      response: response === undefined ? undefined : size(response),
    }
  })
}

const size = (body: string) => (body === '' ? '' : `<${body.length} characters>`)
