/** Text in UTF-16 without a mark is told from data, whatever its script. */
import { describe, expect, it } from 'vitest';
import { decideEncoding } from '../../../src/text/decode.js';
import { guessUtf16 } from '../../../src/text/utf16-guess.js';
import { drawer } from '../../support/draw.js';

const texts = {
  english: '{"text": "the password is in the vault"}',
  russian: '[{"id": 17, "текст": "пароль лежит в сейфе, посмотрите там"}]',
  greek: 'ημερομηνία: ο κωδικός είναι στο χρηματοκιβώτιο\r\n',
  arabic: '{"text": "كلمة المرور في الخزنة", "user": "U1"}',
  hindi: '{"text": "पासवर्ड तिजोरी में है", "user": "U1"}',
  chinese: '{"text": "密码在保险箱里，请一一查看。一切都好", "user": "U1"}',
  japanese: '{"text": "パスワードは金庫にあります。一度見てください", "user": "U1"}',
  korean: '{"text": "비밀번호는 금고에 있습니다", "user": "U1"}',
  emoji: '{"text": "🔑🔑🔑 in the 🏦🏦", "user": "U1"}',
};

function swapped(bytes: Buffer): Buffer {
  return Buffer.from(bytes).swap16();
}

describe('UTF-16 without a mark', () => {
  it.each(Object.entries(texts))('is seen in %s', (_, text) => {
    const little = Buffer.from(text.repeat(20), 'utf16le');
    expect(guessUtf16(little)).toBe('utf-16le');
    expect(guessUtf16(swapped(little))).toBe('utf-16be');
    expect(decideEncoding(little)).toBe('utf-16le');
    expect(decideEncoding(swapped(little))).toBe('utf-16be');
  });

  it('is not seen in data', () => {
    const { below } = drawer(7);
    for (let i = 0; i < 200; i++) {
      const noise = Buffer.from(Array.from({ length: 400 }, () => below(256)));
      const numbers = Buffer.alloc(400);
      for (let at = 0; at < 400; at += 4) numbers.writeUInt32LE(below(70_000), at);
      const shorts = Buffer.alloc(400);
      for (let at = 0; at < 400; at += 2) shorts.writeUInt16LE(below(256), at);
      const strings = Buffer.from('name\0value\0\x02\0\0\0words of it\0'.repeat(12));
      const even = Buffer.from(`SOME_NAME_OF_${below(90) + 10}=ab${below(9)}\0\0`.repeat(12));
      for (const bytes of [even, noise, numbers, shorts, strings]) expect(guessUtf16(bytes)).toBeUndefined();
    }
  });
});
