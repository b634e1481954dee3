/** Logs of Buildkite, TeamCity, Bitbucket Pipelines and CircleCI, by the marks that each leaves in its text. */
import { fromEpoch } from '../times.js';
import type { LogFormat } from './log-formats.js';

/** Bytes of a log that are looked at for a mark. */
const beginning = 32_768;
const esc = String.fromCharCode(27);
const colours = new RegExp(`${esc}\\[[0-9;]{0,16}[A-Za-z]`, 'g');

/** A command for terminals, which show nothing of it: milliseconds since 1970. Its end is BEL, or ESC and a backslash. */
const buildkiteStamp = new RegExp(`${esc}_bk;t=(\\d{13})(?:\\u0007|${esc}\\\\)`);
const buildkiteStamps = new RegExp(buildkiteStamp.source, 'g');

export const buildkiteLog: LogFormat = {
  id: 'buildkite-log',
  system: 'ci-log',
  label: 'Buildkite log',
  most: 0.97,
  recognise: ({ text }) =>
    buildkiteStamp.test(text.slice(0, beginning))
      ? { score: 0.97, reason: 'time stamps of Buildkite' }
      : undefined,
  step: (line, count) => {
    const shown = line.replace(buildkiteStamps, '').replace(colours, '').trimStart();
    const group = /^(?:---|\+\+\+|~~~)(?: (.{0,200}))?$/.exec(shown);
    if (group === null && count > 0) return undefined;
    const ms = buildkiteStamp.exec(line)?.[1];
    return {
      key: ms ?? `step ${count + 1}`,
      title: group?.[1]?.trim() || undefined,
      time: fromEpoch(ms, 'ms'),
    };
  },
};

const teamcityLine = /^\[\d\d:\d\d:\d\d\] ?[ a-zA-Z]?:[ \t]/;
const teamcityStep = /^\[(\d\d:\d\d:\d\d)\] ?[ a-zA-Z]?:[ \t]{1,8}\[(Step \d{1,4}\/\d{1,4})\]/;
const teamcityHead = /^TeamCity server version is |^TeamCity URL https?:\/\//m;

export const teamcityLog: LogFormat = {
  id: 'teamcity-log',
  system: 'ci-log',
  label: 'TeamCity build log',
  most: 0.96,
  recognise: ({ text }) => {
    const head = text.slice(0, beginning);
    if (teamcityHead.test(head)) return { score: 0.96, reason: 'heading of TeamCity' };
    const lines = head.split(/\r?\n/, 40).filter((line) => line !== '');
    const stamped = lines.filter((line) => teamcityLine.test(line)).length;
    return lines.length > 2 && stamped * 2 > lines.length
      ? { score: 0.9, reason: 'stamps and levels of TeamCity' }
      : undefined;
  },
  stepOf: (line) => teamcityStep.exec(line)?.[2],
  step: (line, count) => {
    const found = teamcityStep.exec(line);
    if (found !== null) return { key: `${found[2]}@${found[1]}`, title: found[2] };
    return count === 0 ? { key: 'start' } : undefined;
  },
};

const bitbucketPath = /\/opt\/atlassian\/(?:bitbucketci|pipelines)\/agent\//;

export const bitbucketLog: LogFormat = {
  id: 'bitbucket-pipelines-log',
  system: 'ci-log',
  label: 'Bitbucket Pipelines log',
  most: 0.93,
  recognise: ({ text }) => {
    const head = text.slice(0, beginning);
    return bitbucketPath.test(head) && /^\+ \S/m.test(head)
      ? { score: 0.93, reason: 'folders of Bitbucket Pipelines, and commands' }
      : undefined;
  },
  step: (line, count) => {
    const command = /^\+ (.{1,200})/.exec(line)?.[1];
    const part = command ?? /^(?:Build setup|Build teardown|Images used:)/.exec(line)?.[0];
    if (part === undefined && count > 0) return undefined;
    return { key: `step ${count + 1}`, title: part };
  },
};

export const circleLog: LogFormat = {
  id: 'circleci-log',
  system: 'ci-log',
  label: 'CircleCI step',
  most: 0.9,
  recognise: ({ text }) =>
    /^(?:Build-agent version \d|#!\/bin\/(?:ba)?sh -eo pipefail\r?\n)/.test(text)
      ? { score: text.startsWith('Build') ? 0.9 : 0.6, reason: 'heading of a CircleCI step' }
      : undefined,
  step: (_line, count) => (count === 0 ? { key: 'start' } : undefined),
};
