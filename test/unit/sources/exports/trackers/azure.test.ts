import { describe, expect, it } from 'vitest';
import { lostMarkers, plantMarkers } from '../../../../support/plant-markers.js';
import { readExport } from '../../../../support/read-export.js';

const base = 'https://dev.azure.com/acme/Ops';
const ana = {
  displayName: 'Ana R',
  uniqueName: 'ana@example.org',
  id: 'u1',
  url: 'https://x.example.org',
  descriptor: 'aad.X',
};
const item = (rev: number, more: Record<string, unknown> = {}) => ({
  id: 7,
  rev,
  fields: {
    'System.TeamProject': 'Ops',
    'System.Title': 'Deploy',
    'System.CreatedBy': ana,
    'System.CreatedDate': '2024-03-01T10:02:03.4Z',
    'System.ChangedDate': '2024-03-02T00:00:00Z',
    'System.Description': '<div>do &amp; see</div>',
    'Custom.DbPassword': 'hunter2',
    ...more,
  },
  url: `${base}/_apis/wit/workItems/7/revisions/${rev}`,
});
const read = (value: unknown) => readExport({ 'x.bin': JSON.stringify(value) }, 'x.bin');

describe('Azure DevOps', () => {
  it('reads work items with project, organisation, author and page', async () => {
    const { reader, records } = await read({ count: 1, value: [item(1)] });
    expect(reader).toBe('azure-devops-json');
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({
      place: { kind: 'project', tenant: 'acme', id: 'Ops' },
      id: '7',
      title: '7 Deploy',
      actor: { name: 'Ana R', email: 'ana@example.org' },
      time: { created: '2024-03-01T10:02:03.4Z' },
      permalink: { url: `${base}/_workitems/edit/7` },
      revision: { state: 'current' },
    });
    const texts = records[0]?.texts ?? [];
    expect(texts).toContainEqual(expect.objectContaining({ text: 'hunter2', label: 'DbPassword' }));
    expect(texts.find((text) => text.field.path.endsWith('Description'))).toMatchObject({ dialect: 'html' });
  });

  it('undoes the XML around the HTML of test steps', async () => {
    const steps =
      '<steps id="0"><step id="2" type="ActionStep"><parameterizedString>&lt;P&gt;pw &amp;amp; x&lt;/P&gt;</parameterizedString></step></steps>';
    const { records } = await read({ count: 1, value: [item(1, { 'Microsoft.VSTS.TCM.Steps': steps })] });
    expect(records[0]?.texts).toContainEqual(
      expect.objectContaining({ text: '<P>pw &amp; x</P>', dialect: 'html' }),
    );
  });

  it('tells former revisions from the last one, once for each wording, and comments from descriptions', async () => {
    const { records } = await read({
      count: 3,
      value: [
        item(1),
        item(2, { 'System.History': '<div>note</div>', 'System.ChangedBy': ana }),
        item(3, { 'System.Description': 'clean' }),
      ],
    });
    const holding = records.filter((record) =>
      record.texts.some((text) => text.text.includes('do &amp; see')),
    );
    expect(holding.map((record) => [record.id, record.revision])).toEqual([
      ['7', { state: 'previous', id: '1' }],
    ]);
    expect(records.filter((record) => record.type === 'comment').map((record) => record.id)).toEqual(['7/2']);
    expect(records.at(-1)).toMatchObject({ type: 'issue', revision: { state: 'current' } });
    expect(records.at(-1)?.texts.map((text) => text.text)).toContain('clean');
  });

  it('gives what an update replaced as an earlier wording', async () => {
    const { records } = await read({
      count: 1,
      value: [
        {
          id: 2,
          workItemId: 7,
          rev: 2,
          revisedBy: ana,
          revisedDate: '9999-01-01T00:00:00Z',
          fields: {
            'System.Description': { oldValue: 'pw=old', newValue: 'clean' },
            'System.ChangedDate': { oldValue: 'x', newValue: '2024-03-02T00:00:00Z' },
          },
          url: `${base}/_apis/wit/workItems/7/updates/2`,
        },
      ],
    });
    expect(records[0]).toMatchObject({
      id: '7',
      revision: { state: 'previous' },
      time: { created: '2024-03-02T00:00:00Z' },
      texts: [{ text: 'pw=old', field: { role: 'history-old' } }],
    });
    expect(records[1]).toMatchObject({ type: 'change', thread: '7' });
  });

  it('reads comments in both forms, and variables under their names', async () => {
    const comments = await read({
      totalCount: 1,
      count: 1,
      comments: [
        {
          id: 50,
          workItemId: 7,
          text: '<div>hi</div>',
          renderedText: '<div>hi</div>',
          createdBy: ana,
          createdDate: '2024-03-01T00:00:00Z',
          url: `${base}/_apis/wit/workItems/7/comments/50`,
        },
      ],
    });
    expect(comments.records[0]).toMatchObject({
      type: 'comment',
      id: '50',
      thread: '7',
      place: { id: 'Ops' },
      permalink: { level: 'record' },
    });
    expect(comments.records[0]?.texts.map((text) => text.field.role)).toContain('comment');
    const groups = await read({
      count: 1,
      value: [
        {
          id: 1,
          name: 'prod',
          type: 'Vsts',
          variables: { DB_PASSWORD: { value: 'hunter2' } },
          url: `${base}/_apis/distributedtask/variablegroups/1`,
        },
      ],
    });
    expect(groups.records[0]?.texts).toContainEqual(
      expect.objectContaining({ text: 'hunter2', label: 'DB_PASSWORD' }),
    );
  });

  it('loses no string', async () => {
    const planted = plantMarkers(
      { count: 1, value: [item(1, { 'System.Tags': 'a; b', 'Vendor.New': 'x' })], more: { nextLink: 'n' } },
      (path) => /(?:Date|url|descriptor|\.id)$/.test(path),
    );
    const { records } = await read(planted.value);
    expect(
      lostMarkers(
        planted.markers,
        records.flatMap((one) => one.texts.map((text) => text.text)),
      ),
    ).toEqual([]);
  });

  it('meets the same items in the CSV of a query', async () => {
    const text =
      '\ufeffID,Work Item Type,Title 1,Title 2,Team Project,Custom Key\r\n7,Bug,,Deploy,Ops,hunter2\r\n';
    const { reader, records } = await readExport({ 'x.bin': text }, 'x.bin', {
      baseUrl: 'https://dev.azure.com/acme',
    });
    expect(reader).toBe('azure-devops-csv');
    expect(records[0]).toMatchObject({
      place: { tenant: 'acme', id: 'Ops' },
      id: '7',
      title: '7 Deploy',
      permalink: { url: `${base}/_workitems/edit/7` },
    });
    expect(records[0]?.texts).toContainEqual(
      expect.objectContaining({ text: 'hunter2', label: 'Custom Key' }),
    );
  });
});
