import { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiEnvironment } from './context.ts';
import { ApiError } from './errors.ts';
import { fieldFaults } from './field-faults.ts';

/** A router whose schema faults are told field by field in the envelope. Every route file begins with one. */
export function newRouter(): OpenAPIHono<ApiEnvironment> {
  return new OpenAPIHono<ApiEnvironment>({
    defaultHook: (result, c) => {
      if (result.success) return;
      const { data: sent } = result as unknown as { data: unknown };
      throw new ApiError('request.invalid', { details: fieldFaults(result.error.issues, sent, c.var.locale) });
    },
  });
}
