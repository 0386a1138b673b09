// @ts-check
/**
 * What the pages of mailed links do in the browser, as it is served: plain JavaScript that nothing has to build.
 *
 * The secret of the link comes in the address's fragment, which no server sees. It is taken out of the address bar before
 * anything else happens, lives in this script's memory only, and is sent when the person presses a button; before that the
 * API is only asked what the link is about. Whatever the API answers becomes text, never markup.
 *
 * @typedef {{ purpose: string, version: number, title: string, body: string, needed: boolean }} Wording
 * @typedef {{ account: string | null, role: string, staff: boolean, known: boolean }} Invitation
 * @typedef {{ kind: string, newEmail: string | null, takesEffectAt: string | null }} Change
 * @typedef {{ purpose: string, email: string, expiresAt: string, staff: boolean, invitation?: Invitation, change?: Change }} Link
 * @typedef {{ email?: string, staff?: boolean, state?: string, next?: { at: string, hold: object | null } | null }} Answer
 * @typedef {{ field: string, message: string }} Fault
 * @typedef {{ kind: 'refused', code: string, message: string, details: Fault[], waitSeconds: number }} Refused
 * @typedef {Refused | { kind: 'offline' | 'away' } | { kind: 'unexpected', requestId: string | null }} Failure
 * @typedef {HTMLInputElement | HTMLSelectElement} Control
 */

const memory = {
  token: takeToken(),
  phase: '',
  /** @type {Link | undefined} */ link: undefined,
  /** @type {Answer | undefined} */ answer: undefined,
  /** @type {Wording[]} */ wordings: [],
  /** Fields by name, so that a change of language or a way back loses nothing. @type {Map<string, string | boolean>} */
  typed: new Map(),
  sentTo: '',
  busy: false,
  /** An answer was lost after the button was pressed: what was wanted may have been done. */
  lost: false,
  /** The time zone as the browser calls it; left out once the API did not know it by that name. @type {string | undefined} */
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
};

/** Which links a page takes. @type {Readonly<Record<string, string>>} */
const purposes = {
  confirmation: 'registration',
  invitation: 'invitation',
  'password-reset': 'password_reset',
  'email-change': 'email_change',
  veto: 'veto',
};

/** Refusals that are about one field. @type {Readonly<Record<string, string>>} */
const fieldOfCode = {
  'password.too_common': 'password',
  'consent.needed': 'consents',
  'consent.version_old': 'consents',
};

document.addEventListener('click', (event) => {
  const pressed = event.target instanceof Element ? event.target.closest('button, nav a') : null;
  if (pressed instanceof HTMLAnchorElement) {
    event.preventDefault();
    void speak(pressed.href);
  } else if (pressed instanceof HTMLElement) {
    if (pressed.dataset['show']) togglePassword(pressed, pressed.dataset['show']);
    if (pressed.dataset['go']) show(pressed.dataset['go']);
    if ('again' in pressed.dataset) void begin();
  }
});
document.addEventListener('submit', (event) => {
  event.preventDefault();
  if (event.target instanceof HTMLFormElement) void send(event.target);
});
document.addEventListener('input', (event) => {
  const field = event.target instanceof Element ? event.target.closest('[data-field]') : null;
  if (field instanceof HTMLElement) setFault(field, '');
  if (event.target instanceof HTMLSelectElement) memory.typed.set(event.target.name, event.target.value);
});
// Another mail's link, opened in this very tab, changes the fragment only: the browser loads nothing by itself.
addEventListener('hashchange', () => location.reload());
void begin();

/** The secret of the link, which from now on is nowhere else. */
function takeToken() {
  const token = location.hash.slice(1);
  if (location.href.includes('#')) history.replaceState(null, '', location.pathname + location.search);
  return token;
}

/** Asks what the link is about, which does not use it, and shows what fits. */
async function begin() {
  const page = document.body.dataset['page'] ?? '';
  if (page === 'registration') return showWithConsents('ask');
  if (memory.token === '') return show(page === 'password-reset' ? 'request' : 'bare');
  if (!/^[\w-]{20,200}$/.test(memory.token)) return show('dead');
  const outcome = await ask('POST', '/auth/link', { token: memory.token });
  if ('failure' in outcome) return outcome.failure.kind === 'refused' && !isTooMany(outcome.failure) ? show('dead') : away(outcome.failure);
  /** @type {Link} */
  const link = outcome.body;
  if (link.purpose !== purposes[page]) return show('dead');
  memory.link = link;
  const { invitation, change } = link;
  if (invitation?.known) return show(invitation.staff ? 'known-staff' : 'known');
  if (invitation) return invitation.staff ? show('staff') : showWithConsents('customer');
  if (page === 'veto' && change) return show(change.takesEffectAt ? change.kind : `${change.kind}-open`);
  return show('ask');
}

/** @param {string} phase */
async function showWithConsents(phase) {
  const failure = await readWordings();
  return failure ? away(failure) : show(phase);
}

/** @returns {Promise<Failure | undefined>} */
async function readWordings() {
  const outcome = await ask('GET', '/consent-texts');
  if ('failure' in outcome) return outcome.failure;
  // What one cannot go on without comes first.
  memory.wordings = outcome.body.items.toSorted(
    (/** @type {Wording} */ a, /** @type {Wording} */ b) => Number(b.needed) - Number(a.needed),
  );
  return undefined;
}

/**
 * Asks the API, as nobody: a session that this browser may have is left out of it.
 * @param {'GET' | 'POST'} method
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<{ body: any } | { failure: Failure }>}
 */
async function ask(method, path, body) {
  /** @type {Response} */
  let response;
  /** @type {any} */
  let answer;
  try {
    response = await fetch(`/api/v1${path}`, {
      method,
      credentials: 'omit',
      cache: 'no-store',
      redirect: 'error',
      headers: { 'Accept-Language': document.documentElement.lang, ...(body ? { 'Content-Type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    answer = response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : undefined;
  } catch {
    return { failure: { kind: 'offline' } };
  }
  if (response.ok && (answer !== undefined || response.status === 204)) return { body: answer };
  if (response.ok || [502, 503, 504].includes(response.status)) return { failure: { kind: 'away' } };
  const error = answer?.error;
  if (!error || response.status >= 500)
    return { failure: { kind: 'unexpected', requestId: error?.requestId ?? response.headers.get('x-request-id') } };
  return {
    failure: {
      kind: 'refused',
      code: error.code,
      message: error.message,
      details: error.details ?? [],
      waitSeconds: Number(response.headers.get('retry-after')),
    },
  };
}

/** @param {Refused} failure */
function isTooMany(failure) {
  return failure.code === 'auth.too_many_tries';
}

/** Says one thing instead of another, and leads the reader's focus to it. @param {string} phase */
function show(phase) {
  draw(phase);
  const heading = shown().querySelector('h1');
  heading?.focus({ preventScroll: true });
  scrollTo(0, 0);
}

/** @param {string} phase */
function draw(phase) {
  const template = document.querySelector(`template[data-phase="${phase}"]`);
  if (!(template instanceof HTMLTemplateElement)) return;
  keepTyped();
  memory.phase = phase;
  const content = document.importNode(template.content, true);
  fill(content);
  drawWordings(content);
  for (const notice of content.querySelectorAll('[data-perhaps]')) /** @type {HTMLElement} */ (notice).hidden = !memory.lost;
  shown().replaceChildren(content);
  for (const control of controls(shown())) {
    const typed = memory.typed.get(control.name);
    if (typeof typed === 'string') control.value = typed;
    if (typeof typed === 'boolean' && control instanceof HTMLInputElement) control.checked = typed;
  }
  const heading = shown().querySelector('h1')?.textContent;
  if (heading) document.title = `${heading} · Kontor`;
}

function shown() {
  return /** @type {HTMLElement} */ (document.getElementById('shown'));
}

/** @param {ParentNode} root @returns {Control[]} */
function controls(root) {
  return /** @type {Control[]} */ ([...root.querySelectorAll('input[name], select[name]')]);
}

/** A list's choice is kept when it is made; one that nobody made follows the language of the page. */
function keepTyped() {
  for (const control of controls(shown()))
    if (control instanceof HTMLInputElement) memory.typed.set(control.name, control.type === 'checkbox' ? control.checked : control.value);
}

/** Puts what the link is about into the sentences, as text. @param {ParentNode} root @param {Readonly<Record<string, string | null | undefined>>} [more] */
function fill(root, more = {}) {
  const values = { ...knownValues(), ...more };
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll('[data-text]'))) {
    const parts = (element.dataset['text'] ?? '').split(/\{(\w+)\}/);
    element.hidden = parts.some((part, index) => index % 2 === 1 && !values[part]);
    element.replaceChildren(...parts.map((part, index) => (index % 2 === 1 ? strong(values[part] ?? '') : part)));
  }
  for (const element of root.querySelectorAll('[data-value]'))
    if (element instanceof HTMLInputElement) element.value = values[element.dataset['value'] ?? ''] ?? '';
}

/** @returns {Record<string, string | null | undefined>} */
function knownValues() {
  const { link, answer } = memory;
  const { role, staff } = link?.invitation ?? {};
  return {
    email: answer?.email ?? link?.email,
    account: link?.invitation?.account,
    role: role && (word(`${staff ? 'staffRole' : 'accountRole'}.${role}`) || role),
    newEmail: link?.change?.newEmail,
    takesEffect: spokenInstant(answer?.next?.at ?? link?.change?.takesEffectAt),
    expires: spokenInstant(link?.expiresAt),
    sentTo: memory.sentTo,
  };
}

/** @param {string} text */
function strong(text) {
  const element = document.createElement('b');
  element.textContent = text;
  return element;
}

/** In the page's language (days before months, as everywhere in Kontor) and the reader's own time zone. @param {string | null | undefined} instant */
function spokenInstant(instant) {
  if (!instant) return undefined;
  return new Intl.DateTimeFormat(document.documentElement.lang === 'ru' ? 'ru' : 'en-GB', {
    day: 'numeric',
    month: 'long',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
  }).format(new Date(instant));
}

/** `in 5 minutes` @param {number} seconds */
function spokenWait(seconds) {
  return new Intl.RelativeTimeFormat(document.documentElement.lang).format(Math.max(1, Math.ceil(seconds / 60)), 'minute');
}

/** @param {string} key @param {Readonly<Record<string, string>>} [about] */
function word(key, about = {}) {
  const words = document.getElementById('words');
  const text = words instanceof HTMLTemplateElement ? words.content.querySelector(`[data-word="${key}"]`)?.textContent : '';
  return (text ?? '').replaceAll(/\{(\w+)\}/g, (whole, name) => about[name] ?? whole);
}

/** A box for each wording, none of them ticked. @param {ParentNode} root */
function drawWordings(root) {
  root.querySelector('[data-consents]')?.replaceChildren(...memory.wordings.map(wordingBox));
}

/** @param {Wording} wording */
function wordingBox({ purpose, version, title, body, needed }) {
  const box = Object.assign(document.createElement('input'), { type: 'checkbox', name: `consent-${purpose}`, required: needed });
  box.dataset['purpose'] = purpose;
  box.dataset['version'] = String(version);
  box.setAttribute('aria-describedby', `wording-${purpose} consents-fault`);
  const tag = Object.assign(document.createElement('small'), { textContent: word(needed ? 'needed' : 'optional') });
  const called = document.createElement('span');
  called.append(title, ' ', tag);
  const label = document.createElement('label');
  label.append(box, called);
  const text = Object.assign(document.createElement('p'), { id: `wording-${purpose}`, className: 'wording', textContent: body });
  // A long text scrolls in its own place; the keyboard must get there too.
  if (body.length > 600) text.tabIndex = 0;
  const item = Object.assign(document.createElement('div'), { className: 'consent' });
  item.append(label, text);
  return item;
}

/** @param {Failure} failure */
function away(failure) {
  show('away');
  const told = failure.kind === 'refused' || failure.kind === 'unexpected';
  fill(shown(), { problem: told ? explained(failure) : undefined });
  for (const cause of /** @type {NodeListOf<HTMLElement>} */ (shown().querySelectorAll('[data-cause]')))
    cause.hidden = cause.dataset['cause'] !== (told ? 'told' : failure.kind);
}

/** Sends a form, once at a time. @param {HTMLFormElement} form */
async function send(form) {
  if (memory.busy) return;
  const faults = ownFaults(form);
  mark(form, faults, faults.length > 0 ? word('check') : '');
  if (faults.length > 0) return;
  setBusy(form, true);
  const outcome = await ask('POST', form.dataset['post'] ?? '', bodyOf(form));
  setBusy(form, false);
  if ('failure' in outcome) {
    if (!isAboutTimeZone(outcome.failure)) return tell(outcome.failure);
    memory.timeZone = undefined;
    return send(form);
  }
  memory.sentTo = controls(form).find(({ name }) => name === 'email')?.value ?? '';
  memory.answer = outcome.body;
  memory.token = '';
  show(phaseAfter(form.dataset['post'] ?? '', outcome.body ?? {}));
  for (const name of ['password', 'repeat']) memory.typed.delete(name);
}

/**
 * Browsers call some zones by names that the API does not know, and nobody can correct what he did not type.
 * @param {Failure} failure
 */
function isAboutTimeZone(failure) {
  return memory.timeZone !== undefined && faultsOf(failure).some(({ field }) => field === 'timeZone');
}

/** @param {string} post @param {Answer} answer */
function phaseAfter(post, answer) {
  if (post === '/auth/registration' || post === '/auth/password-reset') return 'sent';
  if (post === '/auth/invitation' && answer.staff) return 'done-staff';
  if (post === '/auth/password-reset/confirmation' && memory.link?.staff) return 'done-staff';
  if (post === '/auth/email-change' && answer.state !== 'done') return answer.next?.hold ? 'held' : 'later';
  return 'done';
}

/** What goes to the API: the fields as it calls them, and what the form says goes along. @param {HTMLFormElement} form */
function bodyOf(form) {
  const boxes = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll('[data-purpose]')]);
  /** @type {Readonly<Record<string, unknown>>} */
  const along = {
    token: memory.token,
    locale: document.documentElement.lang,
    timeZone: memory.timeZone,
    consents: boxes
      .filter((box) => box.checked)
      .map(({ dataset }) => ({ purpose: dataset['purpose'], version: Number(dataset['version']) })),
  };
  const fields = controls(form)
    .filter(({ name, type }) => name !== 'repeat' && type !== 'checkbox')
    .map(({ name, type, value }) => [name, type === 'email' ? value.trim() : value]);
  return {
    ...Object.fromEntries(fields),
    ...Object.fromEntries((form.dataset['along'] ?? '').split(' ').map((name) => [name, along[name]])),
  };
}

/** What the page can tell by itself, before anything is sent. @param {HTMLFormElement} form @returns {Fault[]} */
function ownFaults(form) {
  /** @type {Fault[]} */
  const faults = [];
  const boxes = controls(form).filter(({ type }) => type === 'checkbox');
  for (const control of controls(form).filter(({ type }) => type !== 'checkbox')) {
    const message = ownFault(form, control);
    if (message) faults.push({ field: control.name, message });
  }
  if (boxes.some((box) => box.required && !(/** @type {HTMLInputElement} */ (box).checked)))
    faults.push({ field: 'consents', message: word('consentNeeded') });
  return faults;
}

/** @param {HTMLFormElement} form @param {Control} control */
function ownFault(form, control) {
  if (control.value.trim() === '') return word('empty');
  if (control instanceof HTMLSelectElement) return '';
  if (control.validity.typeMismatch) return word('emailShape');
  if (control.name === 'repeat') {
    const first = controls(form).find(({ name }) => name === 'password');
    return first && first.value !== control.value ? word('mismatch') : '';
  }
  // Counted as the API counts: characters, in the form in which a password is kept.
  const tooShort = control.name === 'password' && [...control.value.normalize('NFKC')].length < control.minLength;
  return tooShort ? word('tooShort') : '';
}

/** Says what went wrong, and what to do. @param {Failure} failure */
async function tell(failure) {
  if (failure.kind === 'refused' && failure.code === 'auth.link_invalid') return show('dead');
  if (failure.kind !== 'refused') memory.lost = true;
  if (failure.kind === 'refused' && failure.code === 'consent.version_old') {
    await readWordings();
    for (const { purpose } of memory.wordings) memory.typed.set(`consent-${purpose}`, false);
    drawWordings(shown());
    return mark(shown(), [{ field: 'consents', message: word('consentChanged') }], word('check'));
  }
  const faults = faultsOf(failure);
  const placed = faults.filter(({ field }) => shown().querySelector(`[data-field="${CSS.escape(field)}"]`));
  mark(shown(), placed, placed.length > 0 ? word('check') : explained(failure));
}

/** @param {Failure} failure @returns {Fault[]} */
function faultsOf(failure) {
  if (failure.kind !== 'refused') return [];
  const field = fieldOfCode[failure.code];
  if (field) return [{ field, message: failure.message }];
  return failure.details.map(({ field, message }) => ({ field: field.split('.')[0] ?? '', message }));
}

/** @param {Failure} failure */
function explained(failure) {
  if (failure.kind === 'refused') return isTooMany(failure) ? word('tooMany', { wait: spokenWait(failure.waitSeconds) }) : failure.message;
  if (failure.kind !== 'unexpected') return word(failure.kind);
  return failure.requestId ? word('unexpected', { requestId: failure.requestId }) : word('unexpectedUnnumbered');
}

/** Writes faults at their fields and the problem above them; the focus goes to the first. @param {HTMLElement} root @param {Fault[]} faults @param {string} problem */
function mark(root, faults, problem) {
  for (const field of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll('[data-field]')))
    setFault(field, faults.find((fault) => fault.field === field.dataset['field'])?.message ?? '');
  const place = root.querySelector('[data-problem]');
  if (place) place.textContent = problem;
  const first = root.querySelector('[aria-invalid="true"]');
  if (first instanceof HTMLElement) first.focus();
}

/** @param {HTMLElement} field @param {string} message */
function setFault(field, message) {
  const place = field.querySelector('[data-fault]');
  if (place) place.textContent = message;
  for (const control of controls(field)) {
    const fine =
      message === '' || (control instanceof HTMLInputElement && control.type === 'checkbox' && (control.checked || !control.required));
    if (fine) control.removeAttribute('aria-invalid');
    else control.setAttribute('aria-invalid', 'true');
  }
}

/** @param {HTMLFormElement} form @param {boolean} busy */
function setBusy(form, busy) {
  memory.busy = busy;
  form.setAttribute('aria-busy', String(busy));
  const button = /** @type {HTMLButtonElement} */ (form.querySelector('button[type="submit"]'));
  // Not disabled: a disabled button loses the focus, and with it the place of who reads by ear.
  button.setAttribute('aria-disabled', String(busy));
  if (busy) button.textContent = word('busy');
  else fill(form);
  const status = document.getElementById('status');
  if (status) status.textContent = busy ? word('busy') : '';
  for (const shower of form.querySelectorAll('[data-show][aria-pressed="true"]')) if (busy && shower instanceof HTMLElement) shower.click();
}

/** @param {HTMLElement} button @param {string} name */
function togglePassword(button, name) {
  const control = document.getElementById(name);
  if (!(control instanceof HTMLInputElement)) return;
  const visible = control.type === 'password';
  control.type = visible ? 'text' : 'password';
  button.setAttribute('aria-pressed', String(visible));
  button.textContent = word(visible ? 'hide' : 'show');
}

/**
 * Changes the language in place: following the link would lose the token, which is nowhere but here, and what was typed.
 * @param {string} address
 */
async function speak(address) {
  if (memory.busy) return;
  const other = await otherPage(address);
  if (other?.body.dataset['page'] !== document.body.dataset['page'] || !other) return mark(shown(), [], word('offline'));
  keepTyped();
  const { documentElement } = other;
  document.documentElement.lang = documentElement.lang;
  document.body.replaceWith(document.adoptNode(other.body));
  history.replaceState(null, '', address);
  if (memory.wordings.length > 0) await readWordings();
  if (memory.phase === 'away') void begin();
  else draw(memory.phase);
  const current = document.querySelector('nav a[aria-current="true"]');
  if (current instanceof HTMLElement) current.focus();
}

/** @param {string} address @returns {Promise<Document | undefined>} */
async function otherPage(address) {
  try {
    const response = await fetch(address, { credentials: 'omit' });
    return response.ok ? new DOMParser().parseFromString(await response.text(), 'text/html') : undefined;
  } catch {
    return undefined;
  }
}
