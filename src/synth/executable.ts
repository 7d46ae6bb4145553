/** What the first bytes of a file say it is. */
export type Executable =
  | { readonly kind: "elf"; readonly architecture: "x86_64" | "arm64" | "other" }
  | { readonly kind: "script" }
  | { readonly kind: "foreign"; readonly system: "macOS" | "Windows" }
  | { readonly kind: "none" };

/** e_machine. https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html */
const machines = new Map([
  [62, "x86_64"],
  [183, "arm64"],
] as const);

export function executableOf(content: Uint8Array): Executable {
  const bytes = Buffer.from(content.buffer, content.byteOffset, Math.min(content.byteLength, 64));
  const magic = bytes.toString("latin1", 0, 4);
  if (magic === "\x7fELF" && bytes.length >= 20) {
    const isLittle = bytes[5] === 1;
    const machine = isLittle ? bytes.readUInt16LE(18) : bytes.readUInt16BE(18);
    return { kind: "elf", architecture: (isLittle && machines.get(machine as 62 | 183)) || "other" };
  }
  if (magic.startsWith("#!")) return { kind: "script" };
  if (magic.startsWith("MZ")) return { kind: "foreign", system: "Windows" };
  const isMach = ["\xcf\xfa\xed\xfe", "\xce\xfa\xed\xfe", "\xca\xfe\xba\xbe"].includes(magic);
  return isMach ? { kind: "foreign", system: "macOS" } : { kind: "none" };
}
