// The few globals beyond the language that every host of the engine has (Node, Electron, a browser's worker).
declare const performance: { now(): number };
declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}
declare class TextDecoder {
  decode(bytes: Uint8Array): string;
}
