import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readExport } from '../../../../support/read-export.js';

const encodings = ['7bit', '8bit', 'quoted-printable', 'base64'] as const;

interface Leaf {
  readonly text: string;
  readonly encoding: (typeof encodings)[number];
  readonly isHtml: boolean;
}
type Tree = Leaf | { readonly children: readonly Tree[] };

function isLeaf(tree: Tree): tree is Leaf {
  return 'text' in tree;
}

function wrapped(text: string, width: number, end: string): string {
  return text.match(new RegExp(`[\\s\\S]{1,${width}}`, 'g'))?.join(end) ?? '';
}

/** Every character but letters and digits as an escape, with soft line breaks between whole ones. */
function quotedPrintable(text: string): string {
  const units = [...Buffer.from(text, 'utf8')].map((byte) =>
    /[A-Za-z0-9]/.test(String.fromCharCode(byte))
      ? String.fromCharCode(byte)
      : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`,
  );
  const lines: string[] = [];
  for (let at = 0; at < units.length; at += 20) lines.push(units.slice(at, at + 20).join(''));
  return lines.join('=\r\n');
}

function encoded({ text, encoding }: Leaf): string {
  if (encoding === 'base64') return wrapped(Buffer.from(text, 'utf8').toString('base64'), 76, '\r\n');
  return encoding === 'quoted-printable' ? quotedPrintable(text) : text.replaceAll('\n', '\r\n');
}

function written(tree: Tree, eol: string, path = 'b'): string {
  if (isLeaf(tree)) {
    const type = `text/${tree.isHtml ? 'html' : 'plain'}; charset=utf-8`;
    return `Content-Type: ${type}${eol}Content-Transfer-Encoding: ${tree.encoding}${eol}${eol}${encoded(tree)}`;
  }
  const parts = tree.children.map((child, i) => `--${path}${eol}${written(child, eol, `${path}${i}`)}${eol}`);
  return `Content-Type: multipart/mixed; boundary="${path}"${eol}${eol}${parts.join('')}--${path}--`;
}

function leavesOf(tree: Tree): Leaf[] {
  return isLeaf(tree) ? [tree] : tree.children.flatMap(leavesOf);
}

const line = fc.stringMatching(/^[A-Za-z0-9 =_+äß€]{1,60}$/).map((text) => text.trim() || 'x');
const leaf = fc.record({
  text: fc.array(line, { minLength: 1, maxLength: 4 }).map((lines) => lines.join('\n')),
  encoding: fc.constantFrom(...encodings),
  isHtml: fc.boolean(),
});
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc.record({ children: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) }),
  ),
}));

describe('MIME trees', () => {
  it('give the text of every part, in order', async () => {
    const property = fc.asyncProperty(tree, fc.constantFrom('\n', '\r\n'), async (root, eol) => {
      const source = `From: a@b.org${eol}Subject: s${eol}MIME-Version: 1.0${eol}${written(root, eol)}${eol}`;
      const { records } = await readExport({ x: source }, 'x');
      const bodies = records[0]?.texts.filter((text) => text.field.role === 'body');
      expect(bodies?.map((text) => [text.text, text.dialect])).toEqual(
        leavesOf(root).map((each) => [each.text, each.isHtml ? 'html' : 'mail']),
      );
      expect(new Set(bodies?.map((text) => text.field.path)).size).toBe(bodies?.length);
    });
    await fc.assert(property, { numRuns: 200 });
  });

  it('that are cut give every part before the cut', async () => {
    const property = fc.asyncProperty(
      tree,
      fc.double({ min: 0, max: 1, noNaN: true }),
      async (root, where) => {
        const head = 'From: a@b.org\r\nSubject: s\r\nMIME-Version: 1.0\r\n';
        const source = head + written(root, '\r\n');
        const cut = source.slice(0, head.length + Math.floor((source.length - head.length) * where));
        const { records } = await readExport({ x: cut }, 'x');
        const bodies = records[0]?.texts.filter((text) => text.field.role === 'body') ?? [];
        let from = 0;
        for (const each of leavesOf(root)) {
          const body = encoded(each);
          const end = source.indexOf(`\r\n\r\n${body}`, from) + 4 + body.length;
          if (end > cut.length) break;
          // A delimiter that was cut off is taken for text.
          expect(bodies.some((text) => text.text.startsWith(each.text))).toBe(true);
          from = end;
        }
      },
    );
    await fc.assert(property, { numRuns: 200 });
  });
});
