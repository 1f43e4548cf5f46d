import type { Build } from './build.js';
import { type FoundItem, type JenkinsCatalog, jobPath } from './job.js';

export const buildUrl = (root: string, build: Build): string => `${root}/${jobPath(build.job)}/${build.number}/`;

/** Last part of a full name. */
export const leaf = (name: string): string => name.split('/').at(-1)!;

export const parametersAction = (parameters: Record<string, string>): Record<string, unknown> => ({
  _class: 'hudson.model.ParametersAction',
  parameters: Object.entries(parameters).map(([name, value]) => ({ _class: 'hudson.model.StringParameterValue', name, value })),
});

export const causeAction = (cause: string): Record<string, unknown> => ({
  _class: 'hudson.model.CauseAction',
  causes: [{ _class: 'hudson.model.Cause$UserIdCause', shortDescription: cause, userId: 'stellwerk', userName: 'stellwerk' }],
});

const gitAction = (build: Build): Record<string, unknown>[] =>
  build.sha === undefined
    ? []
    : [
        {
          _class: 'hudson.plugins.git.util.BuildData',
          lastBuiltRevision: { SHA1: build.sha, branch: [{ SHA1: build.sha, name: `refs/remotes/origin/${build.branch ?? 'main'}` }] },
          remoteUrls: ['https://github.com/acme/shop.git'],
        },
      ];

/** A build as `api/json` shows it. */
export const buildView = (root: string, build: Build): Record<string, unknown> => ({
  _class: 'org.jenkinsci.plugins.workflow.job.WorkflowRun',
  actions: [
    causeAction(build.cause),
    ...(Object.keys(build.parameters).length > 0 ? [parametersAction(build.parameters)] : []),
    ...gitAction(build),
    {},
  ],
  artifacts: [],
  building: build.building,
  description: null,
  displayName: `#${build.number}`,
  duration: build.duration,
  estimatedDuration: build.planned.milliseconds ?? -1,
  executor: null,
  fullDisplayName: `${build.job.split('/').join(' » ')} #${build.number}`,
  id: String(build.number),
  inProgress: build.building,
  keepLog: false,
  number: build.number,
  queueId: build.queueId,
  result: build.result,
  timestamp: Date.parse(build.startedAt),
  url: buildUrl(root, build),
  changeSets: [],
  culprits: [],
  nextBuild: null,
  previousBuild: null,
});

/** `builds` of a job shows no more. */
export const NEWEST_BUILDS = 100;

/** What a folder's list tells of a job in it, beside its name and address. */
export type ChildView = (name: string) => Record<string, unknown>;

/** A job, folder or multibranch project. */
export const itemView = (root: string, catalog: JenkinsCatalog, item: FoundItem, builds: Build[], below: ChildView): Record<string, unknown> => {
  const common = {
    name: leaf(item.name),
    fullName: item.name,
    displayName: decodeURIComponent(leaf(item.name)),
    fullDisplayName: item.name.split('/').join(' » '),
    url: `${root}/${jobPath(item.name)}/`,
    description: null,
  };
  if (item.kind !== 'job') {
    const kind =
      item.kind === 'folder' ? 'com.cloudbees.hudson.plugins.folder.Folder' : 'org.jenkinsci.plugins.workflow.multibranch.WorkflowMultiBranchProject';
    return {
      _class: kind,
      ...common,
      jobs: item.children.map((child) => ({
        _class: classOf(catalog, `${item.name}/${child}`),
        name: child,
        url: `${root}/${jobPath(`${item.name}/${child}`)}/`,
        ...below(`${item.name}/${child}`),
      })),
    };
  }
  const parameters = item.job.parameters && {
    _class: 'hudson.model.ParametersDefinitionProperty',
    parameterDefinitions: item.job.parameters.map((name) => ({
      _class: 'hudson.model.StringParameterDefinition',
      name,
      type: 'StringParameterDefinition',
      defaultParameterValue: { name, value: '' },
    })),
  };
  const refs = builds.map((build) => buildView(root, build));
  return {
    _class: classOf(catalog, item.name),
    ...common,
    buildable: !item.job.disabled,
    color: colorOf(item.job.disabled, builds[0]),
    inQueue: false,
    keepDependencies: false,
    ...below(item.name),
    property: parameters ? [parameters] : [],
    concurrentBuild: true,
    builds: refs.slice(0, NEWEST_BUILDS),
    allBuilds: refs,
    lastBuild: refs[0] ?? null,
    lastCompletedBuild: refs.find((build) => build['building'] === false) ?? null,
  };
};

const classOf = (catalog: JenkinsCatalog, name: string): string => {
  if (catalog[name]?.branches) return 'org.jenkinsci.plugins.workflow.multibranch.WorkflowMultiBranchProject';
  return Object.keys(catalog).some((job) => job.startsWith(`${name}/`))
    ? 'com.cloudbees.hudson.plugins.folder.Folder'
    : 'org.jenkinsci.plugins.workflow.job.WorkflowJob';
};

const colorOf = (disabled: boolean | undefined, last: Build | undefined): string => {
  if (disabled) return 'disabled';
  if (!last) return 'notbuilt';
  const color = { SUCCESS: 'blue', UNSTABLE: 'yellow', ABORTED: 'aborted' }[last.result ?? ''] ?? (last.building ? 'notbuilt' : 'red');
  return last.building ? `${color}_anime` : color;
};
