import { mapOf, textsAt } from './resource-source.js';

/** Where a flow acts on a platform. */
export interface Use {
  /** In words, for faults. */
  where: string;
  with: Record<string, unknown>;
}

/** What of a flow acts on which connection, as it was written. `flow`: in words. */
export const usesIn = (spec: Record<string, unknown>, flow: string): { connection: string; use: Use }[] => [
  ...Object.entries(mapOf(spec.steps)).flatMap(([name, step]) => {
    const { rollback } = mapOf(step);
    return [...useOf(step, `step "${name}" of ${flow}`), ...useOf(rollback, `the rollback of step "${name}" of ${flow}`)];
  }),
  ...textsAt(spec.report, []).map(({ text }) => ({ connection: text, use: { where: `the report of ${flow}`, with: {} } })),
];

const useOf = (value: unknown, where: string): { connection: string; use: Use }[] => {
  const { uses, with: fields } = mapOf(value);
  return typeof uses === 'string' ? [{ connection: uses.split('/')[0]!, use: { where, with: mapOf(fields) } }] : [];
};
