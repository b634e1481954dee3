/** RTF documents. */
import type { ExportReader, Probe, Recognition } from '../contract.js';
import { DocumentOutput } from './document-output.js';
import { rtfTexts } from './rtf-text.js';

const maxBytes = 64 * 1024 * 1024;
/** Text of one record. */
const blockChars = 256 * 1024;

export const rtf: ExportReader = {
  id: 'rtf',
  system: 'generic',
  label: 'RTF document',
  isNeverJson: true,
  most: 0.95,
  recognise,
  async read(file, sink) {
    const { body, asides, isHtml } = rtfTexts((await file.bytes(maxBytes)).toString('latin1'));
    const output = new DocumentOutput(file, sink);
    const title = asides.find(({ name }) => name === 'title')?.text;
    if (title !== undefined) output.title = title;
    if (isHtml) {
      output.values('text', [{ text: body, dialect: 'html', field: { path: 'text', role: 'body' } }], 'page');
    } else {
      for (let at = 0; at < body.length; ) {
        const newline = body.indexOf('\n', at + blockChars);
        const end = newline < 0 ? body.length : newline + 1;
        output.text('text', body.slice(at, end));
        at = end;
      }
    }
    output.values(
      'properties',
      asides.map(({ name, text }) => ({
        text,
        dialect: 'plain',
        field: { path: name, role: name === 'fldinst' ? 'link' : 'metadata' },
      })),
    );
  },
};

function recognise({ head }: Probe): Recognition | undefined {
  return /^\s{0,16}\{\\rtf/.test(head.toString('latin1', 0, 32))
    ? { score: 0.95, reason: '{\\rtf' }
    : undefined;
}
