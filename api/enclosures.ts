/** What a message may carry besides its text, as requests give it (SPEC T11, T12). */
import { z } from '@hono/zod-openapi';
import { isWebAddress, maxDiagnosticLineCharacters, maxObjectUrlCharacters, maxStepsCharacters } from '../domain/diagnostics.ts';
import { maxFilesPerMessage } from '../domain/file.ts';
import { idPrefixes } from '../domain/ids.ts';
import { bodyText, emailField, lineText } from './schemas.ts';

const fileId = z
  .string()
  .regex(new RegExp(`^${idPrefixes.file}_[0-9a-hjkmnp-tv-z]{26}$`))
  .openapi({ example: `${idPrefixes.file}_01jd3y8k2m5n7p9q1r3s5t7v9w` });

export const filesField = z
  .array(fileId)
  .max(maxFilesPerMessage)
  .refine((ids) => new Set(ids).size === ids.length)
  .optional()
  .openapi({
    description: 'Ids of your own uploads, each to be used once and by one message; at most 10.',
    maxItems: maxFilesPerMessage,
    uniqueItems: true,
  });

const diagnosticLine = (example: string) => lineText(maxDiagnosticLineCharacters, example).optional();

export const diagnosticsField = z
  .strictObject({
    browser: diagnosticLine('Firefox 143'),
    productVersion: diagnosticLine('6.12.3'),
    imageTag: diagnosticLine('registry.example/panel:6.12.3'),
    steps: bodyText('1. Open a diagram.\n2. Press “Export”.', maxStepsCharacters).optional(),
    affectedEmail: emailField.optional(),
    objectUrl: lineText(maxObjectUrlCharacters, 'https://panel.example/diagrams/17')
      .refine(isWebAddress)
      .optional()
      .openapi({ description: 'Of http or https.' }),
    containerLog: fileId.optional().openapi({ description: 'An upload of yours: the container’s log.' }),
    har: fileId.optional().openapi({ description: 'An upload of yours: a HAR archive. It was cleaned when it came.' }),
    userSide: z
      .boolean()
      .optional()
      .openapi({ description: 'The fault shows on the user’s side: browser, HAR and e-mail are then asked for, not demanded.' }),
  })
  .refine((told) => Object.keys(told).length > 0)
  .openapi('NewDiagnostics', { minProperties: 1 })
  .optional();
