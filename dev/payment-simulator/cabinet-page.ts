/** The provider's cabinet, and the handles that no real provider has: his clock and his misbehaviour. */
import { html } from 'hono/html';
import type { Locale } from '../../domain/locale.ts';
import type { Notification, SimulatedPayment, SimulatedRefund } from './books.ts';
import { testCards } from './cards.ts';
import { dialNames, type Dial } from './dial.ts';
import { instant, reasonIn, sheet, sum, type Markup } from './sheet.ts';
import { simulatorWords } from './words.ts';

export interface CabinetState {
  readonly now: string;
  readonly movedSeconds: number;
  readonly dial: Dial;
  readonly payments: readonly SimulatedPayment[];
  readonly refunds: readonly SimulatedRefund[];
  readonly notifications: readonly Notification[];
  readonly counts: Readonly<Record<string, number>>;
}

/** Newest payments and refunds on the page; the API has them all. */
const shownAtMost = 50;

/** @param refused why the last press of a button did nothing */
export function cabinetPage(state: CabinetState, locale: Locale, refused?: string): string {
  const { control } = simulatorWords[locale];
  return sheet(
    locale,
    control.title,
    html`<h1>${control.title}</h1>
      ${refused === undefined ? '' : html`<p class="wrong" role="alert">${control.refused}: ${refused}</p>`}
      <section class="card" id="payments">
        <h2>${control.payments}</h2>
        ${state.payments.length === 0 ? html`<p class="faint">${control.none}</p>` : ''}
        ${state.payments
          .toReversed()
          .slice(0, shownAtMost)
          .map((payment) => paymentRow(payment, locale))}
      </section>
      <section class="card" id="refunds">
        <h2>${control.refunds}</h2>
        ${state.refunds.length === 0 ? html`<p class="faint">${control.none}</p>` : ''}
        ${state.refunds
          .toReversed()
          .slice(0, shownAtMost)
          .map((refund) => refundRow(refund, locale))}
      </section>
      ${clockForm(state, locale)} ${dialForm(state.dial, locale)} ${counts(state, locale)}`,
    'wide',
  );
}

function paymentRow(payment: SimulatedPayment, locale: Locale): Markup {
  const words = simulatorWords[locale];
  const { control } = words;
  const reasons = testCards.map(({ reason }) => reason).filter((reason) => reason !== undefined);
  const left = (payment.capturedMinor ?? payment.amountMinor) - payment.refundedMinor;
  const about = `${sum(payment.amountMinor)}, ${payment.id}`;
  const pending = html`<a href="/pay/${payment.id}?lang=${locale}">${control.open}</a>
    ${deed(locale, payment.id, 'pay', control.act, about)}
    <form method="post" action="/control/payments/${payment.id}/decline?lang=${locale}">
      <select name="reason" aria-label="${control.decline}: ${about}">
        ${reasons.map((reason) => html`<option value="${reason}">${reasonIn(words, reason)}</option>`)}
      </select>
      <button class="quiet" aria-label="${control.decline}: ${about}">${control.decline}</button>
    </form>
    ${deed(locale, payment.id, 'expire', control.expire, about)}`;
  const refundable = html`<form method="post" action="/control/payments/${payment.id}/refund?lang=${locale}">
    <input
      name="amount"
      value="${sum(left).replaceAll(/[^\d,]/g, '')}"
      size="10"
      inputmode="decimal"
      aria-label="${control.refundSum}: ${about}"
    />
    <button class="quiet" aria-label="${control.refund}: ${about}">${control.refund}</button>
  </form>`;
  return html`<article class="row">
    <p>
      <strong>${sum(payment.amountMinor)}</strong> <span class="state ${payment.status}">${words.states[payment.status]}</span>
      ${payment.cancellation ? html`<span class="faint">${reasonIn(words, payment.cancellation.reason)}</span>` : ''}
    </p>
    <p class="faint">
      ${payment.description ?? ''} <code>${payment.id}</code> <time datetime="${payment.createdAt}">${instant(payment.createdAt)}</time>
    </p>
    <div class="deeds">
      ${payment.status === 'pending' ? pending : ''}
      ${payment.status === 'waiting_for_capture' ? deed(locale, payment.id, 'capture', control.capture, about) : ''}
      ${payment.status === 'succeeded' && left > 0 ? refundable : ''}
      ${payment.status === 'pending' ? '' : deed(locale, payment.id, 'notify', control.notify, about)}
    </div>
  </article>`;
}

function deed(locale: Locale, id: string, name: string, label: string, about: string, of: 'payments' | 'refunds' = 'payments'): Markup {
  return html`<form method="post" action="/control/${of}/${id}/${name}?lang=${locale}">
    <button class="quiet" aria-label="${label}: ${about}">${label}</button>
  </form>`;
}

function refundRow(refund: SimulatedRefund, locale: Locale): Markup {
  const words = simulatorWords[locale];
  const { control } = words;
  const about = `${sum(refund.amountMinor)}, ${refund.id}`;
  return html`<article class="row">
    <p>
      <strong>${sum(refund.amountMinor)}</strong>
      <span class="state ${refund.status}">${refund.status === 'pending' ? '…' : words.states[refund.status]}</span>
    </p>
    <p class="faint">
      ${refund.description ?? ''} <code>${refund.id}</code> <time datetime="${refund.createdAt}">${instant(refund.createdAt)}</time>
    </p>
    <div class="deeds">
      ${
        refund.status === 'pending'
          ? html`${deed(locale, refund.id, 'succeed', control.succeed, about, 'refunds')}
            ${deed(locale, refund.id, 'cancel', control.cancel, about, 'refunds')}`
          : deed(locale, refund.id, 'notify', control.notify, about, 'refunds')
      }
    </div>
  </article>`;
}

function clockForm({ now, movedSeconds }: CabinetState, locale: Locale): Markup {
  const { control } = simulatorWords[locale];
  const hours = [1, 20, 24, 24 * 7];
  return html`<section class="card" id="clock">
    <h2>${control.clock}</h2>
    <p>
      <strong><time datetime="${now}">${instant(now)}</time></strong>
      ${movedSeconds === 0 ? '' : html`<span class="faint">${control.moved} ${Math.round(movedSeconds / 360) / 10} ${control.hours}</span>`}
    </p>
    <p class="faint">${control.clockHint}</p>
    <form method="post" action="/control/clock?lang=${locale}" class="ways">
      ${hours.map((each) => html`<button class="quiet" name="moveSeconds" value="${each * 3600}">+${each} ${control.hours}</button>`)}
    </form>
  </section>`;
}

function dialForm(dial: Dial, locale: Locale): Markup {
  const { control } = simulatorWords[locale];
  return html`<section class="card" id="dial">
    <h2>${control.dial}</h2>
    <p class="faint">${control.dialHint}</p>
    <form method="post" action="/control/dial?lang=${locale}">
      <div class="dial">
        ${dialNames.map(
          (name) =>
            html`<p>
              <label for="${name}">${control.seeds[name]}</label>
              <input id="${name}" name="${name}" value="${dial[name]}" inputmode="decimal" autocomplete="off" />
            </p>`,
        )}
      </div>
      <button>${control.turn}</button>
      <button class="quiet" name="calm" value="yes">${control.calm}</button>
    </form>
  </section>`;
}

function counts({ counts: counted, notifications }: CabinetState, locale: Locale): Markup {
  const { control } = simulatorWords[locale];
  return html`<section class="card" id="counts">
    <h2>${control.counts}</h2>
    <dl>
      <dt>${control.notifications}</dt>
      <dd>${notifications.length}</dd>
      ${Object.entries(counted).map(
        ([what, times]) =>
          html`<dt>${what}</dt>
            <dd>${times}</dd>`,
      )}
    </dl>
  </section>`;
}
