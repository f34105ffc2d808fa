/** Reads the compound file format of old Office files: a small file system of 512-byte sectors in one file. */

const END_OF_CHAIN = 0xfffffffa
const DIRECTORY_ENTRY = 128
const STORAGE_ROOT = 5

/**
 * Streams by name.
 *
 * @throws RangeError for bytes that are no compound file
 */
export function compoundStreams(bytes: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getUint32(0) !== 0xd0cf11e0) throw new RangeError('Not a compound file')
  const sectorSize = 1 << view.getUint16(30, true)
  const sector = (number: number) => bytes.subarray((number + 1) * sectorSize, (number + 2) * sectorSize)
  const allocation = numbers(concatenated(allocationSectors(view, sector).map(sector)))
  const directory = chain(view.getUint32(48, true), allocation, sector)
  const entries = Array.from({ length: directory.length / DIRECTORY_ENTRY }, (_, i) =>
    entryOf(directory.subarray(i * DIRECTORY_ENTRY, (i + 1) * DIRECTORY_ENTRY)),
  )
  const root = entries.find(({ type }) => type === STORAGE_ROOT)
  // Small streams live together in the root's, in sectors of their own.
  const small = root ? chain(root.start, allocation, sector) : new Uint8Array()
  const smallSize = 1 << view.getUint16(32, true)
  const smallAllocation = numbers(chain(view.getUint32(60, true), allocation, sector))
  const smallSector = (number: number) => small.subarray(number * smallSize, (number + 1) * smallSize)
  const cutoff = view.getUint32(56, true)
  return new Map(
    entries.map(({ name, start, size }) => [
      name,
      (size < cutoff ? chain(start, smallAllocation, smallSector) : chain(start, allocation, sector)).subarray(0, size),
    ]),
  )
}

type Sector = (number: number) => Uint8Array

function entryOf(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = Math.max(0, view.getUint16(64, true) - 2)
  const name = new TextDecoder('utf-16le').decode(bytes.subarray(0, length))
  return { name, type: bytes[66], start: view.getUint32(116, true), size: view.getUint32(120, true) }
}

/** Where the allocation table lies: the header names 109 sectors, further ones stand in a chain. */
function allocationSectors(header: DataView, sector: Sector): number[] {
  const found = Array.from({ length: 109 }, (_, i) => header.getUint32(76 + 4 * i, true))
  let next = header.getUint32(68, true)
  for (let left = header.getUint32(72, true); left > 0 && next < END_OF_CHAIN; left--) {
    const more = numbers(sector(next))
    found.push(...more.slice(0, -1))
    next = more.at(-1) ?? END_OF_CHAIN
  }
  return found.filter((number) => number < END_OF_CHAIN)
}

function chain(start: number, allocation: readonly number[], sector: Sector): Uint8Array {
  const parts: Uint8Array[] = []
  for (let at = start; at < END_OF_CHAIN; at = allocation[at] ?? END_OF_CHAIN) {
    if (parts.length > allocation.length) throw new RangeError('A chain of sectors has no end')
    parts.push(sector(at))
  }
  return concatenated(parts)
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

function numbers(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: bytes.length >> 2 }, (_, i) => view.getUint32(4 * i, true))
}
