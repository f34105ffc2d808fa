import type { Multiverse } from '../../server/multiverse.ts'
import type { Universe } from '../../universe/universe.ts'
import type { Activity } from '../activity.ts'
import type { Meter } from '../meter.ts'
import { type Scenario, ScenarioError, substitute } from '../scenario.ts'
import { personasOf } from './actors.ts'
import type { Troupe } from './ask.ts'
import { Persona, type Somebody } from './persona.ts'

/** The people of one run: who they are, and those whom a model plays. */
export interface Company {
  /** E-mail of each actor that stands for a person of the fixture. */
  readonly emails: ReadonlyMap<string, string>
  readonly personas: ReadonlyMap<string, Persona>
  readonly activity: Activity
}

/** Why scenarios cannot be run without a model that plays people. */
export const unplayed = (
  scenarios: readonly Pick<Scenario, 'id' | 'actors'>[],
  troupe: Troupe | undefined,
): string[] =>
  troupe
    ? []
    : scenarios.flatMap(({ id, actors }) =>
        personasOf({ actors }).map(
          (name) => `${id}: ${name} is played by a model: set ANTHROPIC_API_KEY, or give --scripted FILE`,
        ),
      )

/**
 * Casts a scenario's people.
 *
 * @throws ScenarioError when nobody is there to play them, or a person is not in the fixture
 */
export function companyOf(
  scenario: Scenario,
  place: { multiverse: Multiverse; universe: Universe; activity: Activity },
  scope: Readonly<Record<string, unknown>>,
  { troupe, meter }: { troupe: Troupe | undefined; meter: Meter },
): Company {
  const missing = unplayed([scenario], troupe)
  if (missing.length) throw new ScenarioError(missing)
  const emails = new Map<string, string>()
  const personas = new Map<string, Persona>()
  for (const [name, part] of Object.entries(scenario.actors)) {
    const somebody = substitute(`\${people.${part.person}}`, scope) as unknown as Somebody
    emails.set(name, somebody.email)
    if (part.play !== 'persona' || !troupe) continue
    personas.set(name, new Persona(place, { troupe, meter }, name, substitute(part, scope), somebody))
  }
  return { emails, personas, activity: place.activity }
}
