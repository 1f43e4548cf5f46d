import type { SectionName } from '../options.ts';
import { accept } from './accept.ts';
import type { Context } from './context.ts';
import { flows } from './flows.ts';
import { latency } from './latency.ts';
import { memory } from './memory.ts';
import { neighbours } from './neighbours.ts';
import { profiles } from './profiles.ts';
import { redeliveries } from './redeliveries.ts';
import { replicas } from './replicas.ts';
import { runs } from './runs.ts';
import { soak } from './soak.ts';
import { sustained } from './sustained.ts';
import { sync } from './sync.ts';
import { tracing } from './tracing.ts';

/** What measures each section, in the order they are run and shown. */
export const MEASURES: Readonly<Record<Exclude<SectionName, 'cost'>, { readonly title: string; readonly measure: (context: Context) => Promise<void> }>> = {
  accept: { title: 'Accepting webhooks', measure: accept },
  sustained: { title: 'Flows end to end', measure: sustained },
  latency: { title: 'From the webhook to the trigger', measure: latency },
  memory: { title: 'Memory', measure: memory },
  tracing: { title: 'Tracing', measure: tracing },
  sync: { title: 'Every message on the disk before it is confirmed (`sync_interval: always`)', measure: sync },
  flows: { title: 'Flows loaded', measure: flows },
  runs: { title: 'Runs in the past', measure: runs },
  replicas: { title: 'Processes of each service', measure: replicas },
  neighbours: { title: 'A connection whose platform hangs', measure: neighbours },
  profiles: { title: 'Where the time goes', measure: profiles },
  soak: { title: 'An hour of steady load', measure: soak },
  redeliveries: { title: 'Webhooks that were missed', measure: redeliveries },
};
