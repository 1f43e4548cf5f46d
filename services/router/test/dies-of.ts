import type { RouterRig } from './router-rig.js';

/** A router dies at this point: of the news, or of what the one before it left. */
export const diesOf = async (rig: RouterRig, failpoint: string, news: () => Promise<void> = () => Promise.resolve()): Promise<void> => {
  const router = await rig.start(failpoint);
  await news();
  const { signal } = await router.exited;
  if (signal !== 'SIGKILL') throw new Error(`the router did not die of ${failpoint}:\n${router.output()}`);
  await rig.deserted();
};
