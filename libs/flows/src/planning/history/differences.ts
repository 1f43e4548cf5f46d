export interface Difference {
  /** `steps.0.run.state`; '' = the whole. */
  path: string;
  one: string;
  other: string;
}

const asJson = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)) as unknown);

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const compare = (one: unknown, other: unknown, path: readonly string[]): Difference[] => {
  if (isObject(one) && isObject(other) && Array.isArray(one) === Array.isArray(other)) {
    return [...new Set([...Object.keys(one), ...Object.keys(other)])].flatMap((key) => compare(one[key], other[key], [...path, key]));
  }
  return one === other ? [] : [{ path: path.join('.'), one: JSON.stringify(one) ?? 'absent', other: JSON.stringify(other) ?? 'absent' }];
};

/** Where two values differ as JSON, by the paths of the leaves; the order of keys does not count. */
export const differences = (one: unknown, other: unknown): Difference[] => compare(asJson(one), asJson(other), []);
