/** What the pages of promo codes read and wish, as the API answers and takes it. */
import { useInfiniteQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import type { promoCodeSchema, promoUseSchema } from '../../api/present/promo-code.ts';
import { spellMoney } from '../../domain/money.ts';
import { spellPercentBp } from '../../domain/percent.ts';
import type { Page } from '../server/answers.ts';
import { request } from '../server/request.ts';
import { inPath, type Wish } from '../server/wish.ts';

export type PromoCode = z.infer<typeof promoCodeSchema>;
export type PromoUse = z.infer<typeof promoUseSchema>;

const usesAtOnce = 25;

/** Codes, the newest first; page by page, as there may be many. */
export function usePromoCodes(withdrawn: boolean) {
  return useInfiniteQuery({
    queryKey: ['promo-codes', withdrawn],
    queryFn: ({ pageParam }) =>
      request<Page<PromoCode>>('GET', '/promo-codes', { query: { withdrawn: String(withdrawn), limit: 50, cursor: pageParam } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
}

/** Who used a code, the latest first. */
export function usePromoUses(id: string) {
  return useInfiniteQuery({
    queryKey: ['promo-codes', 'uses', id],
    queryFn: ({ pageParam }) =>
      request<Page<PromoUse>>('GET', `/promo-codes/${inPath(id)}/uses`, { query: { limit: usesAtOnce, cursor: pageParam } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
}

/** What it takes off: `10 %`, `500,00 ₽`. */
export function spellGain(gain: PromoCode['gain']): string {
  return gain.kind === 'percentage'
    ? spellPercentBp(gain.percentageBp)
    : spellMoney({ amountMinor: gain.fixedMinor, currency: gain.currency });
}

export function newPromoCode(body: object): Wish {
  return { method: 'POST', path: '/promo-codes', body };
}

export function promoChange({ id, revision }: PromoCode, body: object): Wish {
  return { method: 'PATCH', path: `/promo-codes/${inPath(id)}`, body, revision };
}
