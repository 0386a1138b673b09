import { Migration } from '@mikro-orm/migrations';

/**
 * A repeat is answered with the very text of the first answer: `jsonb` sorts the fields of an object, `json` keeps what
 * was written. Nothing ever asks for a part of an answer.
 */
export class AnswersToTheLetter extends Migration {
  override up(): void {
    this.addSql('alter table idempotency_record alter column answer type json using answer::json');
  }

  /** The fields of kept answers are sorted again. */
  override down(): void {
    this.addSql('alter table idempotency_record alter column answer type jsonb using answer::jsonb');
  }
}
