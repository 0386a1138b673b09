/**
 * Money as one would count it by hand: each minor unit is a thing of its own, which knows the payment it came with. Slow, and
 * right by looking at it; what the product does with sums and rows is held against it.
 */
export type Outcome = 'posted' | 'repeated' | 'balance.insufficient' | 'balance.frozen' | 'balance.credit_overdue' | 'throws';

interface Spend {
  readonly key: string;
  readonly account: string;
  readonly kind: string;
  /** What it spent of bonus. */
  readonly bonus: number;
  /** How much of paid money it spent. */
  readonly paid: number;
  /** The payments of the units it used; null where no money met it yet. */
  units: (string | null)[];
  readonly due: number;
  reversed: boolean;
}

interface ModelAccount {
  /** One for each unspent unit of paid money: the payment it came with. */
  units: string[];
  bonus: number;
  limit: number;
  termMilliseconds: number | undefined;
  frozen: boolean;
}

export interface Wished {
  readonly key: string;
  readonly account: string;
  readonly amount: number;
  readonly at: number;
}

/** Everything that was posted, in the order it was posted in. */
export class LedgerModel {
  readonly accounts = new Map<string, ModelAccount>();
  /** Spends and whatever else went out of paid money, by key, the oldest first. */
  readonly spends = new Map<string, Spend>();
  /** Payments in the order they came in. */
  readonly payments: string[] = [];
  /** What each key stands for. */
  private readonly keys = new Map<string, string>();

  open(account: string): void {
    this.accounts.set(account, { units: [], bonus: 0, limit: 0, termMilliseconds: undefined, frozen: false });
  }

  topUp(wished: Wished, keepFor = false): Outcome {
    const known = this.claim(wished, 'top_up');
    if (known) return known;
    const account = this.of(wished.account);
    this.payments.push(wished.key);
    account.units.push(...Array<string>(wished.amount).fill(wished.key));
    if (!keepFor) this.meet(wished.account);
    return 'posted';
  }

  bonus(wished: Wished): Outcome {
    const known = this.claim(wished, 'bonus');
    if (known) return known;
    this.of(wished.account).bonus += wished.amount;
    return 'posted';
  }

  spend(wished: Wished, paidFor?: { payment: string; before: number }): Outcome {
    const known = this.peek(wished, 'purchase');
    if (known) return known;
    const account = this.of(wished.account);
    const fromBonus = paidFor ? 0 : Math.min(account.bonus, wished.amount);
    const paid = wished.amount - fromBonus;
    if (account.frozen) return 'balance.frozen';
    if (paid > 0) {
      const after = this.paid(wished.account) - paid;
      const overdue = this.isOverdue(wished.account, wished.at);
      const mayReach = Math.min(paidFor?.before ?? 0, overdue ? 0 : -account.limit);
      if (after < mayReach) return overdue && after >= -account.limit ? 'balance.credit_overdue' : 'balance.insufficient';
    }
    this.claim(wished, 'purchase');
    account.bonus -= fromBonus;
    this.takeOut(wished, 'purchase', fromBonus, paid, paidFor?.payment);
    if (paidFor) this.meet(wished.account);
    return 'posted';
  }

  takeBack(wished: Wished, kind: 'chargeback' | 'refund', of?: string): Outcome {
    const known = this.claim(wished, kind);
    if (known) return known;
    this.takeOut(wished, kind, 0, wished.amount, of);
    return 'posted';
  }

  /** Takes back a purchase, or what was set aside. */
  reverse(wished: Wished, kind: 'reversal' | 'refund_returned', spentUnder: string): Outcome {
    const spend = this.spends.get(spentUnder)!;
    const isHis = spend.account === wished.account;
    const paid = kind === 'reversal' ? Math.min(wished.amount, isHis ? spend.paid : 0) : wished.amount;
    if (kind === 'reversal' && wished.amount - paid > (isHis ? spend.bonus : 0)) return 'throws';
    const known = this.peek(wished, kind, spentUnder);
    if (known) return known;
    if (spend.reversed || !isHis || wished.amount > spend.paid + spend.bonus) return 'throws';
    this.claim(wished, kind, spentUnder);
    spend.reversed = true;
    const account = this.of(wished.account);
    account.bonus += wished.amount - paid;
    for (let unit = 0; unit < paid; unit += 1) this.giveOneBack(spend, account);
    this.meet(wished.account);
    return 'posted';
  }

  /** The balance of paid money: below zero where credit is used. */
  paid(account: string): number {
    const onCredit = this.spendsOf(account).flatMap((spend) => spend.units.filter((unit) => unit === null)).length;
    return this.of(account).units.length - onCredit;
  }

  spendsOf(account: string): Spend[] {
    return [...this.spends.values()].filter((spend) => spend.account === account);
  }

  of(account: string): ModelAccount {
    return this.accounts.get(account)!;
  }

  private isOverdue(account: string, at: number): boolean {
    return this.spendsOf(account).some((spend) => spend.due <= at && spend.units.includes(null));
  }

  private takeOut({ key, account, at }: Wished, kind: string, bonus: number, paid: number, first: string | undefined): void {
    const from = this.of(account);
    const spend: Spend = { key, account, kind, bonus, paid, units: [], due: at + (from.termMilliseconds ?? Infinity), reversed: false };
    for (let unit = 0; unit < paid; unit += 1) {
      const named = first === undefined ? -1 : from.units.indexOf(first);
      const [taken] = from.units.splice(Math.max(0, named), 1);
      spend.units.push(taken ?? null);
    }
    this.spends.set(key, spend);
  }

  /** What is on credit first, then the money of the latest payment, which goes back to where it lay in line. */
  private giveOneBack(spend: Spend, account: ModelAccount): void {
    const onCredit = spend.units.indexOf(null);
    if (onCredit >= 0) {
      spend.units.splice(onCredit, 1);
      return;
    }
    const latest = spend.units.reduce((best, unit) => (this.age(unit!) > this.age(best!) ? unit : best), spend.units[0]!);
    spend.units.splice(spend.units.indexOf(latest), 1);
    account.units.push(latest!);
    account.units.sort((a, b) => this.age(a) - this.age(b));
  }

  /** What is on credit is met by what is unspent, each the oldest first. */
  private meet(name: string): void {
    const account = this.of(name);
    for (const spend of this.spendsOf(name))
      for (let place = spend.units.indexOf(null); place >= 0 && account.units.length > 0; place = spend.units.indexOf(null))
        spend.units[place] = account.units.shift()!;
  }

  private age(payment: string): number {
    return this.payments.indexOf(payment);
  }

  private peek({ key, account, amount }: Wished, kind: string, of = ''): Outcome | undefined {
    const known = this.keys.get(key);
    if (known === undefined) return undefined;
    return known === [kind, account, amount, of].join(' ') ? 'repeated' : 'throws';
  }

  private claim(wished: Wished, kind: string, of = ''): Outcome | undefined {
    const known = this.peek(wished, kind, of);
    if (!known) this.keys.set(wished.key, [kind, wished.account, wished.amount, of].join(' '));
    return known;
  }
}
