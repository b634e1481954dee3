/**
 * One secret on its way through an organisation: a commit, a Slack thread, a Jira comment, a former version of a wiki
 * page, a mail and a log, each as its system exports it.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ZipFile } from 'yazl';
import { GitFixture } from './git-fixture.js';

function put(path: string, content: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** A zip of the given entries. */
export async function zipOf(entries: Readonly<Record<string, string | Buffer>>): Promise<Buffer> {
  const zip = new ZipFile();
  const mtime = new Date('2024-03-05T00:00:00Z');
  for (const [name, content] of Object.entries(entries)) zip.addBuffer(Buffer.from(content), name, { mtime });
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export const slackUsers = [
  {
    id: 'U01ANA',
    team_id: 'T01ACME',
    name: 'ana',
    profile: { real_name: 'Ana Ruiz', email: 'ana@acme.example' },
  },
  {
    id: 'U02BOB',
    team_id: 'T01ACME',
    name: 'bob',
    profile: { real_name: 'Bob Lee', email: 'bob@acme.example' },
  },
];

export const slackChannels = [
  {
    id: 'C01OPS',
    name: 'deploys',
    created: 1700000000,
    creator: 'U01ANA',
    is_archived: false,
    members: [],
    topic: { value: '' },
    purpose: { value: '' },
  },
];

export interface SlackMessage {
  readonly ts: string;
  readonly user: string;
  readonly text: string;
  readonly thread_ts?: string;
}

/** Entries of a workspace export with one channel. */
export function slackExport(messages: readonly SlackMessage[]): Record<string, string> {
  const day = JSON.stringify(messages.map((message) => ({ type: 'message', ...message })));
  return {
    'users.json': JSON.stringify(slackUsers),
    'channels.json': JSON.stringify(slackChannels),
    'deploys/2024-03-01.json': day,
  };
}

/** A page of search results with one issue and one comment. */
export function jiraExport(comment: string): string {
  const ana = { accountId: '5b10', displayName: 'Ana Ruiz', emailAddress: 'Ana@acme.example' };
  const self = 'https://acme.atlassian.net/rest/api/2/issue/10001';
  return JSON.stringify({
    expand: 'schema,names',
    startAt: 0,
    maxResults: 50,
    total: 1,
    issues: [
      {
        expand: 'operations',
        id: '10001',
        self,
        key: 'API-12',
        fields: {
          summary: 'Login fails',
          description: 'It says 401.',
          created: '2024-03-02T09:00:00.000+0000',
          creator: ana,
          reporter: ana,
          project: { key: 'API', name: 'Api' },
          comment: {
            total: 1,
            comments: [
              {
                id: '20002',
                self: `${self}/comment/20002`,
                author: ana,
                body: comment,
                created: '2024-03-02T10:00:00.000+0000',
              },
            ],
          },
        },
      },
    ],
  });
}

function confluenceExport(formerBody: string): string {
  const object = (name: string, id: number, properties: string): string =>
    `<object class="${name}" package="com.atlassian.confluence.pages"><id name="id">${id}</id>${properties}</object>`;
  const text = (name: string, value: string): string =>
    `<property name="${name}"><![CDATA[${value.replaceAll(']]>', ']] >')}]]></property>`;
  const page = (id: number, version: number, extra: string): string =>
    object(
      'Page',
      id,
      `${text('title', 'Runbook')}<property name="version">${version}</property>` +
        `<property name="creationDate">2024-02-0${version} 08:00:00.000</property>` +
        `<property name="lastModificationDate">2024-02-0${version} 08:00:00.000</property>` +
        `${text('contentStatus', 'current')}${extra}`,
    );
  const body = (id: number, owner: number, value: string): string =>
    object(
      'BodyContent',
      id,
      `${text('body', value)}<property name="content" class="Page" package="com.atlassian.confluence.pages"><id name="id">${owner}</id></property><property name="bodyType">2</property>`,
    );
  const space =
    '<property name="space" class="Space" package="com.atlassian.confluence.spaces"><id name="id">7</id></property>';
  const original =
    '<property name="originalVersion" class="Page" package="com.atlassian.confluence.pages"><id name="id">101</id></property>';
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<hibernate-generic datetime="2024-03-05 00:00:00">',
    `<object class="Space" package="com.atlassian.confluence.spaces"><id name="id">7</id>${text('name', 'Operations')}${text('key', 'OPS')}</object>`,
    page(101, 2, space),
    page(102, 1, original),
    body(201, 101, '<p>Ask in the channel.</p>'),
    body(202, 102, formerBody),
    '</hibernate-generic>',
  ].join('\n');
}

/** Quoted-printable with soft breaks in the middle of words. */
function quotedPrintable(text: string): string {
  const escaped = text.replaceAll('=', '=3D');
  return (escaped.match(/[\s\S]{1,60}/g) ?? []).join('=\r\n');
}

function mailOf(html: string): string {
  return [
    'From: Bob Lee <bob@acme.example>',
    'To: ops@acme.example',
    'Subject: Access',
    'Date: Mon, 04 Mar 2024 12:00:00 +0000',
    'Message-ID: <1709553600.1@acme.example>',
    'MIME-Version: 1.0',
    'Content-Type: text/html; charset=utf-8',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    quotedPrintable(html),
    '',
  ].join('\r\n');
}

/** A folder with the repository and all exports of one secret; names say nothing of the formats. */
export async function acmeFolder(folder: string, secret: string): Promise<void> {
  const repo = new GitFixture(join(folder, 'repo'));
  repo.commit('add client', { 'client.js': `connect("${secret}");\n` });
  const half = secret.length >> 1;
  const split = `${secret.slice(0, half)}<wbr/>${secret.slice(half)}`;
  put(
    join(folder, 'one.zip'),
    await zipOf(
      slackExport([
        { ts: '1709287200.000100', user: 'U02BOB', text: 'deploy is red', thread_ts: '1709287200.000100' },
        {
          ts: '1709287620.000200',
          user: 'U01ANA',
          text: `try \`${secret}\` &amp; retry`,
          thread_ts: '1709287200.000100',
        },
      ]),
    ),
  );
  put(
    join(folder, 'two.json'),
    jiraExport(`Works with {color:red}${secret.slice(0, 8)}{color}${secret.slice(8)} now`),
  );
  put(join(folder, 'three', 'entities.xml'), confluenceExport(`<p>The token is ${split}&nbsp;.</p>`));
  put(join(folder, 'four.txt'), mailOf(`<p>Here it is: <b>${secret.slice(0, 5)}</b>${secret.slice(5)}</p>`));
  const stamp = '2024-03-05T06:07:08.1234567Z';
  put(
    join(folder, 'five.zip'),
    await zipOf({
      '0_build.txt': `${stamp} ##[group]Run deploy\n${stamp} \u001b[36;1m./deploy --token ${secret}\u001b[0m\n${stamp} ##[endgroup]\n`,
    }),
  );
}
