import type { Reply } from '../../../shared/kernel/reply.ts'
import { type JiraCall, nextId, reader, self, signedIn } from '../context.ts'
import type { AsyncTask } from '../tables.ts'

/** A task as `/task/{id}` shows it. */
export const taskView = (call: JiraCall, task: AsyncTask) => ({
  self: self(reader(call), `task/${task.id}`),
  id: task.id,
  description: task.description,
  status: task.status,
  ...(task.message !== undefined && { message: task.message }),
  ...(task.result !== undefined && { result: task.result }),
  submittedBy: 10_000,
  progress: task.progress,
  elapsedRuntime: Math.max(0, (task.finished ?? call.now) - (task.started ?? task.submitted)),
  submitted: task.submitted,
  ...(task.started !== undefined && { started: task.started }),
  ...(task.finished !== undefined && { finished: task.finished }),
  lastUpdate: task.updated,
})

/** Records work that was done at once as a task. */
export const doneTask = (call: JiraCall, description: string, result?: unknown): AsyncTask =>
  insertTask(call, {
    kind: 'task',
    description,
    status: 'COMPLETE',
    progress: 100,
    message: description,
    result: result ?? '',
    started: call.now,
    finished: call.now,
  })

/** The answer to work that was done at once: 303 to its task, the task's state in the body. */
export function completeTask(call: JiraCall, description: string, result?: unknown): Reply {
  const view = taskView(call, doneTask(call, description, result))
  return { status: 303, body: view, headers: { location: view.self } }
}

export const insertTask = (
  call: JiraCall,
  task: Omit<AsyncTask, 'id' | 'submittedBy' | 'submitted' | 'updated'>,
): AsyncTask =>
  call.tables.tasks.insert({
    id: nextId(call, 'task'),
    submittedBy: signedIn(call).accountId,
    submitted: call.now,
    updated: call.now,
    ...task,
  })
