import type { RouterRig, Sent } from './router-rig.js';

/** The connector and the platform carry out one command: it is taken, and its run ends so. Told again it changes nothing. */
export const carryOut = async (rig: RouterRig, command: string | Sent, outcome: 'success' | 'failure' = 'success'): Promise<void> => {
  const sent = typeof command === 'string' ? await rig.command(command) : command;
  await rig.answer(sent, 'accepted', { id: sent.id });
  await rig.pipeline(sent.id, 'finished', { outcome });
};
