import { describe, expect, it } from 'vitest';
import { type ReadExport, readExport } from '../../../../support/read-export.js';

const esc = '\u001b';
let tick = 0;
/** A line as a runner of GitHub or Azure writes it. */
const line = (text: string, at = tick++) =>
  `2024-04-23T13:${String(Math.floor(at / 60) % 60).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}.7504313Z ${text}`;

const setUp = [
  line('Current runner version: 2.3'),
  line('##[group]Operating System'),
  line('Ubuntu'),
  line('##[endgroup]'),
];
const build = [
  line('##[group]Run npm test'),
  line(`${esc}[36;1mnpm test${esc}[0m`),
  line('##[endgroup]'),
  line('TOKEN=abc'),
];
const files = {
  'logs_77001/2_build (18).txt': `\ufeff${[...setUp, ...build].join('\r\n')}\r\n`,
  'logs_77001/build (18)/1_Set up job.txt': `\ufeff${setUp.join('\r\n')}\r\n`,
  'logs_77001/build (18)/2_Run npm test.txt': `\ufeff${build.join('\r\n')}\r\n`,
};

const readFile = (text: string, name = 'x.bin') => readExport({ [name]: text }, name);
const all = (result: ReadExport) =>
  result.records.flatMap((one) => one.texts.map((text) => text.text)).join('\n');
const titles = (result: ReadExport) => result.records.map((record) => record.title);

describe('GitHub Actions logs', () => {
  it('gives a step the same place and id from the file of its job and from its own', async () => {
    const job = await readExport(files, 'logs_77001/2_build (18).txt');
    const step = await readExport(files, 'logs_77001/build (18)/2_Run npm test.txt');
    expect([job.reader, step.reader]).toEqual(['github-actions-log', 'github-actions-log']);
    expect(titles(job)).toEqual(['build (18)', 'build (18) / Operating System', 'build (18) / Run npm test']);
    const key = (record: (typeof job.records)[number] | undefined) => [
      record?.place,
      record?.type,
      record?.id,
    ];
    expect(key(step.records[0])).toEqual(key(job.records[2]));
    expect(step.records[0]?.place).toMatchObject({ kind: 'run', id: '77001' });
    expect(step.records[0]?.time?.created).toMatch(/^2024-04-23T13:00:0\d\.750431Z$/);
  });

  it('knows a run without a number by the beginning of its first job', async () => {
    const bare = Object.fromEntries(
      Object.entries(files).map(([name, text]) => [name.replace('logs_77001/', ''), text]),
    );
    const places = await Promise.all(
      Object.keys(bare).map(async (name) => (await readExport(bare, name)).records[0]?.place.id),
    );
    expect(places).toEqual([`run of ${setUp[0]?.slice(0, 28)}`, places[0], places[0]]);
  });

  it('tells lines and bytes of each group', async () => {
    const job = await readExport(files, 'logs_77001/2_build (18).txt');
    const [first, second] = job.records;
    expect(second?.texts[0]).toMatchObject({
      dialect: 'log-ansi',
      field: { path: 'lines 2-4', role: 'body' },
    });
    expect(second?.raw?.line).toBe(2);
    const bytes = Buffer.from(files['logs_77001/2_build (18).txt']);
    const cut = bytes.subarray(second?.raw?.start, second?.raw?.end).toString();
    expect(cut).toBe(setUp.slice(1).join('\r\n'));
    expect(first?.raw?.start).toBe(0);
  });

  it('reads gh run view --log by its columns, with marks in the middle', async () => {
    const result = await readFile(
      [
        `build\tSet up job\t\ufeff${line('hello')}`,
        `build\tSet up job\t${line('world')}`,
        `build\tRun tests\t\ufeff${line('##[group]Run npm test')}`,
        `build\tRun tests\t${line('pw=1')}`,
        `lint\tSet up job\t\ufeff${line('again')}`,
      ].join('\n'),
    );
    expect(result.reader).toBe('github-actions-log');
    expect(titles(result)).toEqual(['build / Set up job', 'build / Run npm test', 'lint / Set up job']);
  });

  it('never cuts a private key, and loses no line of a long log', async () => {
    const key = ['-----BEGIN RSA ', 'PRIVATE KEY-----'].join('');
    const body = Array.from({ length: 60 }, (_, i) => line(`key line ${i} ${'k'.repeat(60)}`));
    const end = line(['-----END RSA ', 'PRIVATE KEY-----'].join(''));
    const noise = (from: number, count: number) =>
      Array.from({ length: count }, (_, i) => line(`line ${from + i} ${'x'.repeat(70)}`));
    // The key begins just before the first chunk is full.
    const lines = [...noise(0, 590), line(key), ...body, end, ...noise(1000, 20_000)];
    const result = await readFile(lines.join('\n'));
    const texts = result.records.flatMap((record) => record.texts);
    const held = texts.find((text) => text.text.includes(key));
    expect(held?.text).toContain(end);
    expect(held?.text).toContain(body.join('\n'));
    expect(Math.max(...texts.map((text) => text.text.length))).toBeLessThan(140_000);
    expect(all(result)).toBe(lines.join('\n'));
    expect(new Set(result.records.map((record) => record.id)).size).toBe(result.records.length);
    expect(result.records.length).toBeGreaterThan(1);
  });

  it('keeps an overlong line in one text', async () => {
    const long = `${line('start')}\n${line(`{"k":"${'v'.repeat(300_000)}"}`)}\n${line('end')}`;
    const result = await readFile(long);
    expect(all(result)).toBe(long);
  });

  it('links to the run that the user named', async () => {
    const baseUrl = 'https://github.com/acme/api/actions/runs/77';
    const result = await readExport(files, 'logs_77001/2_build (18).txt', { baseUrl });
    expect(result.records[0]).toMatchObject({
      place: { tenant: 'github.com', id: 'acme/api/actions/runs/77' },
      permalink: { url: baseUrl, level: 'container' },
    });
  });
});

describe('logs of other systems', () => {
  it('begins a record with each section of a GitLab trace', async () => {
    const trace = [
      `${esc}[0KRunning with gitlab-runner 16.0`,
      `section_start:1560896352:step_script[collapsed=true]\r${esc}[0K${esc}[36;1mExecuting step${esc}[0;m`,
      'echo secret',
      `section_end:1560896353:step_script\r${esc}[0Kafterwards`,
      'Job succeeded',
    ].join('\n');
    const result = await readFile(trace);
    expect([result.reader, result.choice?.reader.system]).toEqual(['gitlab-trace', 'gitlab-ci']);
    expect(result.records.map((record) => [record.id, record.title, record.time?.created])).toEqual([
      ['x.bin/start', 'x.bin', undefined],
      ['x.bin/step_script@1560896352', 'x.bin / Executing step', '2019-06-18T22:19:12Z'],
      ['x.bin/after step_script@1560896353', 'x.bin', '2019-06-18T22:19:13Z'],
    ]);
    expect(all(result)).toBe(trace);
  });

  it('knows Jenkins, Azure and Travis', async () => {
    const jenkins = await readFile(
      [
        'Started by user Ana',
        '[Pipeline] stage',
        '[Pipeline] { (Deploy)',
        '[Pipeline] sh',
        '+ echo x',
        'Finished: SUCCESS',
      ].join('\n'),
    );
    expect(jenkins.reader).toBe('jenkins-log');
    expect(titles(jenkins)).toContain('x.bin / Deploy');
    const azure = await readFile(
      [line('##[section]Starting: Deploy'), line('##vso[task.setvariable variable=a]b')].join('\n'),
    );
    expect(azure.reader).toBe('azure-pipelines-log');
    expect(titles(azure)).toEqual(['x.bin / Starting: Deploy']);
    const travis = await readFile(`travis_fold:start:worker_info\r${esc}[0Kx\nWorker information\n`);
    expect(travis.reader).toBe('travis-log');
  });

  it('joins the messages of a CircleCI step, which end anywhere', async () => {
    const output = [
      { message: 'export TOK', time: '2024-01-01T00:00:00Z', type: 'out' },
      { message: 'EN=abc\nnext\n', time: '2024-01-01T00:00:01Z', type: 'out', truncated: true },
    ];
    const result = await readFile(JSON.stringify(output));
    expect(result.reader).toBe('circleci-json');
    expect(result.records[0]?.texts[0]?.text).toBe('export TOKEN=abc\nnext');
    expect(result.notes.truncated).toBe(1);
  });

  it('reads a build of CircleCI with its commands', async () => {
    const result = await readFile(
      JSON.stringify({
        build_num: 5,
        reponame: 'api',
        username: 'acme',
        build_url: 'https://circleci.com/gh/acme/api/5',
        steps: [{ name: 'deploy', actions: [{ bash_command: 'curl -u a:b' }] }],
      }),
    );
    expect(result.records[0]).toMatchObject({ place: { id: 'acme/api/5' }, permalink: { level: 'record' } });
    expect(result.records[0]?.texts).toContainEqual(
      expect.objectContaining({ text: 'curl -u a:b', dialect: 'code' }),
    );
  });

  it('leaves application logs alone', async () => {
    const result = await readFile(
      '2024-01-01T00:00:00.123Z INFO started\n2024-01-01T00:00:00.124Z INFO pw=1\n',
    );
    expect(['generic', 'folder', undefined]).toContain(result.choice?.reader.system);
  });
});
