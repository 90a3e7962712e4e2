/** `posenc`: the encodings and their contract. */
export type {
  AttentionContext,
  ContentEncoding,
  Costs,
  Encoding,
  EncodingContext,
  Initializer,
  InputEncoding,
  NoEncoding,
  OptionValue,
  ParameterDeclaration,
  QueryKeyEncoding,
  RandomSource,
  ScoresEncoding,
  Signals,
  StructureEncoding,
} from './encoding.ts';
export { initialize } from './encoding.ts';
export type { Positions } from './positions/positions.ts';
