import { carryOut } from './carry-out.js';
import type { RouterRig, Sent } from './router-rig.js';

/** A flow that listens to `acme/<name>`. */
export const slotFlow = (name: string, more: string, step = ''): string => `---
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: ${name} }
spec:
  on: [{ event: pipelinerun.finished, repository: acme/${name} }]
  report: []
${more}
  steps:
    go: { uses: gitlab/trigger-pipeline, with: { project: any, ref: main }${step} }
`;

export const concurrency = (whenFull: string, limit = 1): string => `  concurrency: { group: "\${{ event.branch }}", limit: ${limit}, when-full: ${whenFull} }`;

/**
 * Connectors and platforms that carry out whatever these flows ask for, until so many more commands were. Gives how many stood open at most:
 * a command is seen only when its run has its place, and the place is free only when its end was told.
 */
export const carryOutAll = async (rig: RouterRig, flows: readonly string[], count: number, between?: (told: readonly Sent[]) => Promise<void>): Promise<number> => {
  const told = new Map<string, Sent>();
  let most = 0;
  const giveUpAt = Date.now() + 100_000;
  while (told.size < count) {
    const open = (await rig.commands({ purpose: 'run' })).filter(({ id, data }) => flows.includes(data.flow) && !told.has(id));
    most = Math.max(most, open.length);
    for (const one of open) {
      await carryOut(rig, one);
      told.set(one.id, one);
    }
    await between?.([...told.values()]);
    if (Date.now() > giveUpAt) throw new Error(`expected ${count} commands of ${flows.join(', ')}, saw ${told.size}`);
  }
  return most;
};
