import { type Tables, tableSet } from '../../shared/universe/table.ts'
import * as configuration from './tables/configuration.ts'
import * as issues from './tables/issues.ts'
import * as people from './tables/people.ts'
import * as plans from './tables/plans.ts'
import * as projects from './tables/projects.ts'
import * as workspace from './tables/workspace.ts'

export type * from './tables/configuration.ts'
export type * from './tables/issues.ts'
export type * from './tables/people.ts'
export type * from './tables/plans.ts'
export type * from './tables/projects.ts'
export type * from './tables/workspace.ts'

/** Everything a Jira site keeps, by the name handlers use. */
export const tables = { ...people, ...projects, ...configuration, ...issues, ...workspace, ...plans }

export type JiraTables = Tables<typeof tables>

export const makeTables = tableSet(tables)
