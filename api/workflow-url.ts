import type { ApiParts } from './context.ts';

/** The entity's workflow in Temporal UI; null where none is configured. */
export function workflowUrl({ temporalUi }: Pick<ApiParts, 'temporalUi'>, entity: string): string | null {
  return temporalUi
    ? `${temporalUi.url}/namespaces/${encodeURIComponent(temporalUi.namespace)}/workflows/${encodeURIComponent(entity)}`
    : null;
}
