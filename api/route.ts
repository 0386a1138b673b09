/**
 * How a route is declared: with the action it needs, so that none exists without an entry in `domain/permissions`, and
 * with the answers every route may give.
 */
import { createRoute, z, type RouteConfig } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import { customerRule, type CustomerAction, type StaffPermission } from '../domain/permissions.ts';
import { customerMayDo, refuseCrossSite, staffMayDo } from './auth/authenticate.ts';
import type { SignedInAs } from './auth/sessions.ts';
import type { ApiEnvironment } from './context.ts';
import { errorSchema } from './schemas.ts';

type Declared = Omit<RouteConfig, 'middleware' | 'security' | 'responses'> & {
  responses: RouteConfig['responses'];
};

const errorAnswer = (description: string) => ({ description, content: { 'application/json': { schema: errorSchema } } });

const everyAnswer = {
  400: errorAnswer('Malformed, or a field is wrong'),
  401: errorAnswer('No or bad credentials'),
  404: errorAnswer('Does not exist, or is not yours'),
  default: errorAnswer('Any other refusal or failure, in the same envelope'),
} as const;

/**
 * A route of `/api/v1` for customers who may do this. The document names the row of the table, which is also the scope that
 * a token needs, and tells of tokens only where one will do.
 */
export function customerRoute<const Path extends string, const Config extends Declared & { path: Path }>(
  action: CustomerAction,
  config: Config,
) {
  const security: Record<string, string[]>[] = [{ customerSession: [action] }];
  if (!customerRule(action).signedIn) security.push({ apiToken: [action] });
  return createRoute({
    ...config,
    middleware: [customerMayDo(action)] as const,
    security,
    responses: { ...everyAnswer, ...config.responses },
  });
}

/** A route of `/api/staff/v1` for staff whose role may do this. */
export function staffRoute<const Path extends string, const Config extends Declared & { path: Path }>(
  permission: StaffPermission,
  config: Config,
) {
  return createRoute({
    ...config,
    middleware: [staffMayDo(permission)] as const,
    security: [{ staffSession: [permission] }],
    responses: { ...everyAnswer, ...config.responses },
  });
}

/** A route of a person's own doors, the same for customers and for staff: each under his tree and his table. */
export function personRoute<const Path extends string, const Config extends Declared & { path: Path }>(
  as: SignedInAs,
  action: CustomerAction & StaffPermission,
  config: Config,
) {
  return as === 'staff'
    ? (staffRoute(action, config) as unknown as ReturnType<typeof customerRoute<Path, Config>>)
    : customerRoute(action, config);
}

const sameSiteOnly: MiddlewareHandler<ApiEnvironment> = async (c, next) => {
  refuseCrossSite(c);
  await next();
};

/**
 * A route that needs nobody: signing in, registering, following a mailed link. Another site's page must not begin any of it
 * in somebody's browser: it could sign him in as somebody else.
 */
export function openRoute<const Path extends string, const Config extends Declared & { path: Path }>(config: Config) {
  return createRoute({ ...config, middleware: [sameSiteOnly] as const, security: [], responses: { ...everyAnswer, ...config.responses } });
}

export function jsonBody<Schema extends z.ZodType>(schema: Schema) {
  return { body: { required: true, content: { 'application/json': { schema } } } } as const;
}

/** A body whose every field may be left out; so may the body. */
export function optionalJsonBody<Schema extends z.ZodType>(schema: Schema) {
  return { body: { required: false, content: { 'application/json': { schema } } } } as const;
}

export function jsonAnswer<Schema extends z.ZodType>(schema: Schema, description: string) {
  return { description, content: { 'application/json': { schema } } } as const;
}

/** Any authenticated POST takes one (api.md). */
export const idempotencyHeader = z.object({
  'idempotency-key': z
    .string()
    .min(1)
    .max(255)
    // A header's value begins and ends with no space: HTTP takes those away.
    .regex(/^[\u0021-\u007e](?:[\u0020-\u007e]*[\u0021-\u007e])?$/)
    .optional()
    .openapi({
      description: 'The same key and body give the same answer again, for at least 24 hours, without doing it twice.',
      example: 'order-4711-ticket',
    }),
});
