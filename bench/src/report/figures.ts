import type { ProfileSummary } from '../measure/profile.ts';

/** One line of a table. */
export interface Figure {
  readonly section: string;
  readonly what: string;
  /** NaN: it could not be measured, and `note` says why. */
  readonly value: number;
  readonly unit: string;
  /** The same of the floor. */
  readonly floor?: number;
  readonly target?: { readonly text: string; readonly reached: boolean };
  readonly note?: string;
}

/** What one flow, or one webhook, costs each process. */
export interface CostLine {
  readonly section: string;
  readonly what: string;
  readonly cpuMs: Readonly<Record<string, number>>;
}

/** Own processor time of one service, milliseconds a flow. */
export interface ProfileTable {
  readonly service: string;
  readonly summary: ProfileSummary;
}

/** What is written down of them. */
export type Found = Pick<Findings, 'figures' | 'costs' | 'profiles'>;

/** Both, where the earlier ones are of sections that were not measured again. */
export const withEarlier = (now: Found, earlier: Found, measured: readonly string[]): Found => {
  const kept = <T extends { section: string }>(lines: readonly T[]): T[] => lines.filter(({ section }) => !measured.includes(section));
  return {
    figures: [...kept(earlier.figures), ...now.figures], costs: [...kept(earlier.costs), ...now.costs],
    profiles: measured.includes('profiles') ? now.profiles : earlier.profiles,
  };
};

/** Everything a run of the bench found out. */
export class Findings {
  readonly figures: Figure[] = [];
  readonly costs: CostLine[] = [];
  readonly profiles: ProfileTable[] = [];

  figure(figure: Figure): void {
    this.figures.push(figure);
  }

  profile(service: string, summary: ProfileSummary): void {
    this.profiles.push({ service, summary });
  }

  cost(section: string, what: string, cpuMs: Record<string, number>): void {
    this.costs.push({ section, what, cpuMs });
  }
}

/** A target that a value has to be at least, or at most. */
export const atLeast = (value: number, bound: number, text = `≥ ${bound}`): Figure['target'] => ({ text, reached: value >= bound });
export const atMost = (value: number, bound: number, text = `≤ ${bound}`): Figure['target'] => ({ text, reached: value <= bound });
export const below = (value: number, bound: number, text = `< ${bound}`): Figure['target'] => ({ text, reached: value < bound });

/** Processor time of all but driver and platform, which are not what is measured. */
export const ownCost = (cpuMs: Readonly<Record<string, number>>): number =>
  Object.entries(cpuMs).reduce((sum, [label, ms]) => (label === 'driver' || label === 'platform' ? sum : sum + ms), 0);
