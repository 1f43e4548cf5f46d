import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

// What the thread reads and answers, for the OpenAPI page; `given-body.ts` checks it, libs/trial makes it.

class FileBody {
  @ApiProperty({ example: 'flows/release.yaml', description: 'From the config directory; `*.test.yaml` are tests, other `*.yaml` and `*.yml` resources, all else payloads that tests name.' }) path: string;
  @ApiProperty() text: string;
}

export class FilesBody {
  @ApiProperty({ type: [FileBody], description: 'At most 5,000, and 8 MB together.' }) files: FileBody[];
}

export class BacktestBody extends FilesBody {
  @ApiPropertyOptional({ example: '7d', default: '7d', description: 'Events recorded since then: 30m, 12h, 7d, or an RFC 3339 time.' }) since?: string;
  @ApiPropertyOptional({ description: 'Events recorded before that time; default: now.' }) until?: string;
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 100_000, default: 10_000, description: 'At most so many, the newest.' }) limit?: number;
}

class PlaceView {
  @ApiProperty({ description: 'From 1.' }) line: number;
  @ApiProperty({ description: 'From 1.' }) column: number;
  @ApiProperty() message: string;
  @ApiProperty({ enum: ['error', 'warning'] }) severity: string;
}

class LintFaultView extends PlaceView {
  @ApiProperty() path: string;
}

class TestFaultView extends PlaceView {
  @ApiProperty() file: string;
}

class ResourceCountsView {
  @ApiProperty() connections: number;
  @ApiProperty() flows: number;
  @ApiProperty() channels: number;
  @ApiProperty() environments: number;
}

export class LintView {
  @ApiProperty({ description: 'No error; there may be warnings.' }) ok: boolean;
  @ApiProperty() errors: number;
  @ApiProperty() warnings: number;
  @ApiProperty({ description: 'That hold resources.' }) files: number;
  @ApiProperty({ description: 'Valid ones.' }) resources: ResourceCountsView;
  @ApiProperty({ type: [LintFaultView] }) faults: LintFaultView[];
}

class RanTestView {
  @ApiProperty() file: string;
  @ApiProperty() name: string;
  @ApiProperty() ok: boolean;
  @ApiProperty({ type: [TestFaultView] }) faults: TestFaultView[];
}

class NotReachedView {
  @ApiProperty() file: string;
  @ApiProperty() flow: string;
  @ApiProperty({ example: 'if of trigger 1' }) part: string;
  @ApiProperty({ example: 'false' }) never: string;
}

export class TestView {
  @ApiProperty() ok: boolean;
  @ApiProperty() passed: number;
  @ApiProperty() failed: number;
  @ApiProperty({ type: [RanTestView] }) tests: RanTestView[];
  @ApiProperty({ type: [TestFaultView], description: 'Of the files themselves: with one of them nothing is proved.' }) faults: TestFaultView[];
  @ApiProperty({ type: [NotReachedView] }) notReached: NotReachedView[];
}

class FlowResultView {
  @ApiProperty() flow: string;
  @ApiProperty() same: number;
  @ApiProperty() starts: number;
  @ApiProperty() vanishes: number;
  @ApiProperty() differs: number;
}

class DifferenceView {
  @ApiProperty({ example: 'steps.scan.with.ref' }) path: string;
  @ApiPropertyOptional({ description: 'JSON; absent: it was not there.' }) before?: string;
  @ApiPropertyOptional() after?: string;
}

class ChangeView {
  @ApiProperty() flow: string;
  @ApiProperty({ enum: ['starts', 'vanishes', 'differs'] }) change: string;
  @ApiProperty({ description: 'Id of the event.' }) event: string;
  @ApiProperty({ type: [DifferenceView] }) differences: DifferenceView[];
}

class NotPlayedView {
  @ApiProperty() flow: string;
  @ApiProperty({ description: 'Its place in the file, from 0.' }) trigger: number;
  @ApiProperty({ enum: ['schedule', 'absent', 'all'] }) kind: string;
}

export class BacktestView {
  @ApiProperty({ description: 'How many were looked at.' }) events: number;
  @ApiProperty({ type: [FlowResultView] }) flows: FlowResultView[];
  @ApiProperty({ type: [ChangeView], description: 'The first thousand runs that would be others.' }) changes: ChangeView[];
  @ApiProperty({ description: 'So many further ones.' }) changesLeftOut: number;
  @ApiProperty({ type: [NotPlayedView], description: 'Triggers of changed flows of which nothing is said.' }) notPlayed: NotPlayedView[];
  @ApiProperty({ description: 'False: `limit` was reached before `since`.' }) complete: boolean;
}
