/** Document classification on people's own files, and the questions about order that come with it. */
import { describe, expect, test } from 'vitest';
import { TaskError } from '../../src/tasks/task.ts';
import { classify } from '../../src/tasks/text/classify.ts';
import { labelOf, markedDistances, swappedHalves } from '../../src/tasks/text/order-questions.ts';
import { csv, evaluatedRows, NOUNS, ownFile, sentence, sourceTexts, trainingRows } from './own-files.ts';

/** Whether a river comes before a stone: only the order of words tells. */
const reviews = Array.from({ length: 300 }, (_, index) => {
  const words = sentence(index, 3 + (index % 6), NOUNS)
    .split(' ')
    .filter((word) => word !== 'river' && word !== 'stone');
  const middle = ['river', 'and', 'stone'];
  const early = index % 2 === 0;
  return [[...(early ? middle : middle.toReversed()), ...words].join(' '), early ? '5' : '1'];
});
const table = (name: string, rows: readonly (readonly string[])[]) => ownFile(name, csv(['Body', 'Stars'], rows));
const file = table('Bewertungen 評価.csv', reviews);

describe('a table of texts and labels', () => {
  test('has the classes of its column, which may be numbers', async () => {
    const { data, output } = await classify.prepare({ data: file });
    expect(output).toEqual({ kind: 'class', classes: 2 });
    expect(data).toMatchObject({
      columns: [
        { name: 'Body', use: 'text' },
        { name: 'Stars', use: 'label' },
      ],
      rows: 300,
      classes: [
        { label: '1', count: expect.any(Number) },
        { label: '5', count: expect.any(Number) },
      ],
    });
    expect(data?.classes?.reduce((sum, { count }) => sum + count, 0)).toBe(300);
  });

  test('trains each text with its own label', async () => {
    const prepared = await classify.prepare({ data: file, trainedPercentile: 100 });
    const labels = new Map(reviews.map(([text, label]) => [text as string, label === '1' ? 0 : 1]));
    const rows = trainingRows(prepared, prepared.sizes.train);
    const texts = sourceTexts(prepared, 'train');
    expect(rows.map(({ labels: [label] }) => label)).toEqual(texts.map((text) => labels.get(text)));
    const tested = prepared.evaluation('test', 32).flatMap((set) => evaluatedRows(set));
    expect(tested.map(({ labels: [label] }) => label)).toEqual(
      sourceTexts(prepared, 'test').map((text) => labels.get(text)),
    );
  });

  test('of which few are within the trained length are compared, with a word of warning', async () => {
    // A quarter of the texts are short.
    const long = reviews.map(([text, label], index) => [
      index % 8 < 2 ? (text as string) : `${text} ${text} ${sentence(index, 8, NOUNS)}`,
      label as string,
    ]);
    const { sizes, notes } = await classify.prepare({
      data: table('mostly-long.csv', long),
      trainedPercentile: 24,
      longest: 999,
    });
    expect(sizes.validation).toBeLessThan(8);
    expect(notes.join(' ')).toMatch(
      /Only \d validation examples? and \d+ test examples? are within the trained length/,
    );
  });

  test('a change of a single training label changes the fingerprint', async () => {
    const texts = new Set(sourceTexts(await classify.prepare({ data: file, trainedPercentile: 100 }), 'train'));
    const at = reviews.findIndex(([text]) => texts.has(text as string));
    const changed = reviews.map(([text, label], index) => [text as string, index === at ? '3' : (label as string)]);
    const other = changed.map(([text, label]) => [text as string, label === '3' ? '5' : (label as string)]);
    const prints = await Promise.all(
      [table('changed.csv', changed), table('other.csv', other), file].map(
        async (data) => (await classify.prepare({ data, trainedPercentile: 100 })).fingerprint,
      ),
    );
    expect(new Set(prints).size).toBe(
      changed[at]?.[1] === reviews[at]?.[1] ? 1 : other[at]?.[1] === reviews[at]?.[1] ? 2 : 3,
    );
  });
});

describe('classes that cannot be compared', () => {
  test('one class', async () => {
    const data = table(
      'one-class.csv',
      reviews.map(([text]) => [text as string, 'good']),
    );
    await expect(classify.prepare({ data })).rejects.toThrow(
      new TaskError('classify: label: expected at least two classes, got “good” only'),
    );
  });

  test('a class with one example is trained on, or an error that names it', async () => {
    // Wherever the single example falls: in training it is a class that is never tested, elsewhere it cannot be learned.
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, async (_, index) => {
        const rare = [`${sentence(1000 + index * 17, 4, NOUNS)} indeed`, 'rare'];
        const data = table(`rare-${index}.csv`, [...reviews, rare]);
        return classify.prepare({ data, trainedPercentile: 100 }).then(
          ({ data: summary, notes }) => {
            expect(notes).toContain('1 class of 3 has a single training example (“rare”): too few to be learned.');
            return summary?.classes?.find(({ label }) => label === 'rare')?.count;
          },
          (error: unknown) => String(error),
        );
      }),
    );
    const messages = outcomes.filter((outcome) => typeof outcome === 'string');
    expect(outcomes.filter((outcome) => outcome === 1).length + messages.length).toBe(12);
    expect(messages.length).toBeGreaterThan(0);
    for (const message of messages) {
      expect(message).toMatch(
        /expected several examples of every class, but all of “rare” \(such as line 302\) are held out/,
      );
    }
  });

  test('a class whose training texts are all too long', async () => {
    const long = Array.from({ length: 60 }, (_, index) => [sentence(index * 13 + 5, 30, NOUNS), 'long']);
    await expect(classify.prepare({ data: table('long-class.csv', [...reviews, ...long]) })).rejects.toThrow(
      /^classify: label: all training texts of “long” have more than \d+ tokens, so it would never be trained; give a larger/,
    );
  });

  test('texts beyond the limit', async () => {
    const data = table('long-text.csv', [...reviews, [sentence(4, 300, NOUNS), '5']]);
    await expect(classify.prepare({ data })).rejects.toThrow(
      /^classify: expected texts of at most \d+ tokens, got 1 longer one, the first is line 302; give --too-long cut/,
    );
    expect((await classify.prepare({ data, tooLong: 'cut' })).data?.tooLong).toEqual({ count: 1, action: 'cut' });
  });

  test.each([
    [
      { label: 'Stars' },
      'classify: --label: expected a file of yours to go with it (--data FILE), got none; leave it out',
    ],
    [{ data: file, dataset: 'distance' }, 'classify: expected --data or --dataset, got both; leave one out'],
  ])('%j', async (options, message) => {
    await expect(classify.prepare(options)).rejects.toThrow(new TaskError(message));
  });
});

describe('questions about order', () => {
  const bag = (text: string): string => text.split(' ').toSorted().join(' ');

  test('exchanged halves have the words of the sentence they are of, so a bag of words is at chance', () => {
    const asked = swappedHalves();
    for (let index = 0; index < 2000; index += 2) {
      const [as, exchanged] = [asked[index], asked[index + 1]] as [(typeof asked)[number], (typeof asked)[number]];
      expect(bag(exchanged.text)).toBe(bag(as.text));
      expect(exchanged.document).toBe(as.document);
      const words = as.text.split(' ');
      const middle = Math.floor(words.length / 2);
      expect(exchanged.text).toBe([...words.slice(middle), ...words.slice(0, middle)].join(' '));
    }
  });

  test('marked words are two, as far apart as their class says', () => {
    for (const { text, label } of markedDistances().slice(0, 3000)) {
      const marked = text.split(' ').flatMap((word, at) => (word.startsWith('*') ? [at] : []));
      expect(marked).toHaveLength(2);
      const [first, second] = marked as [number, number];
      expect(labelOf(second - first)).toBe(label);
    }
    expect([1, 2, 3, 4, 5, 8, 9, 30].map(labelOf)).toEqual([
      ...['1–2', '1–2', '3–4', '3–4', '5–8', '5–8'],
      ...['9 or more', '9 or more'],
    ]);
  });
});
