/** Published models' positional settings by name, as specifications of the registry, with their source. */
import { suggestion } from '../numbers/suggestion.ts';

/** The positions of a published model. */
export interface Preset {
  /** `llama-3.1`. */
  readonly name: string;
  /** As its authors write it. */
  readonly title: string;
  /** For `createEncodings`, several encodings joined by `+`. */
  readonly specification: string;
  /** Width of one head; for images also the grid it was trained with. */
  readonly headDim: number;
  readonly numHeads: number;
  readonly extents?: readonly number[];
  readonly attention: 'causal' | 'bidirectional';
  /** The longest input its authors publish these settings for; often longer than what it was trained on. */
  readonly contextLength?: number;
  readonly source: string;
  /** What the specification does not say. */
  readonly note?: string;
}

const HF = 'of Hugging Face transformers 5.23.0';
/** As published: two decimals as float32 has them for inputs beyond 4096 tokens, and less exactly for the others. */
const phi = {
  shortFactors: [
    1, 1.0199999809265137, 1.0299999713897705, 1.0299999713897705, 1.0499999523162842, 1.0499999523162842,
    1.0499999523162842, 1.0499999523162842, 1.0499999523162842, 1.0699999332427979, 1.0999999046325684,
    1.1099998950958252, 1.1599998474121094, 1.1599998474121094, 1.1699998378753662, 1.2899998426437378,
    1.339999794960022, 1.679999828338623, 1.7899998426437378, 1.8199998140335083, 1.8499997854232788,
    1.8799997568130493, 1.9099997282028198, 1.9399996995925903, 1.9899996519088745, 2.0199997425079346,
    2.0199997425079346, 2.0199997425079346, 2.0199997425079346, 2.0199997425079346, 2.0199997425079346,
    2.0299997329711914, 2.0299997329711914, 2.0299997329711914, 2.0299997329711914, 2.0299997329711914,
    2.0299997329711914, 2.0299997329711914, 2.0299997329711914, 2.0299997329711914, 2.0799996852874756,
    2.0899996757507324, 2.189999580383301, 2.2199995517730713, 2.5899994373321533, 2.729999542236328, 2.749999523162842,
    2.8399994373321533,
  ].join('/'),
  longFactors: [
    1.08, 1.11, 1.14, 1.34, 1.59, 1.6, 1.62, 2.62, 3.23, 3.23, 4.79, 7.4, 7.7, 9.09, 12.2, 17.67, 24.46, 28.57, 30.42,
    30.84, 32.59, 32.93, 42.32, 44.96, 50.34, 50.45, 57.55, 57.93, 58.21, 60.14, 62.61, 62.62, 62.71, 63.14, 63.14,
    63.77, 63.93, 63.96, 63.97, 64.03, 64.07, 64.08, 64.12, 64.41, 64.48, 64.51, 64.53, 64.84,
  ]
    .map(Math.fround)
    .join('/'),
};

/** All presets, from texts to pictures. */
export const presets: readonly Preset[] = [
  language('llama-2', 'Llama 2', 'rotary', 128, 32, 4096, 'arXiv 2307.09288'),
  language('llama-3', 'Llama 3', 'rotary:base=500000', 128, 32, 8192, 'arXiv 2407.21783'),
  language('llama-3.1', 'Llama 3.1', 'rotary:base=500000:scaling=llama3:factor=8', 128, 32, 131072, 'arXiv 2407.21783'),
  language('llama-3.2', 'Llama 3.2', 'rotary:base=500000:scaling=llama3:factor=32', 64, 32, 131072, 'its config.json'),
  {
    ...language(
      'llama-4-scout',
      'Llama 4 Scout',
      'rotary:base=500000:pairing=interleaved:scaling=llama3:factor=16:lowFrequencyFactor=1:highFrequencyFactor=1' +
        ':layers=not-4n+attention-temperature:schedule=llama4:layers=4n',
      128,
      40,
      10485760,
      'meta-llama/llama-models at a9c89c4, models/llama4/args.py',
    ),
    note: 'Layers with rotary attend within chunks of 8192; trained on inputs of up to 256K.',
  },
  language('mistral-7b', 'Mistral 7B v0.1', 'rotary', 128, 32, 8192, 'arXiv 2310.06825'),
  {
    ...language(
      'ministral-3',
      'Ministral 3',
      'rotary:base=1000000:scaling=yarn:factor=16:originalLength=16384:mscale=1:mscaleAllDim=1' +
        '+attention-temperature:schedule=ministral:length=16384',
      128,
      32,
      262144,
      `defaults of Ministral3Config ${HF}`,
    ),
  },
  {
    ...language(
      'qwen-2.5-yarn',
      'Qwen 2.5, stretched by YaRN',
      'rotary:base=1000000:scaling=yarn:factor=4:originalLength=32768',
      128,
      28,
      131072,
      'the Qwen 2.5 model cards',
    ),
    note: 'Stretched on request only; as published, rotary:base=1000000 up to 32768.',
  },
  language('qwen-3', 'Qwen 3', 'rotary:base=1000000', 128, 32, 32768, 'arXiv 2505.09388'),
  {
    ...language(
      'deepseek-v3',
      'DeepSeek-V3',
      'rotary:pairing=interleaved:scaling=yarn:factor=40:originalLength=4096:mscale=1:mscaleAllDim=1' +
        `+attention-temperature:schedule=constant:factor=${(0.1 * Math.log(40) + 1) ** 2}`,
      64,
      128,
      131072,
      'arXiv 2412.19437, its README (128K) and its config.json',
    ),
    note:
      'These 64 channels stand beside 128 without positions; the key’s are shared by all heads. Its config.json ' +
      'allows 163840 positions, 40 times 4096.',
  },
  language(
    'phi-3.5-mini',
    'Phi-3.5-mini, 128k',
    `rotary:scaling=longrope:factor=32:originalLength=4096:shortFactors=${phi.shortFactors}:longFactors=${phi.longFactors}`,
    96,
    32,
    131072,
    'its config.json',
  ),
  {
    ...language(
      'gpt-oss',
      'gpt-oss',
      'rotary:base=150000:scaling=yarn:factor=32:originalLength=4096:truncate=false+attention-sinks',
      64,
      64,
      131072,
      `defaults of GptOssConfig ${HF}`,
    ),
    note: 'Every second layer attends to the last 128 tokens only.',
  },
  {
    ...language(
      'gemma-3',
      'Gemma 3',
      'rotary:layers=not-6n+rotary:base=1000000:scaling=linear:factor=8:layers=6n',
      256,
      8,
      131072,
      'arXiv 2503.19786',
    ),
    note: 'Layers with base 10000 attend to the last 1024 tokens; the 1B model is not stretched.',
  },
  {
    ...language(
      'command-a',
      'Command A',
      'rotary:base=50000:pairing=interleaved:layers=not-4n',
      128,
      96,
      131072,
      `arXiv 2504.00698; Cohere2Attention ${HF}`,
    ),
    note:
      'Layers with rotary attend to the last 4096 tokens; every fourth has no positions. Base and heads are those of ' +
      'a port of its weights: its config.json is gated and not verified.',
  },
  {
    ...language(
      'smollm3',
      'SmolLM3',
      'rotary:base=5000000:layers=not-4n',
      128,
      16,
      65536,
      'huggingface.co/blog/smollm3',
    ),
    note:
      'The base of its last stage; 1500000 was that up to 32768. YaRN doubles the length at inference. The default ' +
      'of SmolLM3Config, 2000000, is neither.',
  },
  language(
    'gpt-j',
    'GPT-J 6B',
    'rotary:rotaryDim=64:pairing=interleaved',
    256,
    16,
    2048,
    `defaults of GPTJConfig ${HF}`,
  ),
  language('gpt-neox', 'GPT-NeoX 20B', 'rotary:rotaryDim=24', 96, 64, 2048, 'arXiv 2204.06745, rotary_pct 0.25'),
  language('bloom', 'BLOOM', 'alibi', 128, 112, 2048, 'arXiv 2211.05100'),
  language('mpt-7b', 'MPT 7B', 'alibi', 128, 32, 2048, `MptConfig ${HF}, alibi_bias_max 8`),
  language('gpt-2', 'GPT-2', 'learned:maximumPositions=1024', 64, 12, 1024, `defaults of GPT2Config ${HF}`),
  {
    ...language(
      'inkling-2026',
      'Inkling',
      'inkling:extent=512:profiles=16:layers=not-6n+inkling:extent=1024:profiles=16:layers=6n' +
        '+attention-temperature:schedule=inkling:length=128000:layers=6n',
      128,
      64,
      1048576,
      `text_config of thinkingmachines/Inkling’s config.json; InklingAttention ${HF}`,
    ),
    note:
      'Five of six layers attend to the last 512 tokens, which is their extent, and have no temperature. Scores are ' +
      'divided by headDim.',
  },
  encoder('bert', 'BERT', 'learned:maximumPositions=512', 64, 12, 512, 'arXiv 1810.04805'),
  encoder('t5-small', 'T5 small', 't5', 64, 8, 512, 'arXiv 1910.10683'),
  encoder('deberta-v3', 'DeBERTa-v3', 'deberta:buckets=256:maximumDistance=512', 64, 12, 512, 'arXiv 2111.09543'),
  {
    ...encoder(
      'modernbert',
      'ModernBERT',
      'rotary:base=160000:layers=0/3/6/9/12/15/18/21+rotary:layers=1/2/4/5/7/8/10/11/13/14/16/17/19/20',
      64,
      12,
      8192,
      `arXiv 2412.13663; defaults of ModernBertConfig ${HF}`,
    ),
    note: 'Layers with base 10000 attend to the 128 tokens around; the larger model has 28 layers.',
  },
  encoder('xlnet', 'XLNet', 'transformer-xl', 64, 16, 512, 'arXiv 1906.08237'),
  {
    ...encoder(
      'whisper',
      'Whisper (encoder)',
      'sinusoidal:layout=halves:exponent=tensor2tensor',
      64,
      6,
      1500,
      `arXiv 2212.04356; sinusoids ${HF}`,
    ),
    note: 'Its decoder has a learned table of 448 rows.',
  },
  encoder('wav2vec2', 'wav2vec 2.0', 'convolutional:kernel=128:groups=16', 64, 12, undefined, 'arXiv 2006.11477'),
  vision('vit-b-16', 'ViT-B/16', 'learned-grid:classToken=true', 64, 12, [14, 14], 'arXiv 2010.11929'),
  vision('mae', 'MAE', 'sinusoidal-grid:layout=reversed', 64, 12, [14, 14], 'arXiv 2111.06377'),
  {
    ...vision(
      'detr',
      'DETR',
      'sinusoidal-grid:layout=interleaved:offset=1:normalize=true',
      32,
      8,
      [25, 34],
      'arXiv 2005.12872',
    ),
    note: 'Added to queries and keys of every layer there, once before the first here.',
  },
  vision('beit-b-16', 'BEiT-B/16', 'beit', 64, 12, [14, 14], 'arXiv 2106.08254'),
  vision('swin-t', 'Swin-T', 'swin', 32, 3, [7, 7], 'arXiv 2103.14030'),
  vision('swin-v2-t', 'Swin v2-T', 'swin-v2', 32, 3, [8, 8], 'arXiv 2111.09883'),
  vision('sam', 'SAM (image encoder)', 'learned-grid+decomposed', 64, 12, [64, 64], 'arXiv 2304.02643'),
  vision('pixtral', 'Pixtral (vision)', 'axial-rotary:spectrum=shared', 64, 16, [64, 64], 'arXiv 2410.07073'),
  vision('dinov3', 'DINOv3', 'axial-rotary:coordinates=centered:base=100', 64, 6, [14, 14], 'arXiv 2508.10104'),
  {
    ...vision('qwen2-vl', 'Qwen2-VL', 'multimodal-rotary:sections=16/24/24', 128, 28, [8, 16, 16], 'arXiv 2409.12191'),
    attention: 'causal',
    note: 'Positions from multimodalPositions.',
  },
  {
    ...vision(
      'qwen3-vl',
      'Qwen3-VL',
      'multimodal-rotary:sections=24/20/20:order=interleaved:base=5000000',
      128,
      32,
      [8, 16, 16],
      'arXiv 2511.21631 and its config.json',
    ),
    attention: 'causal',
    note: 'Positions from multimodalPositions, a video as one grid per frame with the text of its timestamp before.',
  },
];

/**
 * The preset of that name.
 *
 * @throws {RangeError} when there is none, naming the nearest
 */
export function findPreset(name: string): Preset {
  const found = presets.find((preset) => preset.name === name);
  if (found !== undefined) return found;
  const names = presets.map((preset) => preset.name);
  throw new RangeError(`preset: expected one of ${names.join(', ')}, got ${name}${suggestion(name, names)}`);
}

function language(
  name: string,
  title: string,
  specification: string,
  headDim: number,
  numHeads: number,
  contextLength: number | undefined,
  source: string,
): Preset {
  const context = contextLength === undefined ? {} : { contextLength };
  return { name, title, specification, headDim, numHeads, attention: 'causal', ...context, source };
}

function encoder(...of: Parameters<typeof language>): Preset {
  return { ...language(...of), attention: 'bidirectional' };
}

function vision(
  name: string,
  title: string,
  specification: string,
  headDim: number,
  numHeads: number,
  extents: readonly number[],
  source: string,
): Preset {
  return { name, title, specification, headDim, numHeads, extents, attention: 'bidirectional', source };
}
