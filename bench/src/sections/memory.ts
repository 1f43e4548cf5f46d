import { below } from '../report/figures.ts';
import type { Context } from './context.ts';

/** Resident memory of each service: after the start, and the most while it was driven as hard as it goes. */
export const memory = async (context: Context): Promise<void> => {
  const { idle, loaded } = (await context.ours('one-step')).memory;
  for (const [name, value] of Object.entries(idle)) {
    context.findings.figure({ section: 'memory', what: `${name}, idle`, value, unit: 'MB', target: below(value, 130, '< 130 MB') });
    const most = loaded[name]!;
    context.findings.figure({ section: 'memory', what: `${name}, the most under load`, value: most, unit: 'MB', target: below(most, 300, '< 300 MB') });
  }
};
