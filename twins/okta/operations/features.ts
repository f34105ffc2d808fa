import { ok } from '../../../shared/kernel/reply.ts'
import { fail, invalid } from '../errors.ts'
import { record, target } from '../events.ts'
import { PREFIX } from '../ids.ts'
import { hinted } from '../links.ts'
import { found, type Resource, resource } from '../resource.ts'
import type { Document } from '../tables/document.ts'
import { type OktaCall, operations } from './define.ts'

function featureView(call: OktaCall, feature: Document) {
  const { name, description, stage, helpDoc, devDoc } = feature.data
  const path = `/api/v1/features/${feature.id}`
  const next = feature.status === 'ENABLED' ? 'disable' : 'enable'
  return {
    id: feature.id,
    type: 'self-service',
    status: feature.status,
    name,
    description,
    stage,
    _links: {
      ...(helpDoc ? { helpDoc: { href: helpDoc } } : {}),
      ...(devDoc ? { devDoc: { href: devDoc } } : {}),
      [next]: hinted(call, `${path}/${next}`, 'POST'),
      self: { href: call.link(path) },
      dependents: { href: call.link(`${path}/dependents`) },
      dependencies: { href: call.link(`${path}/dependencies`) },
    },
  }
}

const family: Resource = {
  table: (tables) => tables.features,
  prefix: PREFIX.feature,
  kind: 'Feature',
  param: 'featureId',
  operations: { list: 'listFeatures', get: 'getFeature' },
  view: (row, call) => featureView(call, row),
}

/** Self-service features. None of a twin's depends on another. */
export const features = {
  ...resource(family),
  ...operations({
    listFeatureDependencies: (call) => ok(found(family, call) && []),
    listFeatureDependents: (call) => ok(found(family, call) && []),

    /** `enable` and `disable` count in any case. */
    updateFeatureLifecycle(call) {
      const feature = found(family, call)
      const lifecycle = call.params.lifecycle.toLowerCase()
      if (lifecycle !== 'enable' && lifecycle !== 'disable') fail('E0000022')
      const { mode } = call.query
      if (mode !== undefined && mode !== 'force') invalid('mode', ['mode: The field has an invalid value'])
      const status = lifecycle === 'enable' ? 'ENABLED' : 'DISABLED'
      const row = call.tables.features.patch(feature.id, { status, lastUpdated: call.now })
      record(call, `system.feature.${lifecycle}`, [target('Feature', row.id, String(row.data.name))])
      return ok(featureView(call, row))
    },
  }),
}
