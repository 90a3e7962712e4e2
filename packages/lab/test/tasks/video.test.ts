/** The task `video`: motion, questions that only the order of frames answers, and a person's own clips. */
import { float64Operations } from 'posenc/tensor';
import { describe, expect, test } from 'vitest';
import { planComparison } from '../../src/comparison/plan.ts';
import type { Clip } from '../../src/data/pictures/clip.ts';
import { createRandom } from '../../src/data/random.ts';
import { buildModel } from '../../src/model/build.ts';
import { initializeParameters } from '../../src/model/parameters.ts';
import { cutFrames, frameKinds, reverseFrames, shuffleFrames } from '../../src/tasks/pictures/clip-orders.ts';
import { video } from '../../src/tasks/pictures/video.ts';
import type { Batch, EvaluationSet, PreparedTask } from '../../src/tasks/task.ts';
import { batchInputs, batchSignals } from '../../src/training/inputs.ts';
import { modelShapeOf } from '../../src/training/run.ts';
import { folderWith, npyBytes, numberedPng } from '../fixtures/pictures/folders.ts';

const direction = video.prepare({ testExamples: 24 });
const order = video.prepare({ question: 'order', testExamples: 24 });
const next = video.prepare({ question: 'next', testExamples: 24 });
const sizes = { model: { modelDim: 16, numHeads: 4, feedForwardDim: 24, encoderLayers: 2, decoderLayers: 0 } };

/** Pixel of a clip of digits on its torus of 24 × 24: 16 patches of 6 × 6 a frame. */
function pixel({ source }: Batch, clip: number, frame: number, row: number, column: number): number {
  const { data, length } = source as NonNullable<Batch['source']>;
  const [y, x] = [(row + 240) % 24, (column + 240) % 24];
  const patch = (frame * 4 + Math.floor(y / 6)) * 4 + Math.floor(x / 6);
  return data[(clip * length + patch) * 36 + (y % 6) * 6 + (x % 6)] as number;
}

/** Each frame of an example as text. */
function framesOf({ source }: Batch, example: number): string[] {
  const { data, length } = source as NonNullable<Batch['source']>;
  const size = 16 * 36;
  return Array.from({ length: length / 16 }, (_, frame) => {
    const start = example * length * 36 + frame * size;
    return (data as Float32Array).subarray(start, start + size).join();
  });
}

function onlyBatch(prepared: PreparedTask, bucket = 0): Batch {
  return (prepared.evaluation('test', 96)[bucket] as EvaluationSet).batches[0] as Batch;
}

/** Pixels (down, right) by which each frame is the one before, moved; undefined if it is not. */
function motionOf(batch: Batch, clip: number, frames: number): readonly [number, number] | undefined {
  const moves = [
    [0, 7],
    [0, -7],
    [7, 0],
    [-7, 0],
  ] as const;
  return moves.find(([down, right]) => {
    for (let frame = 1; frame < frames; frame += 1) {
      for (let place = 0; place < 576; place += 1) {
        const [row, column] = [Math.floor(place / 24), place % 24];
        if (pixel(batch, clip, frame, row, column) !== pixel(batch, clip, frame - 1, row - down, column - right))
          return false;
      }
    }
    return true;
  });
}

/** Right, left, down, up. */
const LABELLED = [
  [0, 7],
  [0, -7],
  [7, 0],
  [-7, 0],
];

describe('moving digits', () => {
  test('every frame is the one before, moved by seven pixels in the labelled direction', async () => {
    const batch = (await direction).trainingBatch(24, createRandom(1, 'clips').uniform);
    expect(new Set(batch.labels).size).toBe(4);
    for (let clip = 0; clip < 24; clip += 1)
      expect(motionOf(batch, clip, 4)).toEqual(LABELLED[batch.labels[clip] as number]);
  });

  test('in tests, too, also in longer clips', async () => {
    const batch = onlyBatch(await direction, 3);
    for (let clip = 0; clip < 8; clip += 1)
      expect(motionOf(batch, clip, 8)).toEqual(LABELLED[batch.labels[clip] as number]);
  });

  test.each([
    ['direction', () => direction],
    ['order', () => order],
    ['next', () => next],
  ] as const)('%s: pairs show the same frames in another order and have different answers', async (_, prepared) => {
    for (const bucket of [0, 3]) {
      const batch = onlyBatch(await prepared(), bucket);
      for (let pair = 0; pair < 12; pair += 1) {
        const [one, other] = [framesOf(batch, 2 * pair), framesOf(batch, 2 * pair + 1)];
        expect(other).not.toEqual(one);
        expect(other.sort()).toEqual(one.sort());
        expect(batch.labels[2 * pair]).not.toBe(batch.labels[2 * pair + 1]);
      }
    }
  });

  test('a clip in order moves steadily; a shuffled one does not, whichever way it is played', async () => {
    const { trainingBatch } = await order;
    for (const batch of [onlyBatch(await order), trainingBatch(24, createRandom(2, 'clips').uniform)]) {
      expect(new Set(batch.labels)).toEqual(new Set([0, 1]));
      batch.labels.forEach((label, clip) => {
        // A motion one way is a motion the other way when played backwards.
        expect(motionOf(batch, clip, 4) !== undefined).toBe(label === 0);
      });
    }
  });

  test('next: the answer is the cell in which the middle of the digit goes on', async () => {
    const { trainingBatch, output } = await next;
    expect(output).toEqual({ kind: 'class', classes: 16 });
    const batch = trainingBatch(32, createRandom(3, 'clips').uniform);
    for (let clip = 0; clip < 32; clip += 1) {
      const [down, right] = motionOf(batch, clip, 4) as readonly [number, number];
      const label = batch.labels[clip] as number;
      // The digit of 12 × 12 pixels around some middle of that cell, one step back, is all there is in the last frame.
      const middles = Array.from(
        { length: 36 },
        (_, at) => [6 * Math.floor(label / 4) + Math.floor(at / 6), 6 * (label % 4) + (at % 6)] as const,
      );
      const fits = middles.some(([middleRow, middleColumn]) => {
        const [top, left] = [middleRow - down - 6, middleColumn - right - 6];
        let ink = 0;
        let inside = 0;
        for (let row = 0; row < 24; row += 1) {
          for (let column = 0; column < 24; column += 1) {
            const value = pixel(batch, clip, 3, top + row, left + column);
            ink += value;
            if (row < 12 && column < 12) inside += value;
          }
        }
        return Math.abs(ink - inside) < 1e-4;
      });
      expect(fits).toBe(true);
    }
  });

  test('a model without positions answers the same to both of a pair, so is right at most half of the time', async () => {
    for (const prepared of [await direction, await order, await next]) {
      const batch = onlyBatch(prepared);
      const { model } = buildModel('none', modelShapeOf(sizes, prepared), prepared.maximumLength);
      const inputs = { ...batchInputs(batch, 'encoder'), signals: batchSignals(model, batch) };
      const { data, shape } = model.forward(float64Operations, initializeParameters(model, 5), inputs);
      const classes = shape[1] as number;
      for (let pair = 0; pair < batch.size / 2; pair += 1) {
        for (let at = 0; at < classes; at += 1) {
          const start = 2 * pair * classes + at;
          expect(data[start]).toBeCloseTo(data[start + classes] as number, 12);
        }
      }
      for (const { orderBlind, scores } of prepared.baselines) {
        if (orderBlind === true) for (const { accuracy } of Object.values(scores)) expect(accuracy).toBe(0.5);
      }
    }
  });

  test('samples are clips with their frames', async () => {
    const prepared = await direction;
    const [{ bucket, examples }] = prepared.evaluation('test', 96) as [EvaluationSet];
    const samples = prepared.samples?.(bucket, { kind: 'classes', classes: new Int32Array(examples) }) ?? [];
    expect(samples).toHaveLength(8);
    const [first] = samples;
    if (first?.kind !== 'picture') throw new TypeError('expected a picture');
    expect([first.frames, first.height, first.width, first.patch, first.answer]).toEqual([4, 24, 24, 6, 'right']);
    expect(first.expected).toBe(['right', 'left', 'down', 'up'][onlyBatch(prepared).labels[0] as number]);
    expect(Buffer.from(first.pixels, 'base64')[24 * 13 + 7]).toBe(
      Math.round(255 * pixel(onlyBatch(prepared), 0, 0, 13, 7)),
    );
    expect(prepared.portrait?.source?.slice(15, 18)).toEqual(['0,3,3', '1,0,0', '1,0,1']);
  });
});

test('the default encodings fit the default model', async () => {
  const { runs, leftOut } = await planComparison({ task: video, taskOptions: { testExamples: 4 }, seeds: [0] });
  expect(runs.map(({ encoding }) => encoding)).toEqual(video.defaults.encodings);
  expect(leftOut).toEqual([]);
});

describe('orders of frames', () => {
  const clip = (...frames: number[]): Clip => {
    return { frames: frames.length, height: 1, width: 1, channels: 1, pixels: Uint8Array.from(frames) };
  };
  const { uniform } = createRandom(4, 'orders');

  test('frames that show the same have the number of the first', () => {
    expect(frameKinds(clip(5, 7, 5, 7, 9))).toEqual([0, 1, 0, 1, 4]);
  });

  test('a shuffle is neither forwards nor backwards, and each other order comes up', () => {
    const found = new Set(Array.from({ length: 200 }, () => shuffleFrames(clip(1, 2, 3), uniform).pixels.join('')));
    expect([...found].sort()).toEqual(['132', '213', '231', '312']);
    expect(() => shuffleFrames(clip(1, 2, 1), () => 0.999)).toThrow(/three frames that differ/);
  });

  test('backwards and cuts', () => {
    expect([...reverseFrames(clip(1, 2, 3)).pixels]).toEqual([3, 2, 1]);
    expect([...cutFrames(clip(1, 2, 3, 4), 1, 2).pixels]).toEqual([2, 3]);
  });
});

describe('own clips', () => {
  /** Clips of 4 or more frames in two classes, which grow brighter or darker; no two are equal. */
  const folder = (lengthOf: (clip: number) => number, more: Record<string, Buffer> = {}): string => {
    const files = ['up', 'down'].flatMap((name, kind) =>
      Array.from({ length: 40 }, (_, at) =>
        Array.from({ length: lengthOf(at) }, (_, frame) => {
          const color = kind === 0 ? 10 + 20 * frame : 230 - 20 * frame;
          return [`${name}/${at}/${frame}.png`, numberedPng(at, { color })] as const;
        }),
      ).flat(),
    );
    return folderWith({ ...Object.fromEntries(files), ...more });
  };
  const options = { patch: 4, testExamples: 100 };

  test('are classes by default, trained on whole, and described', async () => {
    const prepared = await video.prepare({ data: folder(() => 4), ...options });
    expect(prepared.evaluation('test', 100).map(({ bucket, examples }) => [bucket, examples])).toEqual([
      [{ label: '4', minimum: 4, maximum: 4, trained: true }, 16],
    ]);
    expect(prepared.extents).toEqual([4, 2, 2]);
    expect(prepared.data).toMatchObject({
      format: 'folders of frames by class',
      rows: 80,
      lengths: { unit: 'frames', minimum: 4, maximum: 4 },
      trainedLength: { maximum: 4, limit: 4, chosenBy: 'the longest training clip' },
      classes: [
        { label: 'down', count: 40 },
        { label: 'up', count: 40 },
      ],
    });
    expect(prepared.data?.tooLong).toBeUndefined();
    expect(prepared.notes[0]).toMatch(/give --trained-frames to test on longer ones than trained/);
    const blind = prepared.baselines.find(({ orderBlind }) => orderBlind === true);
    expect(blind?.scores['4']?.accuracy).toBeGreaterThan(0.9);
  });

  test('trainedFrames cuts stretches for training, counts them, and tests whole clips too', async () => {
    const data = folder((clip) => (clip % 2 === 0 ? 4 : 9));
    const prepared = await video.prepare({ data, ...options, trainedFrames: 4 });
    const sets = prepared.evaluation('test', 100);
    expect(sets.map(({ bucket }) => bucket)).toEqual([
      { label: '4', minimum: 4, maximum: 4, trained: true },
      { label: '9', minimum: 9, maximum: 9, trained: false },
    ]);
    expect(sets[0]?.examples).toBe(16);
    expect(prepared.data?.tooLong).toEqual({ count: 40, action: 'windowed' });
    const starts = new Set<number>();
    const { source } = prepared.trainingBatch(200, createRandom(5, 'windows').uniform);
    expect(source?.length).toBe(16);
    for (let at = 0; at < 200; at += 1) {
      const bright = (frame: number): number =>
        Math.round(255 * (source?.data[(at * 16 + frame * 4 + 3) * 16 + 15] as number));
      const [first, second] = [bright(0), bright(1)];
      expect(Math.abs(second - first)).toBe(20);
      starts.add(second > first ? (first - 10) / 20 : (230 - first) / 20);
    }
    expect([...starts].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('shorter clips in a bucket are padded, and say how long they are', async () => {
    const prepared = await video.prepare({ data: folder((clip) => 4 + (clip % 3)), ...options });
    const [{ bucket, batches }] = prepared.evaluation('test', 100) as [EvaluationSet];
    expect(bucket).toEqual({ label: '4–6', minimum: 4, maximum: 6, trained: true });
    const [{ source }] = batches as readonly [Batch];
    expect(source?.length).toBe(24);
    expect(new Set(source?.lengths)).toEqual(new Set([16, 20, 24]));
  });

  test.each(['order', 'backwards'])('%s needs no classes, and asks about every test clip twice', async (question) => {
    const clips = Array.from({ length: 80 * 4 * 16 }, (_, at) => (at % 64 < 16 ? Math.floor(at / 64) : at % 251));
    const data = folderWith({ 'v.npy': npyBytes([80, 4, 4, 4], clips) });
    const prepared = await video.prepare({ data: `${data}/v.npy`, question, ...options });
    const [{ examples, batches }] = prepared.evaluation('test', 100) as [EvaluationSet];
    expect(examples).toBe(32);
    expect([...(batches[0]?.labels ?? [])]).toEqual(Array.from({ length: 100 }, (_, at) => (at < 32 ? at % 2 : 1)));
    expect(prepared.baselines.map(({ name }) => name)).toEqual(['bag-of-frames']);
    expect(prepared.data?.classes).toBeUndefined();
    const [a, b] = [0, 1].map((at) => {
      const [{ source }] = batches as readonly [Batch];
      const { data: values, length } = source as NonNullable<Batch['source']>;
      return Array.from({ length }, (_, frame) =>
        values.subarray((at * length + frame) * 16, (at * length + frame + 1) * 16).join(),
      );
    }) as [string[], string[]];
    if (question === 'backwards') expect(b).toEqual(a.toReversed());
    else expect(b.toSorted()).toEqual(a.toSorted());
    expect(b).not.toEqual(a);
  });

  test('clips that cannot be asked about are refused', async () => {
    const still = { 'up/still/1.png': numberedPng(1), 'up/still/2.png': numberedPng(1) };
    const single = { 'up/single/1.png': numberedPng(1) };
    const there = { ...still, 'up/still/3.png': numberedPng(2), 'up/still/4.png': numberedPng(2) };
    const message = (data: string, question: string) => video.prepare({ data, question, ...options });
    await expect(
      message(
        folder(() => 4, single),
        'class',
      ),
    ).rejects.toThrow(/up\/single: expected at least 2 frames, got 1/);
    await expect(
      message(
        folder(() => 4, there),
        'order',
      ),
    ).rejects.toThrow(/up\/still: expected at least 3 frames that differ/);
    await expect(
      message(
        folder(() => 4, still),
        'backwards',
      ),
    ).rejects.toThrow(/up\/still: it shows the same forwards and backwards/);
  });

  test('wrong options are errors', async () => {
    const data = folder(() => 4);
    await expect(video.prepare({ data, question: 'direction' })).rejects.toThrow(
      /--question: expected one of class, order, backwards/,
    );
    await expect(video.prepare({ question: 'backwards' })).rejects.toThrow(
      /--question: expected one of direction, order, next/,
    );
    await expect(video.prepare({ trainedFrames: 3 })).rejects.toThrow(/--trained-frames: expected --data beside it/);
    await expect(video.prepare({ testExamples: 7 })).rejects.toThrow(
      /--test-examples: expected an even number, two of each clip/,
    );
    await expect(video.prepare({ data, patch: 3 })).rejects.toThrow(
      /video: patches: expected a divisor of 8, got 3; give another --patch/,
    );
    await expect(video.prepare({ data, patch: 1, resize: 64 })).rejects.toThrow(
      /at most 1024 patches, got 4 frames of 64 × 64/,
    );
    await expect(video.prepare({ patch: 5 })).rejects.toThrow(/expected a divisor of 24, got 5/);
  });
});
