import type { StaffRole } from '../../domain/permissions.ts';
import { inPath, type Wish } from '../server/wish.ts';

/** Invites somebody to the staff. */
export function invitation(email: string, role: StaffRole): Wish {
  return { method: 'POST', path: '/staff-invitations', body: { email, role } };
}

/** Makes an invitation's link open nothing any more. */
export function revocation(id: string): Wish {
  return { method: 'DELETE', path: `/staff-invitations/${inPath(id)}` };
}

export function roleChange(id: string, role: StaffRole): Wish {
  return { method: 'PATCH', path: `/staff/${inPath(id)}`, body: { role } };
}

/** Somebody leaves: he is signed out and signs in no more. */
export function deactivation(id: string): Wish {
  return { method: 'POST', path: `/staff/${inPath(id)}/deactivation` };
}

export function reactivation(id: string): Wish {
  return { method: 'DELETE', path: `/staff/${inPath(id)}/deactivation` };
}

/** Takes a lost app away. */
export function factorReset(id: string): Wish {
  return { method: 'POST', path: `/staff/${inPath(id)}/factor-reset` };
}
