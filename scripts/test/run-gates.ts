import type { Counts } from './count-reporter.ts';
import type { Gate } from './gates.ts';

const seconds = (since: number): string => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/** Runs one after the other and says how each ended; a gate that breaks is one that failed. */
export const runGates = async (gates: readonly Gate[], print: (line: string) => void): Promise<Counts> => {
  const counts: Counts = { passed: 0, failed: 0, failures: [] };
  for (const gate of gates) {
    const since = Date.now();
    const wrong = await gate.prove().catch((error: unknown) => String(error));
    if (wrong === '') counts.passed += 1;
    else {
      counts.failed += 1;
      counts.failures.push(`gate: ${gate.name}`);
    }
    print(`${wrong === '' ? '✓' : '✗'} ${gate.name} (${seconds(since)})`);
    if (wrong !== '') print(wrong.split('\n').map((line) => `    ${line}`).join('\n'));
  }
  return counts;
};
