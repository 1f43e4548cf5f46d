import type { DoraCounts } from './dora.repository.js';
import type { DoraView } from './dora.response.js';

const NOTHING: Omit<DoraCounts, 'environment'> = {
  succeeded: 0, failed: 0, rolled_back: 0, restored: 0, again: 0, lead_count: 0, lead_median: null, lead_p90: null, recovered: 0, recovery_median: null, recovery_p90: null,
};

const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

/** The figures of one environment; without counts, that nothing is known. */
export const doraView = (environment: string, counts: Omit<DoraCounts, 'environment'> | undefined, days: number): DoraView => {
  const { succeeded, failed: failedThere, rolled_back, restored, again, ...times } = counts ?? NOTHING;
  const [deployments, failed] = [succeeded + failedThere, failedThere + rolled_back];
  const [rework, all] = [restored + again, deployments + restored];
  return {
    environment,
    deploymentFrequency: { perDay: deployments === 0 ? null : succeeded / days, deployments: succeeded },
    leadTime: { medianSeconds: times.lead_median, p90Seconds: times.lead_p90, deployments: times.lead_count },
    changeFailureRate: { ratio: ratio(failed, deployments), failed, deployments },
    recoveryTime: { medianSeconds: times.recovery_median, p90Seconds: times.recovery_p90, recovered: times.recovered, open: failed - times.recovered },
    reworkRate: { ratio: ratio(rework, all), rework, deployments: all },
  };
};
