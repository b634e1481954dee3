/**
 * The main job on a small organisation that is made here from a seed: two repositories with history, a shared
 * folder and an archive in it. Nothing in it is a real credential; all values are generated at run time.
 * Everything is written below one temporary folder, which is named at the end.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
if (!existsSync(join(root, 'dist', 'cli', 'bin.js'))) {
  execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'inherit' });
}
const { sampleToken } = await import('../dist/rules/generate.js');
const { default: yazl } = await import('yazl');

const rules = new Map(
  JSON.parse(readFileSync(join(root, 'dist', 'rules.json'), 'utf8')).rules.map((rule) => [rule.kind, rule]),
);
const secret = (kind, seed) => sampleToken(rules.get(kind), `demo ${seed}`);

const folder = mkdtempSync(join(tmpdir(), 'sprawl-demo-'));
let clock = 1_704_103_200;

function git(repository, ...args) {
  clock += 3600;
  const [name, email] = repository.endsWith('web-shop')
    ? ['Bo Frontend', 'bo@acme.example']
    : ['Ana Backend', 'ana@acme.example'];
  return execFileSync('git', args, {
    cwd: repository,
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_AUTHOR_NAME: name,
      GIT_AUTHOR_EMAIL: email,
      GIT_COMMITTER_NAME: name,
      GIT_COMMITTER_EMAIL: email,
      GIT_AUTHOR_DATE: `${clock} +0100`,
      GIT_COMMITTER_DATE: `${clock} +0100`,
    },
  });
}

function write(base, name, text) {
  const path = join(base, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function repository(name) {
  const path = join(folder, name);
  mkdirSync(path);
  git(path, 'init', '-q', '-b', 'main');
  git(path, 'remote', 'add', 'origin', `https://git.acme.example/acme/${name}.git`);
  return {
    path,
    commit(message, files) {
      for (const [file, text] of Object.entries(files)) write(path, file, text);
      git(path, 'add', '-A');
      git(path, 'commit', '-q', '-m', message);
    },
  };
}

const stripe = secret('stripe-secret-key', 'payments');
const github = secret('github-pat-classic', 'deploy bot');
const slack = secret('slack-bot-token', 'alerts');
const database = `${secret('github-pat-classic', 'orders db').slice(4, 22)}+x`;
const base64 = (text) => Buffer.from(text).toString('base64');

const billing = repository('billing-api');
billing.commit('first version', {
  'README.md': '# billing\n',
  'config/payments.yml': `payments:\n  provider: stripe\n  secret_key: ${stripe}\n`,
});
billing.commit('read the key from the environment', {
  'config/payments.yml': 'payments:\n  secret_key: ${STRIPE_KEY}\n',
});
billing.commit('nightly report', {
  'jobs/report.py': `import psycopg2\nDSN = "postgresql://orders:${encodeURIComponent(database)}@db.acme.internal/orders"\n`,
});
write(billing.path, '.gitignore', '.env\n');
git(billing.path, 'add', '-A');
git(billing.path, 'commit', '-q', '-m', 'ignore local settings');
write(billing.path, '.env', `STRIPE_KEY=${stripe}\nORDERS_PASSWORD='${database}'\n`);

const shop = repository('web-shop');
shop.commit('first version', { 'package.json': '{ "name": "web-shop", "private": true }\n' });
shop.commit('deploy from CI', {
  '.github/workflows/deploy.yml': `jobs:\n  deploy:\n    env:\n      GH_TOKEN: ${github}\n`,
  'k8s/alerts.yaml': `apiVersion: v1\nkind: Secret\nmetadata:\n  name: alerts\ndata:\n  token: ${base64(slack)}\n`,
});
git(shop.path, 'checkout', '-q', '-b', 'try-payments');
shop.commit('try payments in the browser', { 'src/pay.js': `const payments = loadStripe("${stripe}");\n` });
git(shop.path, 'checkout', '-q', 'main');

const share = join(folder, 'ops-share');
write(
  share,
  'handover.txt',
  `Hi Bo,\n\nif the report job hangs, try ${database} on the orders db.\nThe bot posts with ${slack}.\n`,
);
write(
  share,
  'curl-history.txt',
  `curl -u deploy-bot:${github} https://api.github.example/repos/acme/web-shop\n`,
);
const zip = new yazl.ZipFile();
zip.addBuffer(
  Buffer.from(JSON.stringify({ alerts: { url: 'https://chat.acme.example', token: slack } }, null, 2)),
  'backup/settings.json',
  { mtime: new Date(0) },
);
zip.end();
await new Promise((resolve) =>
  zip.outputStream.pipe(createWriteStream(join(share, 'backup-2024-03.zip'))).on('close', resolve),
);

const environment = {
  ...process.env,
  HOME: join(folder, 'home'),
  XDG_DATA_HOME: join(folder, 'home', 'data'),
  XDG_CONFIG_HOME: join(folder, 'home', 'config'),
  XDG_CACHE_HOME: join(folder, 'home', 'cache'),
};
delete environment.SPRAWL_DB;
delete environment.SPRAWL_KEY_FILE;
mkdirSync(environment.HOME);

function sprawl(args, input) {
  process.stdout.write(`\n$ ${input === undefined ? '' : 'printf %s "$VALUE" | '}sprawl ${args.join(' ')}\n`);
  const run = spawnSync(process.execPath, [join(root, 'dist', 'cli', 'bin.js'), ...args], {
    cwd: folder,
    env: environment,
    ...(input === undefined ? {} : { input }),
    stdio: [input === undefined ? 'ignore' : 'pipe', 'inherit', 'inherit'],
  });
  process.stdout.write(`(exit ${run.status})\n`);
  return run.status;
}

process.stdout.write(`A demo organisation lies in ${folder}\n`);
const scanned = sprawl(['scan', 'billing-api', 'web-shop', 'ops-share']);
process.stdout.write('\nSecrets that stand in more than one place:\n');
sprawl(['list', '--min-places', '2']);
process.stdout.write(
  '\nThe orders password, asked for by value: the bare copy in the hand-over note has nothing round it that looks like a secret.\n',
);
const found = sprawl(['where', '-'], database);
process.stdout.write(
  `\nLook round yourself:\n  export XDG_DATA_HOME=${environment.XDG_DATA_HOME} XDG_CONFIG_HOME=${environment.XDG_CONFIG_HOME}\n  npx sprawl list; npx sprawl show <fingerprint>; rm -r ${folder}\n`,
);
// Finding secrets is what the demo is for: exit codes 1 are its success.
process.exitCode = scanned === 1 && found === 1 ? 0 : 1;
