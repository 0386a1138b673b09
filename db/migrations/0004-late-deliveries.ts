import { Migration } from '@mikro-orm/migrations';

/** The dispatcher's sweep asks every half minute for deliveries still to be made: few, among all that ever were. */
export class LateDeliveries extends Migration {
  override up(): void {
    this.addSql(`create index delivery_pending_idx on delivery (id) where state = 'pending'`);
  }

  /** Without it the same question reads the whole table. */
  override down(): void {
    this.addSql('drop index delivery_pending_idx');
  }
}
