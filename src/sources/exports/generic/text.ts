/** Any text, in blocks of lines. */
import type { ExportReader, Probe, Recognition } from '../contract.js';
import { readLines } from '../text-lines.js';
import { isBinary } from './binary.js';
import { baseName, folderPlace } from './file-place.js';
import { dialectOf } from './record-texts.js';
import { TextBlocks } from './text-blocks.js';

const blockChars = 64 * 1024;
const blockLines = 1000;

export const genericText: ExportReader = {
  id: 'generic-text',
  system: 'generic',
  label: 'Text',
  most: 0.01,
  recognise,
  async read(file, sink) {
    const place = folderPlace(file);
    const blocks = new TextBlocks(blockChars, blockLines, (block) =>
      sink.record({
        place,
        type: 'file',
        id: `${baseName(file)}#L${block.line}`,
        revision: { state: 'current' },
        texts: [{ text: block.text, dialect: dialectOf(block.text), field: { path: 'text', role: 'body' } }],
        raw: { start: block.start, end: block.end, line: block.line },
      }),
    );
    for await (const lines of readLines(file)) {
      for (const line of lines) blocks.add(line);
      if (sink.aborted) return;
      await sink.drained();
    }
    blocks.end();
  },
};

function recognise({ text }: Probe): Recognition | undefined {
  return text === '' || isBinary(text) ? undefined : { score: 0.01, reason: 'text' };
}
