import type { Context } from 'hono';
import { findPerson, type Person } from '../../db/repositories/people.ts';
import type { ApiEnvironment } from '../context.ts';
import { ApiError } from '../errors.ts';
import type { LiveSession } from './sessions.ts';

/** The caller himself, read from his row; his routes let nobody in but people who exist. */
export async function callerPerson(c: Context<ApiEnvironment>): Promise<Person> {
  const person = await findPerson(c.var.parts.database.fork(), c.var.caller.actor.userId);
  if (!person) throw new ApiError('auth.required');
  return person;
}

/** The caller's session, on routes that are for somebody who signed in. */
export function callerSession(c: Context<ApiEnvironment>): LiveSession {
  if (!c.var.caller.session) throw new ApiError('auth.sign_in_required');
  return c.var.caller.session;
}
