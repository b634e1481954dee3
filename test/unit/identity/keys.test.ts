import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  listKeyIds,
  loadOrCreateKey,
  parseKeyText,
  readKeyFile,
  writeKeyFile,
} from '../../../src/identity/keys.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sprawl-keys-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('key files', () => {
  it('are made once, private, and found again', () => {
    const keys = join(folder, 'keys');
    const first = loadOrCreateKey(keys);
    expect(first.created).toBe(true);
    expect(statSync(first.path).mode & 0o777).toBe(0o600);
    expect(statSync(keys).mode & 0o777).toBe(0o700);
    const second = loadOrCreateKey(keys);
    expect(second).toMatchObject({ created: false, path: first.path });
    expect(second.keys.id).toBe(first.keys.id);
    expect(listKeyIds(keys)).toEqual([first.keys.id]);
  });

  it('leave no temporary file and never overwrite', () => {
    const path = join(folder, 'k');
    expect(writeKeyFile(path, Buffer.alloc(32, 1))).toBe(true);
    expect(writeKeyFile(path, Buffer.alloc(32, 2))).toBe(false);
    expect(readKeyFile(path)).toEqual(Buffer.alloc(32, 1));
  });

  it('are refused through a link, as a folder, or when they hold something else', () => {
    const path = join(folder, 'k');
    writeKeyFile(path, Buffer.alloc(32, 1));
    symlinkSync(path, join(folder, 'link'));
    expect(() => readKeyFile(join(folder, 'link'))).toThrow(/cannot be read/);
    expect(() => readKeyFile(folder)).toThrow(/not a regular file/);
    expect(() => readKeyFile(join(folder, 'none'))).toThrow(/cannot be read/);
    writeFileSync(join(folder, 'bad'), 'hunter2-not-a-key');
    expect(() => readKeyFile(join(folder, 'bad'))).toThrow(/does not hold a key/);
    expect(() => parseKeyText('hunter2', 'x')).toThrow(expect.not.objectContaining({ message: /hunter2/ }));
  });

  it('must hold the key that their name says', () => {
    const first = loadOrCreateKey(folder);
    chmodSync(first.path, 0o600);
    writeFileSync(first.path, `${'ab'.repeat(32)}\n`);
    expect(() => loadOrCreateKey(folder)).toThrow(/another key/);
  });

  it('must be named when there are several', () => {
    const first = loadOrCreateKey(folder);
    writeFileSync(join(folder, '0123456789abcdef'), readFileSync(first.path));
    expect(() => loadOrCreateKey(folder)).toThrow(/2 keys/);
    expect(loadOrCreateKey(folder, first.keys.id).keys.id).toBe(first.keys.id);
  });
});
