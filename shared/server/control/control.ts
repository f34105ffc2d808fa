import { controlApp } from './endpoint.ts'
import { observeEndpoints } from './observe.ts'
import { steerEndpoints } from './steer.ts'
import { type ControlContext, universeEndpoints } from './universes.ts'

/** The control API of a server. Its own OpenAPI document is at `/api/openapi.json`. */
export function control(context: ControlContext) {
  return controlApp([...universeEndpoints(context), ...observeEndpoints(context), ...steerEndpoints(context)])
}
