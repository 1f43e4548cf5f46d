import { Injectable } from '@nestjs/common';
import { parseApprovalId } from '@stellwerk/contracts';
import { Resources } from '@stellwerk/config';
import { ProblemError } from '../http/problem.js';
import type { Caller } from './caller.js';
import { FlowOfRunRepository } from './flow-of-run.repository.js';
import { fitLabels, labelsText } from './flow-labels.js';
import type { About } from './needs.js';

interface LabelledFlow {
  name: string;
  labels: Readonly<Record<string, string>>;
}

/** Holds people whose token names labels to the flows that have them. Here and not in the router, as only the door knows people. */
@Injectable()
export class FlowScope {
  constructor(private readonly resources: Resources, private readonly runs: FlowOfRunRepository) {}

  /** `parameters`: of the path. @throws ProblemError 403 for another flow's order, and for one that is about no flow; 404 where there is no such flow, run or approval */
  async check({ name, labels }: Caller, about: About | undefined, parameters: Readonly<Record<string, string>>): Promise<void> {
    if (labels === undefined || about === 'nothing') return;
    const only = `${name} may give orders about flows with ${labelsText(labels)} only`;
    if (about === undefined) throw new ProblemError(403, `${only}; this one is not about one flow.`);
    const flow = await this.flowOf(about, parameters);
    if (!fitLabels(labels, flow.labels)) throw new ProblemError(403, `${only}; flow "${flow.name}" has ${labelsText(flow.labels) || 'none'}.`);
  }

  private async flowOf(about: Exclude<About, 'nothing'>, parameters: Readonly<Record<string, string>>): Promise<LabelledFlow> {
    if ('run' in about) return this.flowOfRun(parameters[about.run]!);
    if ('approval' in about) {
      const id = parameters[about.approval]!;
      const approval = parseApprovalId(id);
      if (!approval) throw new ProblemError(404, `There is no approval "${id}".`);
      return this.flowOfRun(approval.run);
    }
    const name = parameters[about.flow]!;
    const labels = this.labelsInForce(name);
    if (!labels) throw new ProblemError(404, `There is no flow "${name}".`);
    return { name, labels };
  }

  /** Who owns a flow now owns its old runs; of a flow that is gone the run's own revision says who did. */
  private async flowOfRun(id: string): Promise<LabelledFlow> {
    const run = await this.runs.find(id);
    if (!run) throw new ProblemError(404, `There is no run "${id}" here: it is there within moments of its start, and deleted some time after its end.`);
    return { name: run.flow, labels: this.labelsInForce(run.flow) ?? run.labels ?? {} };
  }

  private labelsInForce(name: string): Readonly<Record<string, string>> | undefined {
    const { flows } = this.resources.current();
    return Object.hasOwn(flows, name) ? flows[name]!.labels : undefined;
  }
}
