import { Injectable } from '@nestjs/common';
import { Database } from '@stellwerk/database';

export interface FlowOfRun {
  flow: string;
  /** Those of the revision that it began with; null when that is not remembered. */
  labels: Record<string, string> | null;
}

/** Whose flow a run is of. */
@Injectable()
export class FlowOfRunRepository {
  constructor(private readonly database: Database) {}

  /** Undefined when there is no such run. */
  async find(run: string): Promise<FlowOfRun | undefined> {
    const [row] = await this.database.query<FlowOfRun>(
      `SELECT run.flow, known.content->'labels' AS labels FROM runs AS run
       LEFT JOIN flow_revisions AS known ON known.flow = run.flow AND known.revision = run.snapshot->>'revision' WHERE run.id = $1`,
      [run],
    );
    return row;
  }
}
