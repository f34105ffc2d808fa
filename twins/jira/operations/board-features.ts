import { ok } from '../../../shared/kernel/reply.ts'
import { type JiraCall, signedIn } from '../context.ts'
import { badRequest, forbidden } from '../errors.ts'
import { boardOf } from '../rules/agile.ts'
import { can } from '../rules/permissions.ts'
import type { Board } from '../tables.ts'
import { operations } from './define.ts'
import { bodyOf } from './shared.ts'

/** The field that team-managed boards estimate in. */
const POINTS = 'customfield_10016'

interface Feature {
  readonly name: string
  isOn(board: Board): boolean
  set(board: Board, on: boolean): Board
}

/** A feature that shows in nothing else of a board. */
const kept = (key: string, name: string, standard: (board: Board) => boolean): Feature => ({
  name,
  isOn: (board) => board.features?.[key] ?? standard(board),
  set: (board, on) => ({ ...board, features: { ...board.features, [key]: on } }),
})

/** Features of boards: whether one is on, and what switching it changes of a board. */
const FEATURES: Readonly<Record<string, Feature>> = {
  SIMPLE_ROADMAP: kept('SIMPLE_ROADMAP', 'Timeline', () => true),
  BACKLOG: kept('BACKLOG', 'Backlog', (board) => board.type !== 'kanban'),
  SPRINTS: {
    name: 'Sprints',
    isOn: (board) => board.sprintsSupported,
    set: (board, on) => ({ ...board, sprintsSupported: on }),
  },
  ESTIMATION: {
    name: 'Estimation',
    isOn: (board) => board.estimationFieldId !== undefined,
    set: ({ estimationFieldId: _, ...board }, on) => (on ? { ...board, estimationFieldId: POINTS } : board),
  },
}

const view = (board: Board) => ({
  features: Object.entries(FEATURES).map(([key, feature]) => ({
    boardFeature: key,
    boardId: board.id,
    state: feature.isOn(board) ? 'ENABLED' : 'DISABLED',
    localisedName: feature.name,
    localisedDescription: '',
    learnMoreLink: '',
    imageUri: '',
    featureType: key === 'ESTIMATION' ? 'ESTIMATION' : 'BASIC',
    featureId: key,
    toggleLocked: board.type !== 'simple',
    ...(key === 'ESTIMATION' && {
      permissibleEstimationTypes: [
        { value: 'STORY_POINTS', localisedName: 'Story points', localisedDescription: '' },
        { value: 'ORIGINAL_ESTIMATE', localisedName: 'Original estimate', localisedDescription: '' },
      ],
    }),
  })),
})

function requireBoardAdmin(call: JiraCall, board: Board): void {
  const user = signedIn(call)
  const project = board.projectId ? call.tables.projects.get(board.projectId) : undefined
  if (project && !can(call, user, 'ADMINISTER_PROJECTS', project))
    throw forbidden('You do not have permission to change the features of this board.')
}

export const boardFeatures = operations({
  getFeaturesForBoard: (call) => ok(view(boardOf(call, call.params.boardId))),
  /** Only boards of team-managed projects have features to switch. */
  toggleFeatures(call) {
    const board = boardOf(call, call.params.boardId)
    requireBoardAdmin(call, board)
    const { feature, enabling } = bodyOf(call)
    const found = Object.hasOwn(FEATURES, String(feature)) ? FEATURES[String(feature)] : undefined
    if (!found) throw badRequest(`The feature '${String(feature)}' does not exist.`)
    if (board.type !== 'simple') throw badRequest('The features of this board cannot be toggled.')
    if (typeof enabling !== 'boolean') throw badRequest("The value of 'enabling' must be true or false.")
    return ok(view(call.tables.boards.replace(found.set(board, enabling))))
  },
})
