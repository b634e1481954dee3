import { describe, expect, it } from 'vitest';
import { windows1252Text } from '../../../src/text/windows-1252.js';

describe('windows1252Text', () => {
  it('reads what Latin-1 has no characters for', () => {
    expect(windows1252Text(Buffer.from([0x93, 0x61, 0x94, 0x80, 0x96, 0xe9]))).toBe('“a”€–é');
  });

  it('keeps bytes without a character', () => {
    expect(windows1252Text(Buffer.from([0x81, 0x00, 0x7f, 0xff]))).toBe('\x81\x00\x7f\xff');
  });
});
