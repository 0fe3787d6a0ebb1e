/**
 * Kinds of numbers that other programs compute a layer with. All floats become float32 here, and whole numbers int32:
 * files of models that were trained in half or mixed precision are read, and computed more exactly.
 */
import { describe, fault } from '../engine/errors.js';
import { isObject } from '../engine/look.js';

const FLOATS = ['float16', 'bfloat16', 'float64', 'mixed_float16', 'mixed_bfloat16'];
const WHOLES = ['int8', 'int16', 'int64', 'uint8', 'uint16', 'uint32', 'uint64', 'bool'];

/**
 * The kind of numbers that a layer is computed with here, from its name or Keras' policy for it, `{ config: { name } }`.
 * What is neither is given back as it is.
 * @throws For policies of quantized layers, whose weights stand for others.
 */
export function dtypeIn(where: string, dtype: unknown): unknown {
  if (!isObject(dtype)) return dtypeNamed(dtype);
  const { class_name: className, config } = dtype as { class_name?: unknown; config?: { name?: unknown } };
  if (typeof className === 'string' && className !== 'DTypePolicy')
    throw fault(
      'value',
      `${where}: dtype: ${describe(className)}: quantized layers cannot be read; save the model before it is quantized`,
    );
  return dtypeNamed((isObject(config) ? config.name : undefined) ?? dtype);
}

function dtypeNamed(name: unknown): unknown {
  if (FLOATS.includes(name as string)) return 'float32';
  return WHOLES.includes(name as string) ? 'int32' : name;
}
