import { loadContract } from '../../shared/contract/load.ts'
import type { Contract } from '../../shared/kernel/contract.ts'

let loaded: Contract | undefined

/** The contract of the Sheets API, read once. */
export const sheetsContract = (): Contract => (loaded ??= loadContract('sheets'))
