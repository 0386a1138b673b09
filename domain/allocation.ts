/**
 * Which payments a spend used (SPEC B7): each spend is met by the paid money that is unspent, oldest first; what no money
 * meets is on credit, until later money meets it, oldest first. Per account, paid balance = unspent − on credit.
 */
export interface MoneyIn {
  readonly id: string;
  readonly unspentMinor: number;
}

export interface MoneyOut {
  readonly id: string;
  readonly onCreditMinor: number;
}

/** So much of what came in was used by what went out; below zero where it was given back. */
export interface Allocation {
  readonly inId: string;
  readonly outId: string;
  readonly amountMinor: number;
}

/** Meets what is on credit with what is unspent, each in the order given. */
export function meet(outs: readonly MoneyOut[], ins: readonly MoneyIn[]): Allocation[] {
  const allocations: Allocation[] = [];
  const left = ins.map(({ id, unspentMinor }) => ({ id, unspentMinor }));
  let first = 0;
  for (const out of outs) {
    let wanted = out.onCreditMinor;
    while (wanted > 0 && first < left.length) {
      const source = left[first]!;
      const amountMinor = Math.min(wanted, source.unspentMinor);
      if (amountMinor > 0) allocations.push({ inId: source.id, outId: out.id, amountMinor });
      source.unspentMinor -= amountMinor;
      wanted -= amountMinor;
      if (source.unspentMinor === 0) first += 1;
    }
  }
  return allocations;
}

/**
 * Gives back of a spend: what of it is on credit first, then the money it used, that of the latest payment first.
 * @param used what it has used of each payment, net of what was given back before, oldest payment first
 * @param amountMinor at most what it spent of paid money and was not given back
 */
export function giveBack(
  out: MoneyOut,
  used: readonly Omit<Allocation, 'outId'>[],
  amountMinor: number,
): { offCreditMinor: number; allocations: Allocation[] } {
  const offCreditMinor = Math.min(out.onCreditMinor, amountMinor);
  const allocations: Allocation[] = [];
  let wanted = amountMinor - offCreditMinor;
  for (const { inId, amountMinor: of } of used.toReversed()) {
    const back = Math.min(wanted, of);
    if (back > 0) allocations.push({ inId, outId: out.id, amountMinor: -back });
    wanted -= back;
  }
  if (wanted > 0) throw new RangeError(`${out.id} did not use that much`);
  return { offCreditMinor, allocations };
}
