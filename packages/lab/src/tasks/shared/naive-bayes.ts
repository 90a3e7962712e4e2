/**
 * A classifier of bags of tokens, multinomial naive Bayes: what can be told of a text without the order of its tokens,
 * as a baseline for models that see it. Knows no task, and of tokens and classes their numbers only.
 */

/** A trained classifier. */
export interface NaiveBayes {
  /** ln p(class) [C]; −∞ for a class without a document, which is never predicted. */
  readonly logPriors: Float64Array;
  /** ln p(token | class) [C, V]. */
  readonly logLikelihoods: Float64Array;
  readonly vocabulary: number;
}

/** What a classifier is trained for. */
export interface NaiveBayesOptions {
  /** Tokens are whole numbers from 0 up to, not including, this. */
  readonly vocabulary: number;
  /** Labels are whole numbers from 0 up to, not including, this. */
  readonly classes: number;
  /** Added to the count of every token in every class. Default 1 (Laplace). */
  readonly smoothing?: number;
}

/**
 * Multinomial naive Bayes with additive smoothing (McCallum & Nigam 1998, "A comparison of event models for naive Bayes
 * text classification"; Manning, Raghavan & Schütze 2008, "Introduction to Information Retrieval", section 13.2). Equal
 * to scikit-learn 1.9.1's `MultinomialNB`.
 * @param documents tokens of each, in any order, read once
 * @throws {RangeError} if documents and labels differ in number, there is none, or a token or a label is out of range
 */
export function trainNaiveBayes(
  documents: Iterable<ArrayLike<number>>,
  labels: ArrayLike<number>,
  { vocabulary, classes, smoothing = 1 }: NaiveBayesOptions,
): NaiveBayes {
  if (!(smoothing > 0)) throw new RangeError(`trainNaiveBayes: expected a smoothing above 0, got ${smoothing}`);
  const documentCounts = new Float64Array(classes);
  const tokenCounts = new Float64Array(classes);
  const logLikelihoods = new Float64Array(classes * vocabulary).fill(smoothing);
  let count = 0;
  for (const document of documents) {
    count += 1;
    if (count > labels.length) continue;
    const label = labels[count - 1] as number;
    checkNumber('trainNaiveBayes: label', label, classes);
    documentCounts[label] = (documentCounts[label] as number) + 1;
    tokenCounts[label] = (tokenCounts[label] as number) + document.length;
    for (let place = 0; place < document.length; place++) {
      const token = document[place] as number;
      checkNumber('trainNaiveBayes: token', token, vocabulary);
      const cell = label * vocabulary + token;
      logLikelihoods[cell] = (logLikelihoods[cell] as number) + 1;
    }
  }
  if (count !== labels.length || count === 0) {
    throw new RangeError(
      `trainNaiveBayes: expected one label for each document, at least one, got ${labels.length} labels for ${count} ` +
        'documents',
    );
  }
  for (let cell = 0; cell < logLikelihoods.length; cell++) {
    const total = (tokenCounts[Math.floor(cell / vocabulary)] as number) + smoothing * vocabulary;
    logLikelihoods[cell] = Math.log((logLikelihoods[cell] as number) / total);
  }
  const logPriors = documentCounts.map((ofClass) => Math.log(ofClass / count));
  return { logPriors, logLikelihoods, vocabulary };
}

/**
 * ln p(class) + Σ ln p(token | class) for each class [C].
 * @throws {RangeError} if a token is out of range
 */
export function logJoint(
  { logPriors, logLikelihoods, vocabulary }: NaiveBayes,
  document: ArrayLike<number>,
): Float64Array {
  const scores = logPriors.slice();
  for (let place = 0; place < document.length; place++) {
    const token = document[place] as number;
    checkNumber('naive Bayes: token', token, vocabulary);
    for (let label = 0; label < scores.length; label++) {
      scores[label] = (scores[label] as number) + (logLikelihoods[label * vocabulary + token] as number);
    }
  }
  return scores;
}

/** The likeliest class of a document, of equally likely ones the first. */
export function classify(model: NaiveBayes, document: ArrayLike<number>): number {
  const scores = logJoint(model, document);
  return scores.reduce((best, score, label) => (score > (scores[best] as number) ? label : best), 0);
}

function checkNumber(name: string, value: number, size: number): void {
  if (!Number.isInteger(value) || value < 0 || value >= size) {
    throw new RangeError(`${name}: expected a whole number from 0 up to ${size - 1}, got ${value}`);
  }
}
