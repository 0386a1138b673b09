import { Migration } from '@mikro-orm/migrations';

/**
 * The support desk's ground: things beside tickets that have one promise to keep, of which some belong to no account
 * (domain/timed-entity).
 */
export class PromisesOfTheirOwn extends Migration {
  override up(): void {
    this.addSql('alter table obligation alter column account_id drop not null');
  }

  override down(): void {
    this.addSql('delete from obligation where account_id is null');
    this.addSql('alter table obligation alter column account_id set not null');
  }
}
