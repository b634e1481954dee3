import { describe, expect, it } from 'vitest';
import { decoderOfLabel, windows1252Text } from '../../../src/text/windows-1252.js';

describe('windows1252Text', () => {
  it('reads what Latin-1 has no characters for', () => {
    expect(windows1252Text(Buffer.from([0x93, 0x61, 0x94, 0x80, 0x96, 0xe9]))).toBe('“a”€–é');
  });

  it('keeps bytes without a character', () => {
    expect(windows1252Text(Buffer.from([0x81, 0x00, 0x7f, 0xff]))).toBe('\x81\x00\x7f\xff');
  });
});

describe('decoderOfLabel', () => {
  it('reads all labels of windows-1252 by its table', () => {
    for (const label of ['windows-1252', 'cp1252', 'ISO-8859-1', 'latin1'])
      expect(decoderOfLabel(label)?.decode(Buffer.from([0x93, 0x80]))).toBe('“€');
  });

  it('knows other encodings, and tells when it does not', () => {
    expect(decoderOfLabel('koi8-r')?.decode(Buffer.from([0xc1]))).toBe('а');
    expect(decoderOfLabel('x-nobody')).toBeUndefined();
  });
});
