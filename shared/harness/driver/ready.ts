import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** Waits until a URL answers 2xx: `undefined`, or what it said last when the time is up. */
export async function answers(url: string, timeout: number): Promise<string | undefined> {
  const deadline = performance.now() + timeout
  let last = 'nothing answered'
  for (let pause = 10; ; pause = Math.min(pause * 1.5, 250)) {
    const left = deadline - performance.now()
    if (left <= 0) return `${url}: ${last} within ${timeout / 1000} s`
    try {
      const reply = await fetch(url, { signal: AbortSignal.timeout(Math.ceil(left)) })
      await reply.body?.cancel()
      if (reply.ok) return undefined
      last = `status ${reply.status}`
    } catch {}
    await wait(Math.min(pause, Math.max(0, deadline - performance.now())))
  }
}

/** A loopback port that was free just now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}
