import { expect, test } from 'vitest';
import { parseMail, readMails } from '../../src/data/mail.ts';
import { realData } from './real-data.ts';
import { temporaryFolder, writeIn } from './temporary.ts';

const parse = (text: string, encoding: BufferEncoding = 'utf8') => parseMail(Buffer.from(text, encoding), 'a.txt');

test('a plain mail is a subject and a body, with or without a line of the mailbox', () => {
  const mail = 'Received: from a\n\tby b\nSubject: Two\n  lines\nSubject: second\n\nFirst line\n\nSecond: line\n';
  const expected = { subject: 'Two lines', body: 'First line\n\nSecond: line' };
  expect(parse(mail)).toEqual(expected);
  expect(parse(`From somebody Thu Aug 22 12:36:23 2002\n${mail}`)).toEqual(expected);
  expect(parse(mail.replaceAll('\n', '\r\n'))).toEqual(expected);
  expect(parse('Date: today\n')).toEqual({ subject: '', body: '' });
});

test('encoded words, quoted-printable, base64 and character sets are decoded', () => {
  expect(parse('Subject: =?iso-8859-1?Q?a=F1o_nuevo?=\n =?UTF-8?B?w7E=?= end\n\nx').subject).toBe('año nuevoñ end');
  const quoted = 'Content-Type: text/plain; charset="iso-8859-15"\nContent-Transfer-Encoding: quoted-printable\n\n';
  expect(parse(`${quoted}100 =A4 and a long=\n er line`).body).toBe('100 € and a long er line');
  const base64 = 'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: BASE64\n\n';
  expect(parse(`${base64}${Buffer.from('señal\n').toString('base64')}\n`).body).toBe('señal');
  expect(parse('Content-Type: text/plain; charset=no-such\n\ncaf\u00e9', 'latin1').body).toBe('café');
});

test('of several parts the plain ones are taken, else the others without tags', () => {
  const multipart = (parts: string) =>
    `Content-Type: multipart/mixed;\n boundary="sep"\n\npreamble\n${parts}\n--sep--\nepilogue`;
  const plain = '--sep\nContent-Type: text/plain\n\nplain text\n';
  const html =
    '--sep\nContent-Type: text/html\n\n<html><style>p {}</style><p>one &amp; two<br>three<!-- no --></p></html>\n';
  const inner = '--sep\nContent-Type: multipart/alternative; boundary=in\n\n--in\n\ninner text\n--in--\n';
  const picture = '--sep\nContent-Type: image/png\n\nAAAA\n';
  expect(parse(multipart(html + plain + picture)).body).toBe('plain text');
  expect(parse(multipart(html)).body).toBe('one & two\nthree');
  expect(parse(multipart(plain + inner)).body).toBe('plain text\ninner text');
  expect(parse(multipart(picture)).body).toBe('');
});

test('what has no headers is refused, without its text', () => {
  expect(() => parse('just a text\n\nmore')).toThrow(/^a\.txt: expected a mail, which begins with headers$/);
});

test('mails are read by group', () => {
  const folder = temporaryFolder();
  const groups = ['easy-ham-1', 'easy-ham-2', 'hard-ham-1', 'spam-1', 'spam-2'];
  for (const group of groups) writeIn(folder, `data/${group}/00001.ab.txt`, `Subject: about ${group}\n\ntext\n`);
  writeIn(folder, 'data/spam-2/00001.ab.json', '{}');
  expect(readMails(folder)).toEqual(
    groups.map((group) => ({
      id: '00001.ab',
      group,
      spam: group.startsWith('spam'),
      subject: `about ${group}`,
      body: 'text',
    })),
  );
  const empty = temporaryFolder();
  writeIn(empty, 'data/easy-ham-1/readme', '');
  expect(() => readMails(empty)).toThrow(/easy-ham-1: expected mails \(\.txt\), got none; fetch the data set again/);
  expect(() => readMails('/nowhere')).toThrow(/easy-ham-1: expected a folder of mails/);
});

const folder = realData('spam');
if (folder !== undefined) {
  test('the corpus has its published numbers of mails', () => {
    const counts = new Map<string, number>();
    for (const { group } of readMails(folder)) counts.set(group, (counts.get(group) ?? 0) + 1);
    expect(Object.fromEntries(counts)).toEqual({
      'easy-ham-1': 2500,
      'easy-ham-2': 1400,
      'hard-ham-1': 250,
      'spam-1': 500,
      'spam-2': 1396,
    });
  }, 60_000);
}
