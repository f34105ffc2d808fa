import { agentActs } from './agents.ts'
import { interactionActs } from './interactions.ts'
import { messageActs } from './messages.ts'
import { requestActs } from './requests.ts'
import { workflowActs } from './workflows.ts'
import { workspaceActs } from './workspace.ts'

/** People without a user interface: `POST …/act/slack/<name>`. */
export const acts = {
  ...messageActs,
  ...interactionActs,
  ...workspaceActs,
  ...agentActs,
  ...workflowActs,
  ...requestActs,
}
