import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsIn, IsInt, IsISO8601, IsObject, IsOptional, IsString, ValidateNested } from 'class-validator';
import type { Outputs } from '../outputs.js';
import { CAUSES, OUTCOMES, PLATFORMS, type Cause, type Outcome, type Platform } from '../platforms.js';

/** A platform's run of a pipeline: workflow run, pipeline or build. */
export class PipelineRunRef {
  @IsString() id: string;
  /** From 1; a rerun keeps the id and counts up. */
  @IsInt() attempt: number;
  @IsOptional() @IsInt() number?: number;
  @IsOptional() @IsString() url?: string;
}

/** A pull or merge request. */
export class ChangeRef {
  @IsInt() number: number;
  @IsOptional() @IsString() url?: string;
  @IsOptional() @IsString() title?: string;
}

/** What a platform told us; absent = not known. Never secrets, tokens or pipeline variables. */
export class PlatformEvent {
  @IsString() connection: string;
  @IsIn(PLATFORMS) platform: Platform;
  /** `owner/name`, `group/sub/project`, or the Jenkins job path `folder/job`. */
  @IsOptional() @IsString() repository?: string;
  @IsOptional() @IsString() branch?: string;
  @IsOptional() @IsString() tag?: string;
  @IsOptional() @IsString() sha?: string;
  /** A change's target branch. */
  @IsOptional() @IsString() base?: string;
  @IsOptional() @IsString() pipeline?: string;
  @IsOptional() @IsString() pipelineFile?: string;
  @IsOptional() @ValidateNested() @Type(() => PipelineRunRef) run?: PipelineRunRef;
  @IsOptional() @IsIn(OUTCOMES) outcome?: Outcome;
  @IsOptional() @IsIn(CAUSES) cause?: Cause;
  /** True when the commit comes from another repository. */
  @IsOptional() @IsBoolean() fork?: boolean;
  @IsOptional() @IsString() environment?: string;
  @IsOptional() @IsString() actor?: string;
  @IsOptional() @IsString() title?: string;
  @IsOptional() @IsString() url?: string;
  @IsOptional() @ValidateNested() @Type(() => ChangeRef) change?: ChangeRef;
  /** Files changed; absent when the platform cut the list. */
  @IsOptional() @IsArray() @IsString({ each: true }) paths?: string[];
  /** Custom events only. */
  @IsOptional() @IsObject() payload?: Record<string, unknown>;
  /** The end of a called-back run: what later steps may read. Left out, `raw.outputs` says why. */
  @IsOptional() @IsObject() outputs?: Outputs;
  @IsOptional() @IsISO8601() startedAt?: string;
  @IsOptional() @IsISO8601() finishedAt?: string;
  /**
   * When the run's own jobs were over, to the second, where the platform ends a run anew by what others say of its commit (GitLab, ends
   * only). It stays as it is then: two ends of one run with the same are one (`factByJobs`).
   */
  @IsOptional() @IsISO8601() jobsFinishedAt?: string;
  @IsISO8601() occurredAt: string;
  /** Our command id, when we started the run. */
  @IsOptional() @IsString() correlation?: string;
  /** Our command id, when the command may have started several runs, of which this is one: it goes back to us, but is not what the command waits for. */
  @IsOptional() @IsString() causedBy?: string;
  /** The platform's own status words. */
  @IsOptional() @IsObject() raw?: Record<string, unknown>;
  /** Id of the stored hook; absent on polled events. */
  @IsOptional() @IsString() hook?: string;
}
