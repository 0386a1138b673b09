import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { settings } from '../../config.ts';

test('O3: the runbook’s table of settings is what config.ts says', () => {
  const rows = Object.entries(settings).map(([name, setting]) => {
    const unset = setting.safeParse(undefined);
    const standard = unset.success ? (unset.data === undefined ? 'none' : `\`${unset.data}\``) : '**required**';
    return `| \`${name}\` | ${standard} | ${setting.description} |`;
  });
  const runbook = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8');
  expect(runbook.split('\n').filter((line) => line.startsWith('| `KONTOR_'))).toEqual(rows);
});
