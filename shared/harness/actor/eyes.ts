import type { Multiverse } from '../../server/multiverse.ts'
import { FetchRequest } from '../../server/served.ts'
import { systemTables } from '../../universe/system.ts'
import { Table } from '../../universe/table.ts'
import type { Universe } from '../../universe/universe.ts'
import { actNamed } from './act.ts'
import { PersonaError } from './ask.ts'
import type { Eyes, Onlooker, See } from './eyes/eyes.ts'
import { docs, drive, sheets } from './eyes/google.ts'
import { jira } from './eyes/jira.ts'
import { okta } from './eyes/okta.ts'
import { slack } from './eyes/slack.ts'

/** What somebody sees: for each service a list of things, as a person would tell them apart. */
export type Sight = Readonly<Record<string, readonly object[]>>

const SERVICES: Readonly<Record<string, See>> = { okta, jira, slack, docs, drive, sheets }

/**
 * What a person sees in some services, read through the services' own API with a credential of theirs. It happens in a
 * throwaway fork, without faults and deliveries: looking leaves no trace.
 */
export async function look(
  multiverse: Multiverse,
  universe: Universe,
  services: readonly string[],
  onlooker: Onlooker,
): Promise<Sight> {
  const fork = multiverse.fork(universe)
  try {
    fork.faults.set([])
    fork.limits.plan = { enforce: false }
    const tasks = new Table(fork.store, systemTables.tasks)
    for (const { id } of tasks.all()) tasks.remove(id)
    const eyes = eyesOf(multiverse, fork, onlooker.email)
    const sight: Record<string, readonly object[]> = {}
    for (const service of services) sight[service] = (await SERVICES[service]?.(eyes, onlooker)) ?? []
    return sight
  } finally {
    multiverse.delete(fork.id)
  }
}

function eyesOf(multiverse: Multiverse, universe: Universe, email: string): Eyes {
  const signedIn = new Map<string, string>()
  const credential = (service: string): string => {
    const known = signedIn.get(service)
    if (known) return known
    const { twin } = multiverse.app(service)
    const { result } = multiverse.run(universe, service, (moment) => twin.signIn?.(moment, email))
    if (result === undefined) throw new PersonaError(`${email} has no account in ${service}`)
    signedIn.set(service, result)
    return result
  }
  return {
    async get(service, path) {
      const base = `http://localhost/u/${universe.id}/${service}`
      const [place = '/', search = ''] = path.split('?')
      const headers = { authorization: credential(service) }
      const request = new FetchRequest(new Request(base + path, { headers }), base, place, search)
      const reply = await multiverse.serve(service, { universe, request })
      const body = (await reply.json()) as { ok?: boolean; error?: unknown }
      if (reply.ok && body.ok !== false) return body as never
      const said = JSON.stringify(body.error ?? body).slice(0, 200)
      throw new PersonaError(`${email} cannot look at ${service}${place}: ${reply.status} ${said}`)
    },
    act(service, action, input) {
      const { run } = actNamed(multiverse, `${service}.${action}`)
      return multiverse.run(universe, service, (moment) => run(moment, input as never)).result
    },
  }
}
