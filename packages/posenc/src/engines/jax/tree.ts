/** Lists and records of arrays, nested at will: the arguments and results of compiled functions. */
import { Array as JaxArrayClass, type numpy } from '@jax-js/jax';

/**
 * Applies a function to every array of a tree. Keys of records come out sorted, because jax-js compiles
 * `{ a, b }` and `{ b, a }` apart.
 *
 * @throws {TypeError} naming the path, when something is neither array, list nor record
 */
export function mapTree<Tree>(name: string, tree: Tree, f: (x: numpy.Array) => numpy.Array): Tree {
  return mapNode(name, tree, f) as Tree;
}

function mapNode(path: string, node: unknown, f: (x: numpy.Array) => numpy.Array): unknown {
  if (isJaxArray(node)) return f(node);
  if (Array.isArray(node)) return node.map((child, index) => mapNode(`${path}[${index}]`, child, f));
  if (!isRecord(node)) {
    const hint = node === undefined ? '; leave the key out' : '; bring numbers in with fromPlain';
    throw new TypeError(`${path}: expected an array of jax-js, a list or a record, got ${describe(node)}${hint}`);
  }
  const keys = Object.keys(node).sort();
  return Object.fromEntries(keys.map((key) => [key, mapNode(`${path}.${key}`, node[key], f)]));
}

/** Every array of a tree, in the order of sorted keys. */
export function leaves(name: string, tree: unknown): numpy.Array[] {
  const found: numpy.Array[] = [];
  mapTree(name, tree, (x) => {
    found.push(x);
    return x;
  });
  return found;
}

/** Arrays and tracers share everything but the class: jax-js exports only that of arrays, whose parent is the tracer. */
function isJaxArray(value: unknown): value is numpy.Array {
  const tracer: unknown = Object.getPrototypeOf(JaxArrayClass);
  return value instanceof (tracer as typeof JaxArrayClass);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function describe(value: unknown): string {
  return value === null || typeof value !== 'object' ? String(value) : (value.constructor?.name ?? 'an object');
}
