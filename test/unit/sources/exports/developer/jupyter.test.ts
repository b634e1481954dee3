import { describe, expect, it } from 'vitest';
import { readExport } from '../../../../support/read-export.js';
import { lost, plant } from './planted.js';

const notebook = {
  cells: [
    {
      cell_type: 'markdown',
      id: 'intro',
      metadata: {},
      source: ['# Title\n', 'some *prose*'],
      attachments: { 'a.txt': { 'text/plain': 'attached' } },
    },
    {
      cell_type: 'code',
      id: 'run-1',
      execution_count: 1,
      metadata: { papermill: { parameters: { db_password: 'hunter2-Blue' } } },
      source: 'token = "abc"\nprint(token)',
      outputs: [
        { output_type: 'stream', name: 'stdout', text: ['a\n', 'b\n'] },
        {
          output_type: 'display_data',
          metadata: {},
          data: {
            'text/html': '<b>x</b>',
            'image/png': 'iVBORw0KGgo=',
            'application/vnd.custom+json': { deep: { key: 'in the bundle' } },
          },
        },
        {
          output_type: 'error',
          ename: 'ValueError',
          evalue: 'bad value',
          traceback: ['\u001b[0;31mValueError\u001b[0m', 'line two'],
        },
      ],
    },
  ],
  metadata: {
    kernelspec: { display_name: 'Python 3', name: 'python3' },
    widgets: { state: { m: { value: 'from a widget' } } },
  },
  nbformat: 4,
  nbformat_minor: 5,
};

describe('jupyter', () => {
  it('gives each cell with source and outputs', async () => {
    const { reader, records } = await readExport(
      { 'nb/renamed.txt': JSON.stringify(notebook) },
      'nb/renamed.txt',
    );
    expect(reader).toBe('jupyter');
    const [first, second] = records;
    expect(first).toMatchObject({ id: 'renamed.txt#intro', type: 'cell', place: { id: 'nb' } });
    expect(first?.texts[0]).toMatchObject({ text: '# Title\nsome *prose*', dialect: 'markdown' });
    expect(second?.title).toBe('renamed.txt, cell 2');
    expect(second?.texts.map((text) => [text.field.path, text.dialect, text.text])).toEqual([
      ['source', 'code', 'token = "abc"\nprint(token)'],
      ['outputs.0.text', 'log-ansi', 'a\nb\n'],
      ['outputs.0.name', 'plain', 'stdout'],
      ['outputs.1.data.text/html', 'html', '<b>x</b>'],
      ['outputs.1.data.application/vnd.custom+json.deep.key', 'plain', 'in the bundle'],
      ['outputs.2.traceback', 'log-ansi', '\u001b[0;31mValueError\u001b[0m\nline two'],
      ['outputs.2.evalue', 'log-ansi', 'bad value'],
      ['outputs.2.ename', 'plain', 'ValueError'],
      ['metadata.papermill.parameters.db_password', 'plain', 'hunter2-Blue'],
    ]);
    expect(second?.texts.at(-1)?.label).toBe('db_password');
  });

  it('loses no text but pictures', async () => {
    const planted = plant(notebook, /cell_type|output_type|image\/png|\/id$/);
    expect(lost(planted, await readExport({ x: JSON.stringify(planted.value) }, 'x'))).toEqual([]);
  });

  it('reads worksheets of nbformat 3', async () => {
    const old = {
      metadata: { name: 'old one' },
      nbformat: 3,
      worksheets: [
        {
          cells: [
            { cell_type: 'heading', level: 1, source: 'Heading here' },
            {
              cell_type: 'code',
              language: 'python',
              input: ['a\n', 'b'],
              outputs: [
                { output_type: 'pyout', text: 'result', html: '<i>result</i>', png: 'AAAA' },
                { output_type: 'pyerr', traceback: ['one', 'two'], evalue: 'oops' },
              ],
            },
          ],
        },
      ],
    };
    const result = await readExport({ x: JSON.stringify(old) }, 'x');
    expect(result.reader).toBe('jupyter');
    expect(result.records[1]?.texts.map((text) => text.text)).toEqual([
      'a\nb',
      'result',
      '<i>result</i>',
      'one\ntwo',
      'oops',
    ]);
    const planted = plant(old, /cell_type|output_type|png|language/);
    expect(lost(planted, await readExport({ x: JSON.stringify(planted.value) }, 'x'))).toEqual([]);
  });
});
