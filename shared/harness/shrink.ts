/**
 * Delta debugging (ddmin): a smallest part of a failing list that still fails, in that taking away any one more element
 * makes it pass. `fails` is asked about parts only; the whole is known to fail.
 */
export async function shrink<T>(whole: readonly T[], fails: (part: readonly T[]) => Promise<boolean>): Promise<T[]> {
  let failing = [...whole]
  let parts = 2
  while (failing.length >= 2) {
    const size = Math.ceil(failing.length / parts)
    const chunks = Array.from({ length: Math.ceil(failing.length / size) }, (_, i) =>
      failing.slice(i * size, (i + 1) * size),
    )
    const found = await firstFailing(chunks, failing, fails)
    if (found) {
      failing = found.part
      parts = found.complement ? Math.max(parts - 1, 2) : 2
    } else if (parts >= failing.length) return failing
    else parts = Math.min(failing.length, parts * 2)
  }
  return failing
}

async function firstFailing<T>(
  chunks: readonly T[][],
  all: readonly T[],
  fails: (part: readonly T[]) => Promise<boolean>,
): Promise<{ part: T[]; complement: boolean } | undefined> {
  for (const part of chunks) if (await fails(part)) return { part, complement: false }
  if (chunks.length === 2) return undefined // their complements are each other
  for (const chunk of chunks) {
    const part = all.filter((one) => !chunk.includes(one))
    if (await fails(part)) return { part, complement: true }
  }
  return undefined
}
