import type { Cursor } from "./cursor.ts";
import { readLength, readName, readUint32 } from "./cursor.ts";
import { corruptHeader, ModelError } from "./errors.ts";
import { alignUp } from "./gguf.ts";
import type { TensorInfo } from "./model.ts";
import type { TensorType } from "./tensorType.ts";
import { tensorBytesOf, tensorTypes, weightsCountOf } from "./tensorType.ts";

const mostDimensions = 4;

function checkType(name: string, typeId: number, rowWeights: number): TensorType {
  const type = tensorTypes.get(typeId);
  if (type === undefined) {
    const found = `Tensor ${name} is stored in type ${typeId}, which ggml does not have or has removed`;
    const message = `${found}. Quantize the model again with a current llama.cpp.`;
    throw new ModelError("unsupported-tensor-type", message, { facts: { name, typeId } });
  }
  if (rowWeights % type.blockWeights === 0) return type;
  throw corruptHeader(`Tensor ${name} has rows of ${rowWeights} weights, and ${type.name} packs ${type.blockWeights}`);
}

async function readDimensions(cursor: Cursor, name: string): Promise<number[]> {
  const count = await readUint32(cursor);
  if (count < 1 || count > mostDimensions) {
    throw corruptHeader(`Tensor ${name} has ${count} dimensions, and tensors have 1 to ${mostDimensions}`);
  }
  const dimensions: number[] = [];
  for (let index = 0; index < count; index++) dimensions.push(await readLength(cursor));
  const weightsCount = weightsCountOf(dimensions);
  if (weightsCount < 1 || !Number.isSafeInteger(weightsCount)) {
    throw corruptHeader(`Tensor ${name} has the impossible dimensions ${dimensions.join(" × ")}`, { dimensions });
  }
  return dimensions;
}

/** Reads one row of the table; its offset still counts from the end of the header. */
async function readTensor(cursor: Cursor): Promise<TensorInfo> {
  const name = await readName(cursor);
  const dimensions = await readDimensions(cursor, name);
  const type = checkType(name, await readUint32(cursor), dimensions[0] ?? 0);
  const offsetBytes = await readLength(cursor);
  return { name, dimensions, type: type.name, bytes: tensorBytesOf({ dimensions, type }), offsetBytes };
}

function checkTensor(tensor: TensorInfo, fileBytes: number): void {
  const end = tensor.offsetBytes + tensor.bytes;
  if (end <= fileBytes) return;
  throw new ModelError(
    "truncated",
    `Tensor ${tensor.name} ends at byte ${end}, but the file at byte ${fileBytes}. It is cut off: fetch it again.`,
    { facts: { name: tensor.name, neededBytes: end, fileBytes } },
  );
}

/**
 * Reads the table of tensors, with offsets from the beginning of the file, each checked to lie within it.
 * @throws {ModelError} `truncated`, `corrupt-header` or `unsupported-tensor-type`
 */
export async function readTensors(
  cursor: Cursor,
  count: number,
  alignmentBytes: number,
): Promise<readonly TensorInfo[]> {
  const rows = new Map<string, TensorInfo>();
  for (let index = 0; index < count; index++) {
    const tensor = await readTensor(cursor);
    if (rows.has(tensor.name)) throw corruptHeader(`Tensor ${tensor.name} stands twice in the header`);
    if (tensor.offsetBytes % alignmentBytes !== 0) {
      throw corruptHeader(`Tensor ${tensor.name} begins at ${tensor.offsetBytes}, not a multiple of ${alignmentBytes}`);
    }
    rows.set(tensor.name, tensor);
  }
  const dataOffsetBytes = alignUp(cursor.offset, alignmentBytes);
  const tensors = [...rows.values()].map((row) => ({ ...row, offsetBytes: dataOffsetBytes + row.offsetBytes }));
  for (const tensor of tensors) checkTensor(tensor, cursor.source.bytes);
  return tensors;
}
