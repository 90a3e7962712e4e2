/** The engines that must give the same numbers. To add one, add a line to `engines`. */
import {
  fromPlain,
  initializeJax,
  type JaxArray,
  type JaxDevice,
  jaxOperations,
  jit,
  tidy,
  toPlain,
  valueAndGradient,
} from 'posenc/jax';
import {
  type EngineFunction,
  filled,
  float64Operations,
  type PlainTensor,
  type ValueAndGradient,
  valueAndGradient as valueAndGradientInFloat64,
} from 'posenc/tensor';
import { tolerances } from './close.ts';

type PlainTensors = Readonly<Record<string, PlainTensor>>;

/** An engine under test: plain tensors go in and come out. */
export interface Engine {
  readonly name: string;
  readonly tolerance: { readonly forward: number; readonly gradient: number };
  /** Makes the engine ready; throws, saying why, where it is absent. */
  start(): Promise<void>;
  /** `f` called as it stands, operation by operation. */
  evaluate(f: EngineFunction, parameters: PlainTensors): PlainTensor;
  /**
   * `f` and the gradient of Σ cotangent · f with respect to its real parameters, compiled where the engine compiles.
   * Without a cotangent, that of Σ f: its constant ones take another way through a compiler than a cotangent given.
   */
  differentiate(f: EngineFunction, parameters: PlainTensors, cotangent?: PlainTensor): ValueAndGradient;
}

export const engines: readonly Engine[] = [float64Engine(), jaxEngine('wasm'), jaxEngine('webgpu')];

function float64Engine(): Engine {
  return {
    name: 'float64',
    tolerance: tolerances.float64,
    start: async () => {},
    evaluate: (f, parameters) => f(float64Operations, parameters),
    differentiate: (f, parameters, cotangent) =>
      valueAndGradientInFloat64(f, parameters, cotangent ?? filled(f(float64Operations, parameters).shape, 1)),
  };
}

function jaxEngine(device: JaxDevice): Engine {
  return {
    name: `jax on ${device}`,
    tolerance: tolerances.float32,
    start: () => initializeJax(device),
    evaluate: (f, parameters) =>
      readResults(() => ({ value: f(jaxOperations, mapRecord(parameters, fromPlain)) })).value as PlainTensor,
    differentiate: (f, parameters, cotangent) => {
      const fixed = filterRecord(parameters, ({ type }) => type === 'integer');
      const moving = filterRecord(parameters, ({ type }) => type === 'real');
      const program = jit((inner: JaxTensors, others: JaxTensors, weights: readonly JaxArray[]) => {
        const value = f(jaxOperations, { ...inner, ...others });
        const { gradients } = valueAndGradient((again: JaxTensors) => {
          const inside = f(jaxOperations, { ...again, ...others });
          const weighted = weights.reduce((x, weight) => jaxOperations.multiply(x, weight), inside);
          return jaxOperations.sum(jaxOperations.reshape(weighted, [weighted.size]), 0);
        })(inner);
        return { value, gradients };
      });
      const { value, ...gradients } = readResults(() => {
        const weights = cotangent === undefined ? [] : [fromPlain(cotangent)];
        const results = program(mapRecord(moving, fromPlain), mapRecord(fixed, fromPlain), weights);
        return { ...results.gradients, value: results.value };
      });
      program.dispose();
      return { value: value as PlainTensor, gradients };
    },
  };
}

type JaxTensors = Readonly<Record<string, JaxArray>>;

/** Runs on jax-js and reads what comes out, leaving nothing behind. */
function readResults(f: () => JaxTensors): PlainTensors {
  const read: Record<string, PlainTensor> = {};
  tidy(() => {
    for (const [name, x] of Object.entries(f())) read[name] = toPlain(x);
    return {};
  });
  return read;
}

function mapRecord<From, To>(record: Readonly<Record<string, From>>, f: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, f(value)]));
}

function filterRecord<Value>(
  record: Readonly<Record<string, Value>>,
  keep: (value: Value) => boolean,
): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => keep(value)));
}
