import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The part of the Emscripten module that is used here. */
interface EspeakModule {
  arguments: string[];
  print: (line: string) => void;
  printErr: (line: string) => void;
  instantiateWasm: (imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) => object;
  preRun: (() => void)[];
  postRun: () => void;
  FS?: {
    writeFile(path: string, text: string): void;
    readFile(path: string): Uint8Array;
    unmount(path: string): void;
  };
}

// text2wav's own entry compiles 0.8 MB of WebAssembly anew for each call; this drives the same program compiled once.
const library = join(dirname(require.resolve("text2wav")), "lib");
const espeak = require(join(library, "espeak-ng.js")) as (module: EspeakModule) => unknown;
const compiled = new WebAssembly.Module(readFileSync(join(library, "espeak-ng.wasm")));

const EVENTS = ["uncaughtException", "unhandledRejection"] as const;

/** Each run of an Emscripten program adds listeners to the process that hold its whole memory and end the process. */
const withoutNewListeners = (work: () => void): void => {
  const before = EVENTS.map((event) => new Set<unknown>(process.listeners(event as "uncaughtException")));
  work();
  EVENTS.forEach((event, index) => {
    for (const listener of process.listeners(event as "uncaughtException")) {
      if (!before[index]?.has(listener)) process.removeListener(event, listener);
    }
  });
};

export interface Pcm {
  readonly samples: Int16Array;
  /** Hz */
  readonly rate: number;
}

const readWav = (wav: Uint8Array): Pcm => {
  const view = new DataView(wav.buffer, wav.byteOffset, wav.byteLength);
  const HEADER = 44;
  const samples = new Int16Array(Math.floor((wav.byteLength - HEADER) / 2));
  for (let i = 0; i < samples.length; i += 1) samples[i] = view.getInt16(HEADER + i * 2, true);
  return { samples, rate: view.getUint32(24, true) };
};

/** Speaks a text with espeak-ng: 16-bit mono. Markup is followed if `ssml`, else read as it stands. */
export const espeakSay = (text: string, voice: string, ssml: boolean): Promise<Pcm> =>
  new Promise((resolve, reject) => {
    const said: string[] = [];
    const module: EspeakModule = {
      // The text goes in as a file: as an argument, a text that begins with a hyphen would be taken for an option.
      arguments: ["-w", "out.wav", "-v", voice, "-b", "1", ...(ssml ? ["-m"] : []), "-f", "in.txt"],
      print: () => undefined,
      printErr: (line) => said.push(line),
      instantiateWasm: (imports, done) => {
        WebAssembly.instantiate(compiled, imports).then(done, reject);
        return {};
      },
      preRun: [() => module.FS?.writeFile("in.txt", text)],
      postRun: () => {
        try {
          module.FS?.unmount("/usr/share");
          const wav = module.FS?.readFile("out.wav");
          if (!wav || wav.byteLength < 44) throw new Error(`espeak-ng said nothing: ${said.join(" ")}`);
          resolve(readWav(wav));
        } catch (error) {
          reject(error);
        }
      },
    };
    withoutNewListeners(() => espeak(module));
  });
