import { loadContract } from '../../shared/contract/load.ts'
import type { Contract } from '../../shared/kernel/contract.ts'

let loaded: Contract | undefined

/** The contract of the Docs API, read once. */
export const docsContract = (): Contract => (loaded ??= loadContract('docs'))
