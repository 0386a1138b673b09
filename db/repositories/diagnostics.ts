import type { EntityManager } from '@mikro-orm/postgresql';
import type { Diagnostics } from '../../domain/diagnostics.ts';
import { DiagnosticsRow } from '../entities/diagnostics.entity.ts';

/** Keeps what the customer told beside the message that this transaction writes (SPEC T12). */
export async function keepDiagnostics(em: EntityManager, messageId: string, told: Diagnostics): Promise<void> {
  await em.insert(DiagnosticsRow, {
    messageId,
    browser: told.browser ?? null,
    productVersion: told.productVersion ?? null,
    imageTag: told.imageTag ?? null,
    steps: told.steps ?? null,
    affectedEmail: told.affectedEmail ?? null,
    objectUrl: told.objectUrl ?? null,
    containerLogId: told.containerLog ?? null,
    harId: told.har ?? null,
    userSide: told.userSide ?? false,
  });
}

/** A column of a query of messages `m`: what was told beside each; fields that were not are left out. */
export const diagnosticsColumn = `(select jsonb_strip_nulls(jsonb_build_object('browser', d.browser, 'productVersion', d.product_version,
    'imageTag', d.image_tag, 'steps', d.steps, 'affectedEmail', d.affected_email, 'objectUrl', d.object_url,
    'containerLog', d.container_log_id, 'har', d.har_id, 'userSide', d.user_side))
  from diagnostics d where d.message_id = m.id) as diagnostics`;
