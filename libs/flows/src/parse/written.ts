/** `.inf` and `.nan` are numbers of YAML that JSON has no words for: messages and the database would have nothing in their place. */
export const isEndless = (value: unknown): value is number => typeof value === 'number' && !Number.isFinite(value);

/** As YAML writes it. */
export const endlessAsWritten = (value: number): string => (Number.isNaN(value) ? '.nan' : value > 0 ? '.inf' : '-.inf');

/** A text, a number or a boolean that somebody wrote, as faults show it. */
export const inWords = (value: unknown): string => {
  if (isEndless(value)) return `${endlessAsWritten(value)}, which is no finite number`;
  return `the ${typeof value === 'string' ? 'text' : typeof value} ${JSON.stringify(value)}`;
};
