import { describe, expect, it } from 'vitest';
import { lostMarkers, plantMarkers } from '../../../../support/plant-markers.js';
import { type ReadExport, readExport } from '../../../../support/read-export.js';

const read = (content: unknown) =>
  readExport({ 'x.bin': typeof content === 'string' ? content : JSON.stringify(content) }, 'x.bin');
const textsOf = ({ records }: ReadExport) => records.flatMap((record) => record.texts);

const task = {
  gid: '1200',
  resource_type: 'task',
  name: 'Rotate key',
  notes: 'pw is x',
  html_notes: '<body>pw is x</body>',
  completed: false,
  created_at: '2024-03-01T10:02:03.000Z',
  assignee: { gid: '7', resource_type: 'user', name: 'Bo' },
  memberships: [{ project: { gid: '55', name: 'Ops' }, section: { gid: '6', name: 'Todo' } }],
  custom_fields: [
    { gid: '8', name: 'Password', type: 'text', display_value: 'hunter2-Blue', text_value: 'hunter2-Blue' },
  ],
  permalink_url: 'https://app.asana.com/0/55/1200',
  subtasks: [{ gid: '1201', resource_type: 'task', name: 'Sub', notes: 'n' }],
};

describe('Asana', () => {
  it('reads tasks of a project with fields by name, subtasks under their task', async () => {
    const result = await read({ data: [task], next_page: null });
    expect(result.reader).toBe('asana-json');
    expect(result.records.map((record) => [record.type, record.id, record.thread])).toEqual([
      ['issue', '1200', undefined],
      ['issue', '1201', '1200'],
    ]);
    expect(result.records[0]).toMatchObject({
      place: { kind: 'project', id: '55', name: 'Ops' },
      permalink: { url: 'https://app.asana.com/0/55/1200' },
      time: { created: '2024-03-01T10:02:03.000Z' },
    });
    expect(result.records[1]?.place.id).toBe('55');
    expect(textsOf(result)).toContainEqual(
      expect.objectContaining({ text: 'hunter2-Blue', label: 'Password' }),
    );
    expect(textsOf(result).find((text) => text.field.path === 'html_notes')?.dialect).toBe('html');
  });

  it('tells comments from what the system wrote, in lines of the graph export', async () => {
    const story = {
      gid: '9',
      resource_type: 'story',
      target: { gid: '1200' },
      created_by: { gid: '7', name: 'Bo' },
      created_at: '2024-03-02T00:00:00Z',
    };
    const result = await read(
      [
        task,
        {
          ...story,
          type: 'comment',
          resource_subtype: 'comment_added',
          text: 'try pw',
          html_text: '<body>try pw</body>',
        },
        {
          ...story,
          gid: '10',
          type: 'system',
          resource_subtype: 'name_changed',
          text: 'changed the name',
          old_name: 'former',
          new_name: 'Rotate key',
        },
      ]
        .map((row) => JSON.stringify(row))
        .join('\n'),
    );
    expect(result.records.slice(2).map((record) => [record.type, record.id, record.thread])).toEqual([
      ['comment', '9', '1200'],
      ['change', '10', '1200'],
    ]);
    expect(result.records[2]?.actor).toEqual({ id: '7', name: 'Bo' });
    expect(textsOf(result)).toContainEqual(
      expect.objectContaining({ text: 'former', field: { path: 'old_name', role: 'history-old' } }),
    );
  });

  it('marks the address of a download as the export own credential', async () => {
    const result = await read({
      data: {
        gid: '3',
        resource_type: 'attachment',
        name: 'a.txt',
        download_url: 'https://files.example.org/a?sig=x',
        parent: { gid: '1200' },
      },
    });
    expect(textsOf(result).find((text) => text.field.path === 'download_url')?.artifact).toBe(true);
    expect(result.notes['attachment-missing']).toBe(1);
  });

  it('reads CSV with rows above the header, and links no rounded id', async () => {
    const csv =
      'Report of today\n\nTask ID,Created At,Name,Section/Column,Notes,Projects,Parent task,Wifi password\n120000,2024-03-01,Rotate,Todo,"a\nb",Ops,,hunter2\n1.21143E+15,2024-03-02,Other,Todo,n,Ops,Rotate,x\n';
    const result = await read(csv);
    expect(result.reader).toBe('asana-csv');
    const [first, second] = result.records.filter((record) => record.type === 'issue');
    expect(first).toMatchObject({
      id: '120000',
      place: { id: 'Ops' },
      time: { created: '2024-03-01', precision: 'day' },
    });
    expect(second?.permalink).toBeUndefined();
    expect(second).toMatchObject({ id: '2024-03-02/Other', thread: 'Rotate' });
    expect(textsOf(result)).toContainEqual(
      expect.objectContaining({ text: 'hunter2', label: 'Wifi password' }),
    );
    expect(textsOf(result).map((text) => text.text)).toContain('Report of today');
  });

  it('loses no string', async () => {
    const planted = plantMarkers({ data: [{ ...task, vendor: [{ a: 'b' }] }], extra: 'c' }, (path) =>
      /gid$|_at$|resource_type$/.test(path),
    );
    expect(
      lostMarkers(
        planted.markers,
        textsOf(await read(planted.value)).map((text) => text.text),
      ),
    ).toEqual([]);
  });
});
