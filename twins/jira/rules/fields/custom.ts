import type { CustomField } from '../../tables.ts'
import * as references from './references.ts'
import type { Field, Kind, Schema } from './types.ts'
import * as values from './values.ts'

const BASE = 'com.atlassian.jira.plugin.system.customfieldtypes:'
const SOFTWARE = 'com.pyxis.greenhopper.jira:'

interface CustomType {
  readonly schema: Pick<Schema, 'type' | 'items'>
  readonly kind: Kind
  /** How JQL names the type: `Story Points[Number]`. */
  readonly label?: string
  readonly searcher?: string
}

const type = (schemaType: string, kind: Kind, label?: string, searcher?: string): CustomType => ({
  schema: { type: schemaType },
  kind,
  ...(label && { label }),
  ...(searcher && { searcher: BASE + searcher }),
})
const list = (items: string, kind: Kind, label?: string, searcher?: string): CustomType => ({
  ...type('array', kind, label, searcher),
  schema: { type: 'array', items },
})

const readOnly = (fallback: unknown): Kind => values.computed((stored) => stored ?? fallback)

/** The custom field types, by key. */
const TYPES: Readonly<Record<string, CustomType>> = {
  [`${BASE}textfield`]: type('string', values.shortText, 'Short text', 'textsearcher'),
  [`${BASE}url`]: type('string', values.url, 'URL Field', 'exacttextsearcher'),
  [`${BASE}readonlyfield`]: type('string', readOnly(null), undefined, 'textsearcher'),
  [`${BASE}textarea`]: type('string', values.richText, 'Paragraph', 'textsearcher'),
  [`${BASE}float`]: type('number', values.number, 'Number', 'exactnumber'),
  [`${BASE}importid`]: type('number', values.number, undefined, 'exactnumber'),
  [`${BASE}datepicker`]: type('date', values.date, 'Date', 'daterange'),
  [`${BASE}datetime`]: type('datetime', values.dateTime, 'Time stamp', 'datetimerange'),
  [`${BASE}select`]: type('option', references.option, 'Dropdown', 'multiselectsearcher'),
  [`${BASE}radiobuttons`]: type('option', references.option, 'Radio Buttons', 'multiselectsearcher'),
  [`${BASE}multiselect`]: list('option', references.options, 'Select List (multiple choices)', 'multiselectsearcher'),
  [`${BASE}multicheckboxes`]: list('option', references.options, 'Checkboxes', 'multiselectsearcher'),
  [`${BASE}cascadingselect`]: type(
    'option-with-child',
    references.cascading,
    'Select List (cascading)',
    'cascadingselectsearcher',
  ),
  [`${BASE}userpicker`]: type('user', values.user, 'User Picker (single user)', 'userpickergroupsearcher'),
  [`${BASE}people`]: list('user', values.users, 'People'),
  [`${BASE}multiuserpicker`]: list('user', values.users, 'User Picker (multiple users)', 'userpickergroupsearcher'),
  [`${BASE}grouppicker`]: type('group', values.group, 'Group Picker (single group)', 'grouppickersearcher'),
  [`${BASE}multigrouppicker`]: list('group', values.groups, 'Group Picker (multiple groups)', 'grouppickersearcher'),
  [`${BASE}labels`]: list('string', values.labels(null), 'Labels', 'labelsearcher'),
  [`${BASE}version`]: type('version', references.version, 'Version Picker (single version)', 'versionsearcher'),
  [`${BASE}multiversion`]: list(
    'version',
    references.versions(null),
    'Version Picker (multiple versions)',
    'versionsearcher',
  ),
  [`${BASE}project`]: type('project', references.projectPicker, 'Project Picker (single project)', 'projectsearcher'),
  [`${BASE}atlassian-team`]: type('team', values.shortText, 'Team'),
  [`${SOFTWARE}gh-sprint`]: list('json', references.sprint),
  [`${SOFTWARE}gh-lexo-rank`]: type('any', readOnly(null)),
  [`${SOFTWARE}gh-epic-link`]: type('any', readOnly(null)),
  [`${SOFTWARE}gh-epic-label`]: type('string', values.shortText),
  [`${SOFTWARE}gh-epic-status`]: type('option', references.option),
  [`${SOFTWARE}gh-epic-color`]: type('string', values.shortText),
  [`${SOFTWARE}jsw-issue-color`]: type('string', values.shortText),
  [`${SOFTWARE}jsw-story-points`]: type('number', values.number),
  'com.atlassian.jira.plugins.jira-development-integration-plugin:devsummarycf': type('any', readOnly('{}')),
  'com.atlassian.jira.plugins.jira-development-integration-plugin:vulnerabilitycf': type('any', readOnly(null)),
  'com.atlassian.jira.plugins.jira-development-integration-plugin:designcf': list('design.field.name', readOnly(null)),
  'com.atlassian.jpo:jpo-custom-field-parent': type(
    'any',
    readOnly({
      hasEpicLinkFieldDependency: false,
      showField: false,
      nonEditableReason: {
        reason: 'PLUGIN_LICENSE_ERROR',
        message: 'The Parent Link is only available to Jira Premium users.',
      },
    }),
  ),
  'com.atlassian.jpo:jpo-custom-field-baseline-start': type('date', values.date),
  'com.atlassian.jpo:jpo-custom-field-baseline-end': type('date', values.date),
  'com.atlassian.servicedesk:vp-origin': type('sd-customerrequesttype', readOnly(null)),
  'com.atlassian.servicedesk:sd-customer-organizations': list('sd-customerorganization', readOnly([])),
}

const UNKNOWN: CustomType = type(
  'any',
  values.computed((stored) => stored ?? null),
)

export const customType = (key: string): CustomType => TYPES[key] ?? UNKNOWN

/** Whether `POST field` knows the type. */
export const isCreatable = (key: string): boolean =>
  key.startsWith(BASE) && key in TYPES && !key.endsWith('atlassian-team')

export const isSearcher = (key: string): boolean =>
  Object.values(TYPES).some((known) => known.searcher === key) || key.startsWith(BASE)

/** A custom field's row as the engine handles it. */
export function customField(row: CustomField): Field {
  const { schema, kind, label } = customType(row.type)
  const team = row.type.endsWith(':atlassian-team')
  const clauseNames = [`cf[${row.number}]`, row.name, ...(label ? [`${row.name}[${label}]`] : [])].sort()
  const field: Field = {
    id: row.id,
    name: row.name,
    untranslatedName: row.untranslatedName ?? row.name,
    orderable: true,
    navigable: true,
    searchable: true,
    clauseNames,
    schema: { ...schema, custom: row.type, customId: row.number, ...(team && { configuration: { [row.type]: true } }) },
    kind,
    custom: row,
    get: (issue) => issue.custom[row.id] ?? null,
  }
  if (row.type === `${SOFTWARE}gh-lexo-rank`) return { ...field, get: (issue) => issue.rank }
  if (row.type === `${SOFTWARE}gh-epic-link`) return field
  return kind.parse ? { ...field, set: (stored, issue) => ({ custom: { ...issue.custom, [row.id]: stored } }) } : field
}
