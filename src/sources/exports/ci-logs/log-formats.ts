/** What tells the logs of CI systems apart, and where a step begins in each. */
import type { System } from '../../../model/place.js';
import type { Probe, Recognition } from '../contract.js';
import { fromIso } from '../times.js';
import { epochSeconds, type LogStep } from './log-records.js';

export interface LogFormat {
  readonly id: string;
  readonly system: System;
  readonly label: string;
  /** Highest score that `recognise` gives. */
  readonly most: number;
  recognise(probe: Probe): Recognition | undefined;
  /** What of a line is not the job's own output: `job TAB step TAB`. */
  columnsOf?(
    line: string,
  ): { readonly job: string; readonly step: string; readonly rest: string } | undefined;
  /** The step that a line is of, where each line tells it: only the first of them begins it. */
  stepOf?(line: string): string | undefined;
  /** The step that a line begins. @param count steps begun so far */
  step(line: string, count: number): LogStep | undefined;
}

const stamped = /^\ufeff?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z)(?: |$)/;
const ghColumns = /^([^\t\n]{1,255})\t([^\t\n]{1,255})\t(?=\ufeff?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{4,9}Z )/;

/** The first lines of a head, without one that it may have cut. */
function firstLines(text: string): string[] {
  return text.slice(0, 16_384).split(/\r?\n/, 40).slice(0, 39);
}

/** Share of lines that fit. */
function share(lines: readonly string[], fits: (line: string) => boolean): number {
  const filled = lines.filter((line) => line !== '');
  return filled.length === 0 ? 0 : filled.filter(fits).length / filled.length;
}

/** First lines of steps that the runner adds; they begin no group. */
const ownStart: ReadonlySet<string> = new Set(['Post job cleanup.', 'Cleaning up orphan processes']);

/** Step of the runner that GitHub and Azure share. */
function runnerStep(line: string, count: number): LogStep | undefined {
  const stamp = stamped.exec(line);
  const text = stamp === null ? line : line.slice(stamp[0].length);
  const marker = /^(?:##\[(?:group|section)\]|::group::)(.{0,300})/.exec(text);
  const isStep = marker !== null || count === 0 || ownStart.has(text);
  if (!isStep) return undefined;
  return {
    key: stamp?.[1] ?? `step ${count + 1}`,
    title: marker?.[1] ?? (count === 0 ? undefined : text),
    time: fromIso(stamp?.[1]),
  };
}

const azureMarks = /##vso\[|##\[section\](?:Starting|Finishing|Async)/;

export const githubLog: LogFormat = {
  id: 'github-actions-log',
  system: 'github-actions',
  label: 'GitHub Actions log',
  most: 0.97,
  recognise: ({ text, name }) => {
    const lines = firstLines(text);
    if (share(lines, (line) => ghColumns.test(line)) > 0.8)
      return { score: 0.97, reason: 'columns job, step and time stamp' };
    if (share(lines, (line) => stamped.test(line)) > 0.5 && !azureMarks.test(text))
      return { score: text.includes('##[') ? 0.94 : 0.8, reason: 'time stamps of a runner' };
    // Without stamps only the names are left: enough when the user named the system.
    return /(?:^|\/)[^/]+\/\d+_[^/]+\.txt$/.test(name)
      ? { score: 0.09, reason: 'name of a step within a job' }
      : undefined;
  },
  columnsOf: (line) => {
    const columns = line.includes('\t') ? ghColumns.exec(line) : null;
    if (columns === null) return undefined;
    return { job: columns[1] ?? '', step: columns[2] ?? '', rest: line.slice(columns[0].length) };
  },
  step: runnerStep,
};

export const azureLog: LogFormat = {
  id: 'azure-pipelines-log',
  system: 'ci-log',
  label: 'Azure Pipelines log',
  most: 0.95,
  recognise: ({ text }) =>
    azureMarks.test(text) && share(firstLines(text), (line) => stamped.test(line)) > 0.5
      ? { score: 0.95, reason: 'time stamps and marks of Azure Pipelines' }
      : undefined,
  step: runnerStep,
};

const section = /section_start:(\d{9,11}):([\w.-]{1,128})(?:\[[^\]\r\n]{0,200}\])?\r/;
const sectionEnd = /section_end:(\d{9,11}):([\w.-]{1,128})\r/;
const gitlabStream = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z [0-9a-f]{2}[OE][ +]/;
const escapes = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]{0,16}[A-Za-z]`, 'g');

export const gitlabTrace: LogFormat = {
  id: 'gitlab-trace',
  system: 'gitlab-ci',
  label: 'GitLab job log',
  most: 0.96,
  recognise: ({ text }) => {
    const beginning = text.slice(0, 32_768);
    if (section.test(beginning)) return { score: 0.96, reason: 'section marks of GitLab' };
    if (share(firstLines(text), (line) => gitlabStream.test(line)) > 0.8)
      return { score: 0.95, reason: 'time stamps and streams of GitLab' };
    const isRunner = /Running with gitlab-runner \d/.test(beginning);
    return isRunner ? { score: 0.93, reason: 'greeting of gitlab-runner' } : undefined;
  },
  step: (line, count) => {
    const start = section.exec(line);
    if (start !== null) {
      const shown = line
        .slice(start.index + start[0].length)
        .replace(escapes, '')
        .trim();
      return {
        key: `${start[2]}@${start[1]}`,
        title: shown === '' ? start[2] : shown.slice(0, 200),
        time: epochSeconds(start[1] ?? ''),
      };
    }
    const end = sectionEnd.exec(line);
    if (end !== null) return { key: `after ${end[2]}@${end[1]}`, time: epochSeconds(end[1] ?? '') };
    if (count > 0) return undefined;
    const stamp = /^\S{20,35}Z/.exec(line)?.[0];
    return { key: stamp ?? 'start', time: fromIso(stamp) };
  },
};

const jenkinsStage =
  /^(?:\[[^\]\n]{20,30}\] )?\[Pipeline\] (?:\{ \(([^)\n]{1,200})\)|(sh|bat|powershell|pwsh|node|withCredentials)\b)/;
const jenkinsStart = /^(?:\[[^\]\n]{20,30}\] )?(?:Started by |Lancé par |Gestartet durch )/m;

export const jenkinsLog: LogFormat = {
  id: 'jenkins-log',
  system: 'ci-log',
  label: 'Jenkins console log',
  most: 0.96,
  recognise: ({ text }) => {
    const beginning = text.slice(0, 32_768);
    const isNoted = beginning.includes('\u001b[8mha:');
    const isPipeline = beginning.includes('[Pipeline] ');
    const isStarted = jenkinsStart.test(beginning);
    if (isStarted && (isPipeline || isNoted))
      return { score: 0.96, reason: 'start and steps of a Jenkins pipeline' };
    if (isNoted || isPipeline) return { score: 0.85, reason: 'marks of Jenkins' };
    const isBuild = isStarted && /^(?:Building (?:remotely )?(?:in|on) |Finished: )/m.test(text);
    return isBuild ? { score: 0.9, reason: 'start of a Jenkins build' } : undefined;
  },
  step: (line, count) => {
    const stage = jenkinsStage.exec(line);
    if (stage === null) return count === 0 ? { key: 'start' } : undefined;
    const stamp = /^\[([^\]]{20,30})\] /.exec(line)?.[1];
    const title = stage[1] ?? stage[2];
    return { key: stamp ?? `${count}:${title}`, title, time: fromIso(stamp) };
  },
};

const travisFold = /travis_fold:start:([\w.-]{1,128})/;

export const travisLog: LogFormat = {
  id: 'travis-log',
  system: 'ci-log',
  label: 'Travis CI log',
  most: 0.95,
  recognise: ({ text }) =>
    travisFold.test(text.slice(0, 32_768)) ? { score: 0.95, reason: 'folds of Travis CI' } : undefined,
  step: (line, count) => {
    const fold = travisFold.exec(line)?.[1];
    if (fold !== undefined) return { key: `${count}:${fold}`, title: fold };
    return count === 0 ? { key: 'start' } : undefined;
  },
};
