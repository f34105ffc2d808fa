import { type Tables, tableSet } from '../../shared/universe/table.ts'
import { administration } from './tables/administration.ts'
import { applications } from './tables/applications.ts'
import { configuration } from './tables/configuration.ts'
import { directory } from './tables/directory.ts'
import { oauth } from './tables/oauth.ts'
import { policies } from './tables/policies.ts'
import { tokens } from './tables/tokens.ts'

/** Every table of an org, by the area file that declares it. */
export const tables = {
  ...directory,
  ...applications,
  ...administration,
  ...tokens,
  ...policies,
  ...oauth,
  ...configuration,
}

export type OktaTables = Tables<typeof tables>

export const makeTables = tableSet(tables)
