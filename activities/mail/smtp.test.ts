import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startMailSink, type MailSink } from '../../test/harness/mail-sink.ts';
import { MailRefused, smtpSender, type MailSender, type OutgoingMail } from './smtp.ts';

let sink: MailSink;
let sender: MailSender;

beforeAll(async () => {
  sink = await startMailSink();
  sender = smtpSender(sink.url, 'Kontor support <support@kontor.example>');
});
afterAll(async () => {
  sender?.close();
  await sink?.close();
});

const mail: OutgoingMail = {
  to: { name: 'Anna Petrova', address: 'anna@vega.example' },
  subject: 'Subject',
  text: 'Text',
  html: '<p>Text</p>',
  messageId: '<one@kontor.example>',
  thread: null,
  language: 'en',
};

describe('one mail, one mailbox (ASVS 1.3.11)', () => {
  const crafted = [
    'a@x.example, b@y.example',
    'a@x.example,b@y.example',
    'a@x.example;b@y.example',
    'a@x.example b@y.example',
    '"x" <a@x.example>',
    'b@y.example <a@x.example>',
    '<a@x.example>',
    '"b@y.example, c"@x.example',
    '"b@y.example> "@x.example',
    'a@x.example\r\nBcc: b@y.example',
    'a@x.example\nRCPT TO:<b@y.example>',
    'a@x.example\u0000@y.example',
    'group: a@x.example, b@y.example;',
    '(b@y.example) a@x.example',
    'a@x.example(comment)',
    'a@[127.0.0.1]',
    'а@x.example',
    'a@x.example ',
    'a@b@x.example',
    '',
  ];
  for (const address of crafted)
    test(`a crafted address reaches nobody: ${JSON.stringify(address)}`, async () => {
      const before = sink.recipients.length;
      await expect(sender.send({ ...mail, to: { name: 'X', address } })).rejects.toThrow(MailRefused);
      await expect(sender.send({ ...mail, to: { name: null, address } })).rejects.toMatchObject({ why: 'address' });
      expect(sink.recipients.length).toBe(before);
    });

  test('an ordinary address, and one of an older account with capitals, reach one mailbox each', async () => {
    const before = sink.recipients.length;
    await sender.send(mail);
    await sender.send({ ...mail, to: { name: null, address: 'Anna.Petrova@Vega.example' } });
    expect(sink.recipients.slice(before)).toEqual(['anna@vega.example', 'Anna.Petrova@vega.example']);
  });
});

describe('what people typed stays in its header', () => {
  const names = [
    'Anna\r\nBcc: b@y.example',
    'Anna\nSubject: Win',
    'Anna\u2028Bcc: b@y.example',
    'Anna" <b@y.example>, "',
    'b@y.example',
    '<b@y.example>, Anna',
    'Anna\r\n\r\n<script>',
  ];
  for (const name of names)
    test(`a name makes no header and no recipient: ${JSON.stringify(name)}`, async () => {
      const before = sink.recipients.length;
      await sender.send({ ...mail, to: { name, address: 'anna@vega.example' }, subject: `Hello\r\nBcc: b@y.example ${name}` });
      expect(sink.recipients.slice(before)).toEqual(['anna@vega.example']);
      const received = sink.mails.at(-1)!;
      expect([...received.headers.keys()].toSorted()).toEqual([
        'auto-submitted',
        'content-language',
        'content-type',
        'date',
        'from',
        'message-id',
        'mime-version',
        'subject',
        'to',
      ]);
      expect([received.to].flat().flatMap((to) => to?.value.map((one) => one.address))).toEqual(['anna@vega.example']);
      expect(received.text?.trim()).toBe('Text');
    });

  test('somebody we do not know has no name in the header; machines are told not to answer (RFC 3834)', async () => {
    await sender.send({ ...mail, to: { name: null, address: 'anna@vega.example' } });
    const received = sink.mails.at(-1)!;
    expect([received.to].flat()[0]?.text).toBe('anna@vega.example');
    expect(received.headers.get('auto-submitted')).toBe('auto-generated');
  });
});
