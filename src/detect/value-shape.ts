/** What a value is by its look alone: shapes that ids, hashes, public material and ciphertext share with secrets. */
import { isWordless } from './randomness.js';

export const shapes = [
  'uuid',
  'hex-hash',
  'integrity',
  'public-key',
  'certificate',
  'ciphertext',
  'password-hash',
  'data-uri',
  'media',
  'url',
  'path',
  'date',
  'version',
  'email',
  'algorithm',
  'code-name',
  'number',
] as const;
export type Shape = (typeof shapes)[number];

const uuid = /^\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?$/i;
const hashLengths = new Set([32, 40, 56, 64, 96, 128]);
const hexOnly = /^(?=.*[a-fA-F])(?:[0-9a-f]+|[0-9A-F]+)$/;

/** Tests in order; the first that holds names the shape. */
const tests: readonly (readonly [Shape, RegExp])[] = [
  ['integrity', /^(?:sha(?:1|224|256|384|512)|md5|h1|blake\w{1,4})[-:]/i],
  [
    'ciphertext',
    /^(?:ENC\[|ENC\(|\$ANSIBLE_VAULT|\{cipher\}|encrypted:|!vault|vault:v\d+:|AQICAH|age-encryption\.org|Ag[A-D][A-Za-z0-9+/]{200})/,
  ],
  [
    'password-hash',
    /^(?:\$(?:2[abxy]?|1|5|6|7|8|y|apr1|argon2\w{1,2}|scrypt|pbkdf2[\w-]{0,12}|P|H)\$|\{(?:S?SHA|SSHA512|MD5|CRYPT)\}|pbkdf2_sha\d+\$|pbkdf2:|scrypt:|sha256\$|md5[0-9a-f]{32}$|SCRAM-SHA-256\$|\$9\$[\w./]{14}\$)/,
  ],
  [
    'public-key',
    /^(?:ssh-(?:rsa|dss|ed25519) |ecdsa-sha2-|AAAAB3NzaC1|AAAAC3NzaC1|AAAAE2VjZHNh|age1[a-z0-9]{20}|MII[BC]Ij|M[A-Za-z0-9+/]{3}(?:DQYJKoZIhvcNAQEBBQAD|MA0GCSqGSIb3DQEBAQUAA4|[A-Za-z0-9+/]{3}ANBgkqhkiG9w0BAQEFAAO)|MFkwEwYHKoZIzj0|MCowBQYDK2Vw|-----BEGIN (?:RSA )?PUBLIC|untrusted comment)/,
  ],
  ['certificate', /^(?:MII[C-G][A-Za-z0-9+/]{3}C[CA]|-----BEGIN (?:CERT|X509|TRUSTED))/],
  ['data-uri', /^data:[a-z]+\//i],
  ['media', /^(?:iVBORw0KGgo|\/9j\/|R0lGOD|d09G[RM]|AAEAAAA|UEsDB|PHN2Zy|Qk0|UklGR|SUkq|JVBERi)/],
  ['url', /^[a-z][a-z0-9+.-]{1,20}:\/\/|^(?:www\.|mailto:|tel:|urn:)/i],
  ['email', /^[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+$/],
  ['date', /^\d{4}-\d{2}-\d{2}(?:[T ][\d:.,Z+-]*)?$|^\d{1,2}[/.]\d{1,2}[/.]\d{2,4}$/],
  [
    'version',
    /^(?:npm:|workspace:|file:|link:|patch:)|^[v^~<>=]{0,2}\d+(?:\.\d+){1,3}(?:[-+][\w.]{0,20})?$|^(?:\d{1,3}:)?\d+(?:\.\d+)+(?:[-+~.][a-z0-9.+~-]*)?$|^[a-z][a-z.-]*[-@:]v?\d+(?:\.\d+){1,3}(?:[-.+]\w+)*$/,
  ],
  [
    'algorithm',
    /^(?:scram|hmac|pbkdf2|argon2(?:id|i|d)?|bcrypt|scrypt|aes|rsa|sha|md5|chacha20|ed25519|ecdsa|[hrep]s|nfk?[cd])(?:[-_]?(?:sha|cbc|gcm|ctr|poly)?[-_]?\d{0,4}){1,3}$/i,
  ],
  ['number', /^[+-]?(?:\d[\d_,.]*|0x[0-9a-f]{1,8})(?:[a-z%]{1,3})?$/i],
];

/** Words of which the names of cipher suites, digests and transformations are made. */
const cipherWords = new Set(
  (
    'tls ssl psk srp dh dhe ecdh ecdhe adh aecdh rsa dss dsa ecdsa eddsa ed kex gost cmac hmac kmac pbe pbes pbkdf pkcs ' +
    'oaep pss mgf null export exp with and padding no aes aria camellia cast chacha poly des ede rc seed idea blowfish bf ' +
    'sm gcm ccm cbc ctr ecb ofb cfb xts siv sha md ripemd rmd blake shake whirlpool streebog curve x secp prime r k p v s b ' +
    'anon krb fallback scsv kdf hkdf scrypt bcrypt argon i id d g mb t jws jwe es rs ps hs kw'
  ).split(' '),
);
/** One of these at least: the others are too short to prove anything. */
const cipherCore =
  /aes|sha|des|hmac|cbc|gcm|rsa|chacha|camellia|aria|pbkdf|pbe|psk|poly|ecdh|ecdsa|curve|md[245]|blake|shake/i;

/** `PSK-AES128-GCM-SHA256`, `PBKDF2WithHmacSHA1`, `AES/CBC/PKCS5Padding`: a name that says how, not a key. */
function isCipherName(text: string): boolean {
  if (text.length > 64 || !cipherCore.test(text) || !/^[A-Za-z][\w/.-]*$/.test(text)) return false;
  const words = text
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .match(/[a-z]+/g);
  return words?.every((word) => cipherWords.has(word)) === true;
}

/** `Form\\Type\\PasswordType`, `crate::cipher::Key`: the name of a class or a constant, as code joins its parts. */
function isCodeName(text: string): boolean {
  return text.length <= 120 && /^\\{0,2}[A-Za-z_]\w*(?:(?:\\{1,2}|::)[A-Za-z_]\w*){2,}$/.test(text);
}

/** A path: slashes or backslashes between mostly wordy parts. `/` alone proves nothing, base64 has it. */
function isPath(text: string): boolean {
  if (
    /^(?:\.{0,2}|~|[A-Za-z]:|\/etc|\/run|\/var|\/usr|\/home|\/opt|\/tmp)[\\/](?:[\w.@ -]+[\\/]){0,12}[\w.@ -]*$/.test(
      text,
    )
  ) {
    return /^[./~A-Z][\w:./~\\@ -]*$/i.test(text) && !/[A-Z][a-z]?\d[A-Z]|\d[a-z]\d/.test(text);
  }
  // Words alone: base64 of such a length has digits.
  if (text.length < 48 && /^[A-Za-z]{2,}(?:\/[A-Za-z]{2,}){1,5}$/.test(text)) return !isWordless(text);
  return (
    /^(?:[a-z][a-z._-]*\/){1,8}[a-z][a-z0-9._-]*$/.test(text) ||
    /\.(?:pem|key|crt|json|ya?ml|txt|p12|pfx|jks|conf|env|properties|xml|html?|js|ts|py|go|rb|php|java|sh|md|png|svg)$/i.test(
      text,
    )
  );
}

/** The shape of a value, or undefined when it has none of them. */
export function shapeOf(text: string): Shape | undefined {
  if (uuid.test(text)) return 'uuid';
  if (hexOnly.test(text) && hashLengths.has(text.length)) return 'hex-hash';
  for (const [shape, pattern] of tests) if (pattern.test(text)) return shape;
  if (isCipherName(text)) return 'algorithm';
  if (isCodeName(text)) return 'code-name';
  return isPath(text) ? 'path' : undefined;
}

/** Shapes that never are a secret, whatever the name beside them says. */
export const harmlessShapes: ReadonlySet<Shape> = new Set<Shape>([
  'integrity',
  'public-key',
  'certificate',
  'ciphertext',
  'password-hash',
  'data-uri',
  'media',
  'url',
  'path',
  'date',
  'version',
  'email',
  'algorithm',
  'code-name',
]);
