import { crc32, deflateSync, inflateSync } from "node:zlib";

/** A PNG of a page with the 256 colours that it has most, which is a third of the bytes. @param png of a browser: RGB or RGBA, 8 bits */
export function withPalette(png: Buffer): Buffer {
  const { width, height, bytes, pixels } = decoded(png);
  const counts = new Map<number, number>();
  const colourAt = (index: number) => pixels.readUIntBE(index * bytes, 3);
  for (let index = 0; index < width * height; index++)
    counts.set(colourAt(index), (counts.get(colourAt(index)) ?? 0) + 1);
  const palette = [...counts]
    .sort(([, one], [, other]) => other - one)
    .slice(0, 256)
    .map(([colour]) => colour);
  const nearest = new Map<number, number>();
  const rows = Buffer.alloc(height * (width + 1));
  for (let index = 0; index < width * height; index++) {
    const colour = colourAt(index);
    const known = nearest.get(colour) ?? nearestOf(palette, colour);
    nearest.set(colour, known);
    // Each row begins with its filter, and 0 is none.
    rows[Math.floor(index / width) * (width + 1) + 1 + (index % width)] = known;
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3], 8);
  return Buffer.concat([
    png.subarray(0, 8),
    chunk("IHDR", header),
    chunk("PLTE", Buffer.from(palette.flatMap(channels))),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function decoded(png: Buffer) {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const bytes = png[25] === 6 ? 4 : 3;
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    if (png.toString("latin1", at + 4, at + 8) === "IDAT") parts.push(png.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const filtered = inflateSync(Buffer.concat(parts));
  const stride = width * bytes;
  const pixels = Buffer.alloc(height * stride);
  for (let row = 0; row < height; row++)
    for (let column = 0; column < stride; column++) {
      const at = row * stride + column;
      const left = column < bytes ? 0 : (pixels[at - bytes] ?? 0);
      const up = row === 0 ? 0 : (pixels[at - stride] ?? 0);
      const corner = row === 0 || column < bytes ? 0 : (pixels[at - stride - bytes] ?? 0);
      const raw = filtered[row * (stride + 1) + 1 + column] ?? 0;
      pixels[at] = raw + predicted(filtered[row * (stride + 1)] ?? 0, left, up, corner);
    }
  return { width, height, bytes, pixels };
}

/** https://www.w3.org/TR/png-3/#9Filter-types */
function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return Math.floor((left + up) / 2);
  if (filter !== 4) return 0;
  const estimate = left + up - corner;
  const distances = [left, up, corner].map((one) => Math.abs(estimate - one));
  const [toLeft = 0, toUp = 0, toCorner = 0] = distances;
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

function nearestOf(palette: readonly number[], colour: number): number {
  const own = channels(colour);
  const distance = (other: number) =>
    channels(other).reduce((sum, one, index) => sum + (one - (own[index] ?? 0)) ** 2, 0);
  return palette.reduce((best, one, index) => {
    return distance(one) < distance(palette[best] ?? 0) ? index : best;
  }, 0);
}

function channels(colour: number): number[] {
  return [(colour >> 16) & 255, (colour >> 8) & 255, colour & 255];
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}
