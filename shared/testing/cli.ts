import { vi } from 'vitest'

export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** A command as from a terminal, in this process: its exit code and what it wrote. */
export async function inThisProcess(command: () => Promise<number>): Promise<Ran> {
  const told = { out: '', err: '' }
  const hear = (name: 'out' | 'err') => (text: string | Uint8Array) => {
    told[name] += String(text)
    return true
  }
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(hear('out')),
    vi.spyOn(process.stderr, 'write').mockImplementation(hear('err')),
  ]
  try {
    return { code: await command(), ...told }
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}
