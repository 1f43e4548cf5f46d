/** Labels that a flow must have, each with the values of which one must be its own. */
export type FlowLabels = Readonly<Record<string, readonly string[]>>;

export const LABELS_EXPECTED = 'labels must be names with a text or a list of texts, e.g. {team: shop} or {team: [shop, billing]}; leave them out for every flow';

const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

const isValues = (value: unknown): boolean => (Array.isArray(value) ? value.length > 0 && value.every(isScalar) : isScalar(value));

/** Whether this is what a token may say of labels. None at all would say nothing: for every flow there is nothing to be said. */
export const areFlowLabels = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0 && Object.values(value).every(isValues);

/** As texts, which labels of flows are too. `value`: one that `areFlowLabels` says yes to. */
export const readFlowLabels = (value: Record<string, unknown>): FlowLabels =>
  Object.fromEntries(Object.entries(value).map(([name, values]) => [name, (Array.isArray(values) ? values : [values]).map(String)]));

/** Whether a flow with these labels is one of those: each name is there, with one of its values. */
export const fitLabels = (wanted: FlowLabels, labels: Readonly<Record<string, string>>): boolean =>
  Object.entries(wanted).every(([name, values]) => Object.hasOwn(labels, name) && values.includes(labels[name]!));

/** In words, e.g. `team: shop or billing, tier: gold`. */
export const labelsText = (labels: FlowLabels | Readonly<Record<string, string>>): string =>
  Object.entries(labels).map(([name, values]) => `${name}: ${[values].flat().join(' or ')}`).join(', ');
