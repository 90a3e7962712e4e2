/**
 * A classifier of pictures that sees which patches there are and not where: a bag of visual words (Csurka, Dance, Fan,
 * Willamowski & Bray 2004, "Visual categorization with bags of keypoints", with naive Bayes, section 2.3). Words are
 * patches of training pictures chosen by chance, which do nearly as well as clustered ones (Coates & Ng 2011, "The
 * importance of encoding versus training with sparse coding and vector quantization"). Knows no model.
 */
import type { Clip } from '../../data/pictures/clip.ts';
import { createRandom } from '../../data/random.ts';
import { classify, trainNaiveBayes } from '../shared/naive-bayes.ts';
import { patchSequences } from './patches.ts';

/** Words of the vocabulary, and pictures that naive Bayes is trained on, at most. */
const WORDS = 256;
const MOST_PICTURES = 3000;
/** Draws for each word: equal patches, such as empty ones, are one word. */
const TRIES = 20;

/**
 * Learns from pictures with labels, and answers with the likeliest label of a picture; the order of its patches, and for
 * clips that of its frames, make no difference.
 */
export function trainBagOfPatches(
  examples: readonly { readonly label: number; readonly clip: Clip }[],
  patch: number,
  classes: number,
): (clip: Clip) => number {
  const used = examples.slice(0, MOST_PICTURES);
  const words = chooseWords(
    used.map(({ clip }) => clip),
    patch,
  );
  const model = trainNaiveBayes(
    used.map(({ clip }) => wordsOf(clip, patch, words)),
    used.map(({ label }) => label),
    { vocabulary: words.length, classes },
  );
  return (clip) => classify(model, wordsOf(clip, patch, words));
}

function chooseWords(clips: readonly Clip[], patch: number): readonly Float32Array[] {
  const { uniform } = createRandom(0, 'visual words');
  const words = new Map<string, Float32Array>();
  for (let draw = 0; draw < TRIES * WORDS && words.size < WORDS; draw += 1) {
    const patches = patchesOf(clips[Math.floor(uniform() * clips.length)] as Clip, patch);
    const word = patches[Math.floor(uniform() * patches.length)] as Float32Array;
    words.set(word.join(' '), word);
  }
  return [...words.values()];
}

/** The nearest word to each patch. */
function wordsOf(clip: Clip, patch: number, words: readonly Float32Array[]): number[] {
  return patchesOf(clip, patch).map((values) => {
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (const [index, word] of words.entries()) {
      let distance = 0;
      for (let at = 0; at < word.length && distance < least; at += 1) {
        distance += ((values[at] as number) - (word[at] as number)) ** 2;
      }
      if (distance < least) [best, least] = [index, distance];
    }
    return best;
  });
}

function patchesOf(clip: Clip, patch: number): Float32Array[] {
  const { data, length } = patchSequences([clip], patch, 2);
  const features = (data as Float32Array).length / length;
  return Array.from({ length }, (_, at) => (data as Float32Array).subarray(at * features, (at + 1) * features));
}
