import { loadContract } from '../../shared/contract/load.ts'
import type { Contract } from '../../shared/kernel/contract.ts'

let loaded: Contract | undefined

/** Drive's contract, read once. */
export const driveContract = (): Contract => (loaded ??= loadContract('drive'))
