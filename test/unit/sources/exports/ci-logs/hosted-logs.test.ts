import { describe, expect, it } from 'vitest';
import { plainView } from '../../../../../src/text/dialects/plain-view.js';
import { type ReadExport, readExport } from '../../../../support/read-export.js';

const esc = '\u001b';
const readFile = (text: string, name = 'x.bin') => readExport({ [name]: text }, name);
const all = (result: ReadExport) =>
  result.records.flatMap((one) => one.texts.map((text) => text.text)).join('\n');
const steps = (result: ReadExport) => result.records.map(({ title, time }) => [title, time?.created]);

const keyLines = [
  ['-----BEGIN ', 'PRIVATE KEY-----'].join(''),
  'MIIBVgIBADANBgkqhkiG9w0BAQEFAASCAUAwggE8AgEAAkEAq7BFUpkGp3+LQmlQ',
  ['-----END ', 'PRIVATE KEY-----'].join(''),
];

describe('logs of CI systems', () => {
  it('of Buildkite have groups and times', async () => {
    const at = (ms: number, text: string, end = '\u0007') => `${esc}_bk;t=${ms}${end}${text}`;
    const log = [
      at(1709287200123, '~~~ Preparing environment'),
      at(1709287200456, `$ export TOKEN=abc`),
      at(1709287201000, `--- ${esc}[33m:npm: Install${esc}[0m`),
      at(1709287201001, 'added 5 packages', `${esc}\\`),
      at(1709287202000, '+++ Deploy'),
      'a line without a stamp',
    ].join('\r\n');
    const result = await readFile(log);
    expect(result.reader).toBe('buildkite-log');
    expect(steps(result)).toEqual([
      ['x.bin / Preparing environment', '2024-03-01T10:00:00.123Z'],
      ['x.bin / :npm: Install', '2024-03-01T10:00:01.000Z'],
      ['x.bin / Deploy', '2024-03-01T10:00:02.000Z'],
    ]);
    expect(all(result)).toBe(log.replaceAll('\r\n', '\n'));
  });

  it('of TeamCity have the step in each line', async () => {
    const log = [
      "Build 'Acme / Deploy' #12, default branch 'main'",
      "Started 'Fri Mar 01 10:00:00 UTC 2024' on 'agent' by 'Ana'",
      'TeamCity URL https://ci.example.org/viewLog.html?buildId=77',
      'TeamCity server version is 2023.11 (build 147412), server timezone: UTC',
      '',
      '[10:00:00] : Checking for changes',
      '[10:00:01] :\t [Step 1/2] Starting: /bin/sh -c deploy',
      '[10:00:01]W:\t [Step 1/2] TOKEN=abc',
      '[10:00:02] :\t [Step 2/2] Starting: clean up',
      '[10:00:03]i: done',
    ].join('\n');
    const result = await readFile(log);
    expect(result.reader).toBe('teamcity-log');
    expect(result.records.map(({ title }) => title)).toEqual([
      'x.bin',
      'x.bin / Step 1/2',
      'x.bin / Step 2/2',
    ]);
    expect(result.records.map(({ raw }) => raw?.line)).toEqual([1, 7, 9]);
    expect(all(result)).toBe(log);
    // Cut at its front it is known by its lines.
    expect((await readFile(log.split('\n').slice(6).join('\n'))).reader).toBe('teamcity-log');
  });

  it('of Bitbucket have a part for each command', async () => {
    const log = [
      '+ umask 000',
      '+ git clone --branch="main" https://bitbucket.org/acme/api.git $BUILD_DIR',
      "Cloning into '/opt/atlassian/pipelines/agent/build'...",
      '+ ./deploy.sh',
      'TOKEN=abc',
      'Build teardown',
    ].join('\n');
    const result = await readFile(log);
    expect(result.reader).toBe('bitbucket-pipelines-log');
    expect(result.records.map(({ title }) => title)).toContain('x.bin / ./deploy.sh');
    expect(all(result)).toBe(log);
  });

  it('of CircleCI are known by their heading', async () => {
    const agent = 'Build-agent version 1.0.123 (2024-03-01T10:00:00+0000)\nCreating a dedicated VM\n';
    expect((await readFile(agent)).reader).toBe('circleci-log');
    expect((await readFile('#!/bin/bash -eo pipefail\nnpm test\n\nTOKEN=abc\n')).reader).toBe('circleci-log');
  });

  it('of Drone and Woodpecker are lines in JSON', async () => {
    const drone = [
      { pos: 0, out: '+ export TOK', time: 0 },
      { pos: 1, out: 'EN=abc\n', time: 1 },
      { pos: 2, out: 'done', time: 2 },
    ];
    const result = await readFile(JSON.stringify(drone));
    expect([result.reader, all(result)]).toEqual(['ci-log-json', '+ export TOKEN=abc\ndone']);
    expect(result.unknownKeys).toEqual([]);
    const data = (text: string) => Buffer.from(text).toString('base64');
    const woodpecker = [
      { id: 1, step_id: 4, time: 0, line: 0, data: data('TOKEN=abc'), type: 0 },
      { id: 2, step_id: 4, time: 1, line: 1, data: data('next\n'), type: 0 },
      { id: 3, step_id: 5, time: 1, line: 0, data: data('other'), type: 0 },
    ];
    for (const text of [
      JSON.stringify(woodpecker),
      woodpecker.map((line) => JSON.stringify(line)).join('\n'),
    ]) {
      const steps = await readFile(text);
      expect(steps.reader).toBe('ci-log-json');
      expect(steps.records.map(({ id, texts }) => [id, texts[0]?.text])).toEqual([
        ['x.bin/step 4', 'TOKEN=abc\nnext'],
        ['x.bin/step 5', 'other'],
      ]);
    }
  });

  it('are known by their beginning where the answer has a long one', async () => {
    const long = 'a line of the log\r\n'.repeat(8000);
    const content = `${esc}_bk;t=1709287200123\u0007--- Deploy\r\n${long}the end`;
    const answers = [
      { url: 'https://api.buildkite.com/v2/x/log', content, size: 9, header_times: [1, 2] },
      { '@type': 'log', '@href': '/job/1/log', id: 1, content, log_parts: [{ content, number: 0 }] },
    ];
    for (const answer of answers) {
      const result = await readFile(JSON.stringify(answer));
      expect(result.reader).toBe('ci-log-json');
      expect(all(result)).toContain('the end');
    }
    const other = { author: 'ana', content };
    expect((await readFile(JSON.stringify(other))).reader).not.toBe('ci-log-json');
  });

  it('go on in records with short ids', async () => {
    const log = `${esc}_bk;t=1709287200123\u0007--- Deploy\n${'word\n'.repeat(1_200_000)}`;
    const { records } = await readFile(log);
    const ids = records.map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(4);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/1709287200123(?:\+\d+)?$/);
  });

  it('of Buildkite and Travis come in one member of an answer', async () => {
    const content = `${esc}_bk;t=1709287200123\u0007~~~ One\r\nTOKEN=abc\r\n${esc}_bk;t=1709287201123\u0007--- Two\r\nx`;
    const answer = { url: 'https://api.buildkite.com/v2/x/log', content, size: 9, header_times: [1, 2] };
    const result = await readFile(JSON.stringify(answer));
    expect(result.reader).toBe('ci-log-json');
    expect(result.records.map(({ title }) => title)).toEqual(['x.bin / One', 'x.bin / Two', undefined]);
    expect(result.records[0]?.texts[0]?.text).toContain('TOKEN=abc');
    const travis = {
      '@type': 'log',
      id: 1,
      content: `travis_fold:start:install\r${esc}[0Knpm install\nTOKEN=abc\n`,
      log_parts: [{ content: 'npm install', final: true, number: 0 }],
    };
    const log = await readFile(JSON.stringify(travis));
    expect([log.reader, log.records[0]?.title]).toEqual(['ci-log-json', 'x.bin / install']);
  });

  it('are no other texts', async () => {
    const others = [
      '[10:00:00] <ana> hello\n[10:00:05] <ben> hi\n[10:01:00] <ana> bye\n',
      JSON.stringify([{ pos: 1, text: 'x' }]),
      JSON.stringify({ content: 'a page', title: 'x' }),
      '#!/bin/bash\nset -e\n',
    ];
    for (const text of others) expect((await readFile(text)).choice?.reader.system).not.toBe('ci-log');
  });
});

describe('what runners put before a line', () => {
  it.each<[string, (line: string, i: number) => string]>([
    ['Buildkite', (line, i) => `${esc}_bk;t=170928720012${i}\u0007${line}`],
    ['Buildkite, ended as it should be', (line, i) => `${esc}_bk;t=170928720012${i}${esc}\\${line}`],
    ['TeamCity', (line, i) => `[10:00:0${i}] :\t [Step 1/2] ${line}`],
    ['TeamCity, a warning', (line, i) => `[10:00:0${i}]W:\t [Step 12/20] ${line}`],
    ['Jenkins', (line, i) => `[2024-03-01T10:00:0${i}.000Z] ${line}`],
    ['Azure', (line, i) => `2024-03-01T10:00:0${i}.0000000Z ${line}`],
  ])('is not in what is read of a key: %s', (_, write) => {
    const text = keyLines.map(write).join('\n');
    const view = plainView(Buffer.from(text), 'log-ansi');
    expect(view?.bytes.toString()).toBe(keyLines.join('\n'));
    const at = view?.bytes.indexOf('MIIB') ?? -1;
    const raw = view?.map.toRaw({ start: at, end: at + 64 });
    expect(raw?.ranges.map(({ start, end }) => Buffer.from(text).subarray(start, end).toString())).toEqual([
      keyLines[1],
    ]);
  });
});
