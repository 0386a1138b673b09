import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const document = JSON.parse(readFileSync(new URL('../docs/openapi.json', import.meta.url), 'utf8')) as unknown;

/** Every example of the document that its own pattern forbids, with where it stands. */
function contradictions(part: unknown, place: string): string[] {
  if (typeof part !== 'object' || part === null) return [];
  const { pattern, example } = part as { pattern?: unknown; example?: unknown };
  const wrong = typeof pattern === 'string' && typeof example === 'string' && !new RegExp(pattern, 'u').test(example);
  return [
    ...(wrong ? [`${place}: ${example}`] : []),
    ...Object.entries(part).flatMap(([name, inner]) => contradictions(inner, `${place}/${name}`)),
  ];
}

test('C1: no example of the API’s document is forbidden by the pattern beside it', () => {
  expect(contradictions(document, '')).toEqual([]);
});
