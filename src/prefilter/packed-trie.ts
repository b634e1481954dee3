/** The keyword trie as tables of a file, so that a start reads it instead of building it. */
import type { Table, TableFile } from '../rules/table-file.js';
import { keywordImage } from './keyword-image.js';
import type { KeywordTrie } from './keyword-trie.js';

const bytes = ['text', 'isExact', 'classOf', 'byteOf'] as const;
const words = ['lengths', 'first', 'child', 'sibling', 'ended', 'alsoEnded'] as const;
const integers = ['starts', 'mayFollow'] as const;

const tableName = (name: string): string => `trie.${name}`;

export function packKeywordTrie(trie: KeywordTrie): Record<string, Table> {
  const names = [...bytes, ...words, ...integers];
  const tables = Object.fromEntries(names.map((name) => [tableName(name), trie[name]]));
  const image = keywordImage(trie);
  return {
    ...tables,
    [tableName('hasShort')]: Uint8Array.of(trie.hasShort ? 1 : 0),
    [tableName('imagePages')]: image?.pages ?? new Uint16Array(0),
    [tableName('imageBytes')]: image?.bytes ?? new Uint8Array(0),
  };
}

export function openKeywordTrie(file: TableFile): KeywordTrie {
  const of = <Name extends string, T>(names: readonly Name[], read: (name: string) => T): Record<Name, T> =>
    Object.fromEntries(names.map((name) => [name, read(tableName(name))])) as Record<Name, T>;
  return {
    ...of(bytes, (name) => file.bytes(name)),
    ...of(words, (name) => file.words(name)),
    ...of(integers, (name) => file.integers(name)),
    image: { pages: file.words(tableName('imagePages')), bytes: file.bytes(tableName('imageBytes')) },
    hasShort: file.bytes(tableName('hasShort'))[0] === 1,
  };
}
