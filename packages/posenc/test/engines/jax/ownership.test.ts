import {
  dispose,
  fromPlain,
  initializeJax,
  type JaxArray,
  jaxOperations,
  jit,
  tidy,
  toPlain,
  valueAndGradient,
} from 'posenc/jax';
import { tensor } from 'posenc/tensor';
import { beforeAll, describe, expect, test } from 'vitest';

const { add, matmul, multiply, reshape, sum, take, maximum, log, sigmoid } = jaxOperations;
const vector = () => fromPlain(tensor([3], [1, 2, 3]));

beforeAll(() => initializeJax());

test('operations leave their arguments alive and hold no reference to them', () => {
  const x = fromPlain(tensor([2, 2], [1, 2, 3, 4]));
  const rows = fromPlain(tensor([3], [1, 0, 1], 'integer'));
  tidy(() => {
    const results = [add(x, x), maximum(x, 0), log(x), sigmoid(x), matmul(x, x), take(x, rows), multiply(rows, 0.5)];
    for (const result of results) toPlain(result);
    return {};
  });
  expect([x.refCount, rows.refCount]).toEqual([1, 1]);
  dispose([x, rows]);
});

describe('tidy', () => {
  test('frees what is made inside and keeps what is returned', () => {
    let inner: JaxArray | undefined;
    const kept = tidy(() => {
      inner = vector();
      return { total: sum(inner, 0), nested: [add(inner, 1)] };
    });
    expect(() => (inner as JaxArray).ref).toThrow();
    expect(toPlain(kept.total).data).toEqual(Float64Array.of(6));
    expect(kept.total.refCount).toBe(1);
    dispose(kept);
  });

  test('frees what is made inside when the function throws', () => {
    let inner: JaxArray | undefined;
    expect(() =>
      tidy(() => {
        inner = vector();
        throw new Error('by intent');
      }),
    ).toThrow('by intent');
    expect(() => (inner as JaxArray).ref).toThrow();
  });

  test('hands its results to the tidy around it', () => {
    let inner: JaxArray | undefined;
    tidy(() => {
      inner = tidy(() => add(vector(), 1));
      expect(toPlain(inner).data).toEqual(Float64Array.of(2, 3, 4));
      return {};
    });
    expect(() => (inner as JaxArray).ref).toThrow();
  });

  test('frees once what an operation hands through', () => {
    const x = vector();
    tidy(() => ({ same: reshape(x, [3]), again: reshape(reshape(x, [3]), [3]) }).same).dispose();
    expect(x.refCount).toBe(1);
    x.dispose();
  });

  test('returns an argument with a reference of its own', () => {
    const x = vector();
    const same = tidy(() => x);
    expect(x.refCount).toBe(2);
    same.dispose();
    expect(toPlain(x).data).toEqual(Float64Array.of(1, 2, 3));
    x.dispose();
  });

  test('names what is no array, by its path', () => {
    expect(() => tidy(() => Promise.resolve(1))).toThrow(/tidy: result: expected an array.*, got Promise/);
    expect(() => tidy(() => ({ loss: [vector(), 3] }))).toThrow(/tidy: result.loss\[1\]: .* got 3; .*fromPlain/);
  });
});

describe('jit', () => {
  test('borrows its arguments and gives its results to the caller', () => {
    const program = jit(({ x, y }: { x: JaxArray; y: JaxArray }) => ({ total: add(x, y), again: x }));
    const [x, y] = [vector(), vector()];
    const result = program({ x, y });
    expect(toPlain(result.total).data).toEqual(Float64Array.of(2, 4, 6));
    dispose(result);
    expect([x.refCount, y.refCount]).toEqual([1, 1]);
    dispose([x, y, []]);
    program.dispose();
  });

  test('traces once for each set of shapes, whatever the order of keys', () => {
    let traces = 0;
    const program = jit(({ x, y }: { x: JaxArray; y: JaxArray }) => {
      traces++;
      return multiply(x, y);
    });
    const column = fromPlain(tensor([3, 1], [1, 2, 3]));
    const [x, y] = [vector(), vector()];
    tidy(() => [program({ x, y }), program({ y: x, x: y }), program({ x, y })]);
    expect(traces).toBe(1);
    tidy(() => [program({ x, y: column }), program({ y: column, x })]).map(dispose);
    expect(traces).toBe(2);
    dispose([x, y, column]);
    program.dispose();
  });

  test('returns constants made inside, at every call', () => {
    const program = jit((x: JaxArray) => [fromPlain(tensor([2], [7, 8])), add(x, 1)]);
    const x = vector();
    for (let call = 0; call < 3; call++) {
      tidy(() => {
        const [constant] = program(x);
        expect(toPlain(constant as JaxArray).data).toEqual(Float64Array.of(7, 8));
        return {};
      });
    }
    x.dispose();
    program.dispose();
  });

  test('works inside another jit', () => {
    const inner = jit((x: JaxArray) => multiply(x, 2));
    const outer = jit((x: JaxArray) => add(inner(x), inner(x)));
    const x = vector();
    const y = outer(x);
    expect(toPlain(y).data).toEqual(Float64Array.of(4, 8, 12));
    dispose([x, y]);
    outer.dispose();
    inner.dispose();
  });

  test('names an argument that is no array, by its path', () => {
    const program = jit((inputs: unknown) => (inputs as { x: JaxArray }).x);
    expect(() => program({ x: undefined })).toThrow(/jit: argument 0.x: .* got undefined; leave the key out/);
    expect(() => program({ x: null })).toThrow(TypeError);
    expect(() => program(3)).toThrow(/jit: argument 0: .* got 3/);
  });

  test('allows no reading of values inside', () => {
    const x = vector();
    const program = jit((y: JaxArray) => fromPlain(toPlain(y)));
    expect(() => program(x)).toThrow(/toPlain: .* being traced; read it outside jit/);
    x.dispose();
  });
});

describe('valueAndGradient', () => {
  test('throws outside jit', () => {
    const x = fromPlain(tensor([], [2]));
    expect(() => valueAndGradient((y: JaxArray) => multiply(y, y))(x)).toThrow(/inside jit/);
    x.dispose();
  });

  test('throws when there are several numbers', () => {
    const x = vector();
    const program = jit((y: JaxArray) => valueAndGradient((z: JaxArray) => multiply(z, z))(y));
    expect(() => program(x)).toThrow(/valueAndGradient: expected one number, got shape \[3\]/);
    x.dispose();
  });

  test('keeps lists and records, and passes other arguments on', () => {
    const program = jit((parameters: { w: JaxArray; list: JaxArray[] }, x: JaxArray) =>
      valueAndGradient(({ w, list }: { w: JaxArray; list: JaxArray[] }, factor: JaxArray) =>
        sum(multiply(multiply(w, list[0] as JaxArray), factor), 0),
      )(parameters, x),
    );
    const parameters = { w: vector(), list: [vector()] };
    const x = fromPlain(tensor([3], [1, 10, 100]));
    const { value, gradients } = program(parameters, x);
    expect(toPlain(value)).toEqual(tensor([], [941]));
    expect(toPlain(gradients.w).data).toEqual(Float64Array.of(1, 20, 300));
    expect(toPlain(gradients.list[0] as JaxArray).data).toEqual(Float64Array.of(1, 20, 300));
    dispose([parameters, x, value, gradients]);
    program.dispose();
  });
});
