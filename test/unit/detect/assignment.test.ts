import { describe, expect, it } from 'vitest';
import { detectAssignment } from '../../../src/detect/assignment.js';
import type { Draft } from '../../../src/detect/draft.js';
import { assignmentRule } from './rule-fixture.js';

/** Runs the detector at every trigger word of the text; the value and confidence of the first draft. */
function found(text: string): { value: string; confidence: string } | undefined {
  const bytes = Buffer.from(text);
  const folded = text.toLowerCase();
  for (const { text: word } of assignmentRule.keywords) {
    for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + 1)) {
      const draft: Draft | undefined = detectAssignment(assignmentRule, bytes, at, at + word.length);
      if (draft !== undefined) {
        return { value: draft.value.reveal().toString(), confidence: draft.confidence };
      }
    }
  }
  return undefined;
}

const strong = ['Xk9', 'vQ2m', 'Rt7', 'bLw4Zp8'].join('');
const symbols = 'gT#9x!mQ2';

describe('assignment in each syntax', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['code', `const password = "${symbols}";`, symbols],
    ['typed', `let password: string = '${symbols}';`, symbols],
    ['walrus', `dbPassword := "${symbols}"`, symbols],
    ['hash rocket', `:password => '${symbols}',`, symbols],
    ['YAML', `  db_password: ${strong}\n`, strong],
    ['JSON', `{"api_key": "${strong}"}`, strong],
    ['JSON with an escape', `{"password": "a\\"b#C9xyz"}`, 'a"b#C9xyz'],
    ['JSON pair', `{"key":"password","value":"${symbols}"}`, symbols],
    ['Kubernetes env', `- name: DB_PASSWORD\n  value: ${strong}\n`, strong],
    ['XML text', `<password>${strong}&amp;x</password>`, `${strong}&x`],
    ['XML pair', `<add key="SmtpPassword" value="${symbols}"/>`, symbols],
    ['INI', `Password=${symbols}\n`, symbols],
    ['shell', `export API_KEY=${strong}\n`, strong],
    ['Dockerfile', `ENV SECRET_KEY ${strong}`, strong],
    ['Dockerfile with =', `ENV SECRET_KEY=${strong}\n`, strong],
    ['comment', `# ADMIN_PASSWORD=${symbols}`, symbols],
    ['flag', `mysqldump --password=${symbols} db`, symbols],
    ['flag with blank', `tool --api-key ${strong} run`, strong],
    ['query', `https://x.test/?user=a&token=${strong}&b=1`, strong],
    ['argument', `env('DB_PASSWORD', '${symbols}')`, symbols],
    ['fallback', `const token = process.env.TOKEN || '${strong}';`, strong],
    ['comparison', `if (password == "${symbols}") {`, symbols],
    ['prose', `The password for user 'bob' is '${symbols}'.`, symbols],
    ['subscript', `config['password'] = '${symbols}';`, symbols],
    ['template default', `PASSWORD=\${DB_PASSWORD:-${strong}}`, strong],
  ];
  for (const [name, text, value] of cases) {
    it(name, () => expect(found(text)?.value).toBe(value));
  }
});

describe('what is no secret', () => {
  const texts = [
    'password = get_password()',
    'password = config.password;',
    'self.password = password',
    'password: string;',
    'password = os.environ["DB_PASSWORD"]',
    'password: ${DB_PASSWORD}',
    "password: '{{ vault_password }}'",
    'password: <your password>',
    'PASSWORD=changeme_please_now',
    'api_key: your-api-key-here',
    'token_type: "Bearer-Abc123Xyz789Qrs"',
    `public_key: "${strong}"`,
    `key_id: "${strong}"`,
    'secret_name: "prod/db/main-2"',
    'password_hint: "first dog 2019!"',
    'keyboard_token = "ctrl+shift+down"',
    'password: "Enter your new password"',
    'password_file: /run/secrets/db_password',
    'secret: ENC[AES256_GCM,data:abc123]',
    'password: "********"',
    'integrity_token: sha512-abcdef0123456789',
    'password = c->argv[1];',
    'label for password: "Password:"',
    'token = "2024-05-06T10:11:12Z"',
  ];
  for (const text of texts) {
    it(text, () => expect(found(text)).toBeUndefined());
  }
});

describe('confidence', () => {
  it('is medium for random values of strong names and for passwords of several classes', () => {
    expect(found(`client_secret = "${strong}"`)?.confidence).toBe('medium');
    expect(found(`password = "${symbols}"`)?.confidence).toBe('medium');
  });
  it('is low for words, bare ids and template defaults', () => {
    expect(found('password = "thisismyword"')?.confidence).toBe('low');
    expect(found('token: "f59dffd2-83ea-47c7-ba8f-95e053a6d0ae"')?.confidence).toBe('low');
    expect(found(`PASSWORD=\${X:-${strong}}`)?.confidence).toBe('low');
  });
  it('is low beneath a comment that says encrypted', () => {
    expect(found(`# This is encrypted\nAPI_SECRET="${strong}"`)?.confidence).toBe('low');
  });
});
