import MarkdownIt from 'markdown-it';
import { describe, expect, test } from 'vitest';
import { cannedReplyVariables, escapeMarkdown, renderCannedReply, unknownVariable } from './canned-reply.ts';

const values = {
  'customer.name': 'Anna Petrova',
  'account.name': 'Vega Ltd',
  'ticket.number': 'CS-000123',
  'ticket.subject': 'Panel *does not* start',
  'ticket.queue': 'Technical',
  'agent.name': 'Oleg',
};

describe('variables', () => {
  test('T13: every variable is put in, with or without spaces in its braces', () => {
    expect(renderCannedReply('Hello {{customer.name}}, {{ ticket.number }}: {{agent.name}}', values)).toBe(
      'Hello Anna Petrova, CS-000123: Oleg',
    );
    for (const name of cannedReplyVariables) expect(unknownVariable(`{{${name}}}`)).toBeUndefined();
  });

  test('T13: a variable that there is not is found, by the name it was given', () => {
    expect(unknownVariable('Hello {{customer.nmae}}')).toBe('customer.nmae');
    expect(unknownVariable('{{}}')).toBe('');
    expect(unknownVariable('{{__proto__}}')).toBe('__proto__');
    expect(unknownVariable('a {single} brace and {{customer.name}}')).toBeUndefined();
  });

  test('T13: a value that holds braces is not read again', () => {
    expect(renderCannedReply('{{ticket.subject}}', { ...values, 'ticket.subject': '{{agent.name}}' })).toBe('{{agent\\.name}}');
  });
});

describe('values in Markdown', () => {
  const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true });
  const shown = (value: string) => markdown.renderInline(`Hello ${escapeMarkdown(value)}!`);
  const alone = (value: string) => markdown.render(escapeMarkdown(value));

  test('T13: a value is shown letter by letter, whatever Markdown would make of it', () => {
    for (const value of [
      '*bold* _it_ `code`',
      '[link](https://evil.example)',
      'https://evil.example/x',
      'www.evil.example',
      'evil.example',
      'me@evil.example',
      '~~gone~~',
      '\\*x',
      'a\nb',
      '![picture](x.png)',
    ])
      expect(shown(value)).toBe(`Hello ${value.replaceAll('\n', ' ')}!`);
    expect(shown('<b>&amp;</b>')).toBe('Hello &lt;b&gt;&amp;amp;&lt;/b&gt;!');
  });

  test('T13: at the beginning of a line it makes no list, heading or quotation', () => {
    for (const value of ['# one', '- one', '+ one', '1. one', '1) one', '> one', '=== one'])
      expect(alone(value)).toBe(`<p>${value.replace('>', '&gt;')}</p>\n`);
  });

  test('T13: names as most people have them stay as they are', () => {
    for (const value of ['Anna Petrova', 'Анна-Мария Петрова', 'Vega Ltd.', 'ООО «Вега»', "O'Neil", 'CS-000123'])
      expect(escapeMarkdown(value)).toBe(value);
  });
});
