/** What the payer sees: the form, the bank's question, and what became of it. */
import { html } from 'hono/html';
import type { Locale } from '../../domain/locale.ts';
import type { SimulatedPayment } from './books.ts';
import { paymentMethods, testCards } from './cards.ts';
import { instant, reasonIn, sheet, sum, type Markup } from './sheet.ts';
import { simulatorWords } from './words.ts';

/** @param typed what was typed and is no card number */
export function payerPage(payment: SimulatedPayment, locale: Locale, typed?: string): string {
  const words = simulatorWords[locale];
  if (payment.status !== 'pending') return resultPage(payment, locale);
  const { pay } = words;
  const action = `/pay/${payment.id}?lang=${locale}`;
  const others = paymentMethods.filter(({ type }) => type !== 'bank_card');
  return sheet(
    locale,
    pay.title,
    html`<section class="card">
        <h1>${pay.title}</h1>
        <p class="sum">${sum(payment.amountMinor)}</p>
        <p class="faint">${pay.to}${payment.description === undefined ? '' : html` · ${payment.description}`}</p>
        <form method="post" action="${action}">
          <label for="card">${pay.card}</label>
          <p class="faint" id="card-hint">${pay.cardHint}</p>
          <input
            id="card"
            name="card"
            value="${typed ?? '5555 5555 5555 4444'}"
            inputmode="numeric"
            autocomplete="off"
            maxlength="40"
            required
            aria-describedby="card-hint${typed === undefined ? '' : ' card-fault'}"
            ${typed === undefined ? '' : html`aria-invalid="true"`}
          />
          ${typed === undefined ? '' : html`<p class="wrong" id="card-fault" role="alert">${pay.noCard}</p>`}
          <button name="way" value="bank_card">${pay.byCard}</button>
        </form>
        <h2>${pay.otherWays}</h2>
        <form method="post" action="${action}" class="ways">
          ${others.map(
            ({ type }) =>
              html`<button class="quiet" name="way" value="${type}">${pay.methods[type as keyof typeof pay.methods] ?? type}</button>`,
          )}
          <button class="quiet no" name="way" value="decline" title="${pay.declineHint}">${pay.decline}</button>
        </form>
        <p class="faint">${pay.until} <time datetime="${payment.payableUntil}">${instant(payment.payableUntil)}</time></p>
      </section>
      ${cardsTable(locale)}`,
  );
}

function cardsTable(locale: Locale): Markup {
  const words = simulatorWords[locale];
  const { pay } = words;
  return html`<section class="card">
    <h2>${pay.testCards}</h2>
    <ul class="cards">
      ${testCards.map(
        ({ number, reason, secure }) =>
          html`<li>
            <code>${number.replaceAll(/(\d{4})(?=\d)/g, '$1 ')}</code>
            <span
              >${reason === undefined ? (secure ? pay.secureCard : pay.paidCard) : `${pay.declinedCard}: ${reasonIn(words, reason)}`}</span
            >
          </li>`,
      )}
    </ul>
  </section>`;
}

/** The bank's page of a card that asks first. */
export function securePage(payment: SimulatedPayment, locale: Locale, card: string): string {
  const { secure } = simulatorWords[locale];
  return sheet(
    locale,
    secure.title,
    html`<section class="card">
      <h1>${secure.title}</h1>
      <p class="sum">${sum(payment.amountMinor)}</p>
      <p>${secure.lede}</p>
      <form method="post" action="/pay/${payment.id}/secure?lang=${locale}&card=${card}">
        <button name="answer" value="yes">${secure.confirm}</button>
        <button class="quiet no" name="answer" value="no">${secure.refuse}</button>
      </form>
    </section>`,
  );
}

function resultPage(payment: SimulatedPayment, locale: Locale): string {
  const words = simulatorWords[locale];
  const { result } = words;
  const said = {
    pending: { title: words.pay.title, lede: '' },
    succeeded: { title: result.paid, lede: result.paidLede },
    waiting_for_capture: { title: result.held, lede: result.heldLede },
    canceled: { title: result.canceled, lede: result.canceledLede },
  }[payment.status];
  const reason = payment.cancellation && reasonIn(words, payment.cancellation.reason);
  return sheet(
    locale,
    said.title,
    html`<section class="card ${payment.status}">
      <h1>${said.title}</h1>
      <p class="sum">${sum(payment.amountMinor)}</p>
      <p>${said.lede}${reason === undefined ? '' : html` ${reason[0]?.toUpperCase()}${reason.slice(1)}.`}</p>
      ${/^https?:/.test(payment.returnUrl) ? html`<p><a class="way-on" href="${payment.returnUrl}">${result.back}</a></p>` : ''}
    </section>`,
  );
}

export function missingPage(locale: Locale): string {
  const { result } = simulatorWords[locale];
  return sheet(
    locale,
    result.missing,
    html`<section class="card">
      <h1>${result.missing}</h1>
      <p>${result.missingLede}</p>
    </section>`,
  );
}
