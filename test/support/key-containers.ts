/** Writes one key in the containers that Node cannot write: OpenSSH and PuTTY, for tests. */
import type { KeyObject } from 'node:crypto';
import { createPublicKey } from 'node:crypto';

function sshString(bytes: Uint8Array | string): Buffer {
  const body = Buffer.from(bytes as Uint8Array);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
}

function number(text: string | undefined): Buffer {
  const bytes = Buffer.from(text ?? '', 'base64url');
  return sshString(((bytes[0] ?? 0) & 0x80) === 0 ? bytes : Buffer.concat([Buffer.of(0), bytes]));
}

const curveNames: Readonly<Record<string, string>> = {
  'P-256': 'nistp256',
  'P-384': 'nistp384',
  'P-521': 'nistp521',
};

function parts(key: KeyObject): { type: string; publicFields: Buffer[]; privateFields: Buffer[] } {
  const jwk = key.export({ format: 'jwk' });
  if (jwk.kty === 'RSA') {
    const order = [jwk.n, jwk.e, jwk.d, jwk.qi, jwk.p, jwk.q].map(number);
    return { type: 'ssh-rsa', publicFields: [number(jwk.e), number(jwk.n)], privateFields: order };
  }
  if (jwk.kty === 'OKP') {
    const x = Buffer.from(jwk.x ?? '', 'base64url');
    const d = Buffer.from(jwk.d ?? '', 'base64url');
    const secret = sshString(Buffer.concat([d, x]));
    return { type: 'ssh-ed25519', publicFields: [sshString(x)], privateFields: [sshString(x), secret] };
  }
  const curve = curveNames[jwk.crv ?? ''] ?? '';
  const point = createPublicKey(key).export({ format: 'der', type: 'spki' });
  const size = Buffer.from(jwk.x ?? '', 'base64url').length * 2 + 1;
  const fields = [sshString(curve), sshString(point.subarray(-size))];
  return { type: `ecdsa-sha2-${curve}`, publicFields: fields, privateFields: [...fields, number(jwk.d)] };
}

export function sshPublicBlob(key: KeyObject): Buffer {
  const { type, publicFields } = parts(key);
  return Buffer.concat([sshString(type), ...publicFields]);
}

/** `openssh-key-v1` bytes without a pass-phrase; `blob` replaces the stated public half. */
export function openSshContainer(
  key: KeyObject,
  comment = 'ana@example.com',
  blob = sshPublicBlob(key),
): Buffer {
  const { type, privateFields } = parts(key);
  const check = Buffer.from('01020304', 'hex');
  const section = Buffer.concat([check, check, sshString(type), ...privateFields, sshString(comment)]);
  const padding = Buffer.from([1, 2, 3, 4, 5, 6, 7].slice(0, (8 - (section.length % 8)) % 8));
  return Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    sshString('none'),
    sshString('none'),
    sshString(''),
    Buffer.from([0, 0, 0, 1]),
    sshString(blob),
    sshString(Buffer.concat([section, padding])),
  ]);
}

export function wrapLines(text: string, width = 64): string[] {
  return text.match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
}

export function pem(label: string, bytes: Uint8Array, width = 64): string {
  const body = wrapLines(Buffer.from(bytes).toString('base64'), width).join('\n');
  return `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
}

export function puttyFile(key: KeyObject, privateBlob: Uint8Array): string {
  const publicLines = wrapLines(sshPublicBlob(key).toString('base64'));
  const privateLines = wrapLines(Buffer.from(privateBlob).toString('base64'));
  return [
    'PuTTY-User-Key-File-3: ssh-rsa',
    'Encryption: none',
    'Comment: imported',
    `Public-Lines: ${publicLines.length}`,
    ...publicLines,
    `Private-Lines: ${privateLines.length}`,
    ...privateLines,
    `Private-MAC: ${'ab'.repeat(32)}`,
    '',
  ].join('\r\n');
}
