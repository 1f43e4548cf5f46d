import { cloudEvent, factOf, subjects, type PlatformEvent } from '@stellwerk/contracts';
import type { RouterRig } from './router-rig.js';

const ORIGINS = { github: 'https://api.github.com', gitlab: 'https://gitlab.example.com', jenkins: 'https://ci.example.com' } as const;

export interface ToldEvent extends Partial<PlatformEvent> {
  platform: keyof typeof ORIGINS;
  repository: string;
  /** Of the platform's run: the same is the same fact. */
  id: string;
  /** Of the telling: the same is the same message. */
  delivery?: string;
}

/** A platform tells that a run of it has finished; its connection has the platform's name. */
export const toldBy = async (rig: RouterRig, { id, delivery = id, ...data }: ToldEvent): Promise<void> => {
  const { platform, repository } = data;
  const fact = factOf({ origin: ORIGINS[platform], repository, kind: 'pipelinerun', id, attempt: 1, predicate: 'finished' });
  await rig.publish(subjects.event(platform, 'pipelinerun.finished'), cloudEvent<PlatformEvent>({
    id: `${platform}:${delivery}:pipelinerun.finished`, source: `/connections/${platform}`, type: 'pipelinerun.finished', subject: id, time: new Date(),
    correlationId: `${platform}:${delivery}`, causationId: `${platform}:${delivery}`, fact,
    data: { connection: platform, branch: 'main', outcome: 'success', run: { id, attempt: 1 }, occurredAt: new Date().toISOString(), ...data },
  }));
};
