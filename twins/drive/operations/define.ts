import type { Operations as Published } from '../../../openapi/types/drive.ts'
import type { Operation } from '../../../shared/kernel/contract.ts'
import { handlersOf, type Moment } from '../../../shared/kernel/twin.ts'
import type { GoogleCaller } from '../../google/caller.ts'
import type { DriveTables } from '../tables.ts'

/** Types the handlers of this twin. */
export const operations = handlersOf<Published, DriveTables, GoogleCaller>()

/** What rules and views need of a Drive call. */
export type DriveCall = Moment<DriveTables> & {
  readonly caller: GoogleCaller
  readonly operation: Operation
  readonly query: {
    readonly supportsAllDrives?: boolean
    readonly supportsTeamDrives?: boolean
    readonly useDomainAdminAccess?: boolean
    readonly fields?: string
    readonly alt?: string
  }
}
