import { IsOptional, IsString } from 'class-validator';

/** Where a flow works: there it is one pipeline, and each run of it follows the one before, to recover from it or to fail again. */
export class PipelinePlace {
  @IsOptional() @IsString() repository?: string;
  @IsOptional() @IsString() branch?: string;
  @IsOptional() @IsString() tag?: string;
}

/** Whose run it is: that of its event, unless the router says more (a router of a version before never does). */
export const pipelineOf = ({ pipeline, event: { repository, branch, tag } }: { pipeline?: PipelinePlace; event: PipelinePlace }): PipelinePlace =>
  pipeline ?? { repository, branch, tag };
