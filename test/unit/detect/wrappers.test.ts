/** One name and one value in every syntax that joins the two; values are made up anew from a seed. */
import { describe, expect, it } from 'vitest';
import { makeRandom } from '../../../src/rules/random.js';
import { shippedAnalyzer } from './shipped-rules.js';

const values: string[] = [];
const analyzer = shippedAnalyzer(values);

function valuesIn(text: string): readonly string[] {
  values.length = 0;
  analyzer.analyze({ bytes: Buffer.from(text), chain: [], collectTags: false });
  return values;
}

const random = makeRandom('wrappers');
const draw = (alphabet: string, length: number): string =>
  Array.from({ length }, () => alphabet.charAt(random.below(alphabet.length))).join('');
const alphanumeric = 'ABCDEFGHJKMNPQRSTVWXYZabcdefghjkmnpqrstvwxyz23456789';
const password = `${draw('bcdfghkm', 4)}E${draw('2345679', 2)}!${draw('rstvwx', 3)}`;
const token = `${draw(alphanumeric, 26)}7q`;

/** Each holds NAME and VALUE. */
const wrappers = {
  shells: [
    'export NAME=VALUE',
    'export NAME="VALUE"',
    "export NAME='VALUE'",
    "NAME=$'VALUE'",
    '  local NAME="VALUE"',
    'setenv NAME VALUE',
    'set -gx NAME VALUE',
    '$env:NAME = "VALUE"',
    'SET "NAME=VALUE"',
    '# NAME=VALUE',
    'echo "NAME=VALUE" >> $GITHUB_ENV',
    `ssh host 'export NAME="VALUE"'`,
    'cat <<EOF > .env\nNAME=VALUE\nEOF',
    'sed -i "s/NAME=.*/NAME=VALUE/" .env',
  ],
  'command lines': [
    'x --NAME VALUE',
    'x --NAME=VALUE',
    'x --NAME="VALUE"',
    '["--NAME", "VALUE"]',
    'java -DNAME=VALUE',
    'docker run -e NAME=VALUE x',
  ],
  Dockerfile: [
    'ENV NAME VALUE',
    'ENV NAME=VALUE',
    'ENV A=b NAME="VALUE"',
    'ARG NAME=VALUE',
    'ENV A=b \\\n    NAME=VALUE \\\n    C=d',
    'RUN NAME=VALUE make',
  ],
  JSON: [
    '{"NAME":"VALUE"}',
    '{\n  "a": 1,\n  "NAME": "VALUE",\n  "b": 2\n}',
    '{"body":"{\\"NAME\\":\\"VALUE\\"}"}',
    '{"body":"{\\"x\\":\\"{\\\\\\"NAME\\\\\\":\\\\\\"VALUE\\\\\\"}\\"}"}',
    '{"name":"NAME","value":"VALUE","enabled":true}',
    '{"value":"VALUE","name":"NAME"}',
    '{"NAME":{"S":"VALUE"}}',
    '{"outputs":{"NAME":{"sensitive":true,"type":"string","value":"VALUE"}}}',
    '{\\u0022NAME\\u0022:\\u0022VALUE\\u0022}',
    '{"cells":[{"source":["NAME = \\"VALUE\\"\\n"]}]}',
  ],
  YAML: [
    'NAME: VALUE',
    "NAME: 'VALUE'",
    'NAME: |\n  VALUE\n',
    'NAME: >-\n  VALUE\n',
    'NAME:\n  VALUE\n',
    '{a: 1, NAME: VALUE, b: 2}',
    '  - NAME=VALUE',
    '  - "NAME=VALUE"',
    '"NAME": VALUE',
    'NAME: VALUE # the one',
    '- name: NAME\n  value: VALUE',
    '- {name: NAME, value: "VALUE"}',
    '  NAME:\n    Type: String\n    NoEcho: true\n    Default: VALUE\n',
  ],
  markup: [
    '<x a="b" NAME="VALUE"/>',
    '<NAME>VALUE</NAME>',
    '<a:NAME>VALUE</a:NAME>',
    '<NAME type="x">VALUE</NAME>',
    '<NAME>\n  VALUE\n</NAME>',
    '<NAME><![CDATA[VALUE]]></NAME>',
    '<property name="NAME" value="VALUE"/>',
    '<param value="VALUE" name="NAME"/>',
    '<setting name="NAME" serializeAs="String">\n  <value>VALUE</value>\n</setting>',
    '<key>NAME</key>\n<string>VALUE</string>',
    '&lt;NAME&gt;VALUE&lt;/NAME&gt;',
    '{&quot;NAME&quot;:&quot;VALUE&quot;}',
    '<meta name="NAME" content="VALUE">',
    '| NAME | VALUE |',
    '| `NAME` | `VALUE` |',
    '||NAME|VALUE|',
    '**NAME**: VALUE',
    '`NAME=VALUE`',
  ],
  'settings files': [
    'app.NAME=VALUE',
    'app.NAME:VALUE',
    'app.NAME = VALUE',
    'app.NAME VALUE',
    '[s]\nNAME = VALUE\n',
    'NAME = "VALUE" ; note',
    'NAME = """VALUE"""',
    'NAME = """\nVALUE"""',
    'x = { a = 1, NAME = "VALUE" }',
    '"NAME"="VALUE"',
    'SetEnv NAME VALUE',
    'set $NAME "VALUE";',
    'a=b\r\nNAME: VALUE\r\nc: d\r\n',
    'NAME ?= VALUE',
    'set(NAME "VALUE")',
  ],
  HCL: [
    '  NAME   = "VALUE"',
    'variable "NAME" {\n  type = string\n  default = "VALUE"\n}',
    'variable NAME {\n  default = "VALUE"\n}',
    'NAME = <<EOF\nVALUE\nEOF',
    'x = { "NAME" = "VALUE" }',
    'x = { NAME : "VALUE" }',
  ],
  Go: [
    'NAME := "VALUE"',
    'NAME := `VALUE`',
    'const NAME string = "VALUE"',
    '\tNAME:   "VALUE",',
    'var NAME = []byte("VALUE")',
    'os.Setenv("NAME", "VALUE")',
    'flag.String("NAME", "VALUE", "help")',
  ],
  Rust: [
    'let NAME = "VALUE";',
    'const NAME: &\'static str = "VALUE";',
    'let NAME = r"VALUE";',
    'let NAME = r#"VALUE"#;',
    'NAME: String::from("VALUE"),',
    'NAME: "VALUE".to_string(),',
    'static NAME: &[u8] = b"VALUE";',
  ],
  'C#, Java, Kotlin, Swift': [
    'var NAME = @"VALUE";',
    'public string NAME { get; set; } = "VALUE";',
    'string NAME => "VALUE";',
    'new X { NAME = "VALUE" }',
    'x["NAME"] = "VALUE";',
    '{ "NAME", "VALUE" },',
    'private static final String NAME = "VALUE";',
    'props.put("NAME", "VALUE");',
    '@Value("$' + '{NAME:VALUE}")',
    'char[] NAME = "VALUE".toCharArray();',
    'String NAME = """\n    VALUE""";',
    'private const val NAME: String = "VALUE"',
    '"NAME" to "VALUE"',
    'buildConfigField("String", "NAME", "\\"VALUE\\"")',
    'static let NAME: String = "VALUE"',
    'NSString *NAME = @"VALUE";',
    '#define NAME @"VALUE"',
  ],
  'C and C++': [
    '#define NAME "VALUE"',
    'const char *NAME = "VALUE";',
    'static const char NAME[] = "VALUE";',
    'auto NAME = R"(VALUE)";',
    'std::wstring NAME = L"VALUE";',
  ],
  'Ruby, PHP, Perl': [
    ":NAME => 'VALUE',",
    "ENV['NAME'] = 'VALUE'",
    "ENV.fetch('NAME', 'VALUE')",
    "ENV.fetch('NAME') { 'VALUE' }",
    "ENV['NAME'] || 'VALUE'",
    'NAME = %q(VALUE)',
    'NAME = <<~X\n  VALUE\nX',
    "$NAME = 'VALUE';",
    "define('NAME', 'VALUE');",
    "$this->NAME = 'VALUE';",
    "putenv('NAME=VALUE');",
    'my $NAME = q{VALUE};',
    '$h{NAME} = "VALUE";',
    "$c->{'NAME'} = 'VALUE';",
    "use constant NAME => 'VALUE';",
  ],
  Python: [
    "NAME = b'VALUE'",
    'NAME = """VALUE"""',
    "NAME = '''VALUE'''",
    'NAME: str = "VALUE"',
    'f(NAME="VALUE")',
    "d['NAME'] = 'VALUE'",
    'os.getenv("NAME", "VALUE")',
    'NAME = (\n  "VALUE"\n)',
    "config('NAME', default='VALUE')",
    'NAME: str = Field("VALUE")',
    'NAME: str = Field(default="VALUE")',
    'NAME = SecretStr("VALUE")',
  ],
  JavaScript: [
    'const NAME = `VALUE`;',
    "NAME: 'VALUE',",
    "const NAME: string = 'VALUE';",
    "const x = process.env.NAME || 'VALUE';",
    "NAME: process.env.X ?? 'VALUE',",
    "localStorage.setItem('NAME', 'VALUE');",
    "<C NAME={'VALUE'} />",
    'a.b({user:"x",NAME:"VALUE",z:1})',
  ],
  'other languages': [
    'config :app, NAME: "VALUE"',
    '{NAME, <<"VALUE">>},',
    ':NAME "VALUE"',
    '(setq NAME "VALUE")',
    'NAME = [[VALUE]]',
    'NAME <- "VALUE"',
    'Dim NAME As String = "VALUE"',
    "NAME := 'VALUE';",
    'NAME : constant String := "VALUE";',
    "DECLARE @NAME NVARCHAR(50) = N'VALUE'",
    "v_NAME VARCHAR2(30) := 'VALUE';",
  ],
  'requests and logs': [
    'https://h.internal/x?a=b&NAME=VALUE&c=d',
    'Content-Disposition: form-data; name="NAME"\r\n\r\nVALUE\r\n--x',
    '2024-01-01 INFO connecting with NAME=VALUE to db',
    '[INFO] params {user=svc, NAME=VALUE}',
    '+NAME = "VALUE"',
    '-NAME: VALUE',
  ],
} as const;

describe.each(Object.entries(wrappers))('%s', (_, templates) => {
  it.each(templates)('%s', (template) => {
    for (const [name, value] of [
      ['db_password', password],
      ['dbPassword', token],
      ['API_TOKEN', token],
      ['clientSecret', token],
    ] as const) {
      const text = template.replaceAll('NAME', name).replaceAll('VALUE', () => value);
      expect(valuesIn(`first line\n${text}\nlast line\n`), text).toContain(value);
    }
  });
});

describe('comparisons', () => {
  it.each([
    `if ("${password}".equals(password)) {`,
    `if (password.equals("${password}")) {`,
    `if (strcmp(password, "${password}") == 0)`,
    `if password == "${password}":`,
  ])('%s', (text) => {
    expect(valuesIn(text)).toContain(password);
  });
});

describe('a literal in parts', () => {
  const parts = [password.slice(0, 5), password.slice(5)] as const;
  it.each([
    `const password = '${parts[0]}' + '${parts[1]}';`,
    `$password = "${parts[0]}" . "${parts[1]}";`,
    `Const password = "${parts[0]}" & "${parts[1]}"`,
    `password = "${parts[0]}" +\n    "${parts[1]}"`,
    `local password = "${parts[0]}" .. "${parts[1]}"`,
  ])('%s', (text) => {
    expect(valuesIn(text)).toEqual([password]);
  });
  it('is no value when a part is computed', () => {
    expect(valuesIn(`password = '${parts[0]}' + suffix + '${parts[1]}'`)).not.toContain(password);
  });
});

describe('short names', () => {
  it.each([
    'pw = "V"',
    '"pw": "V"',
    'pass:  V',
    '<pass>V</pass>',
    'char pass[] = "V";',
    "h['pw'] = 'V'",
    'setPass("V")',
  ])('%s', (template) => {
    expect(valuesIn(`${template.replace('V', password)}\n`)).toContain(password);
  });
});

describe('colours of a terminal', () => {
  const key = `ghp_${draw(alphanumeric, 36)}`;
  const colour = (codes: string, text: string) => `\x1b[${codes}m${text}\x1b[0m`;
  it.each([
    ['a token that is coloured', colour('93', token.length > 0 ? `sk_live_${draw(alphanumeric, 24)}` : '')],
    ['a value that is', `api_token: ${colour('1;32', token)}`],
    ['name and value, each', `${colour('36', 'api_token')}=${colour('33', token)}`],
    [
      'a token within a line',
      `using ${colour('38;5;208', `xoxb-${draw('123456789', 12)}-${draw('123456789', 12)}-${draw(alphanumeric, 24)}`)} now`,
    ],
  ])('%s is found', (_, text) => {
    expect(valuesIn(text)).toHaveLength(1);
    for (const value of values) expect(text).toContain(value);
    expect(valuesIn(`${text}\n${key}`)).toContain(key);
  });
});
