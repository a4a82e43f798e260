/** Files of the distribution on a web server. */

import { type AssetSource, type CompiledAsset, compileBytes } from "../assets.js";

/**
 * A source that fetches from below `base`, a URL that ends with a slash; `places` are the URLs of
 * files that are elsewhere, by name.
 */
export function webAssets(
  base: string,
  places: Readonly<Record<string, string>> = {},
): AssetSource {
  const locate = (name: string): string => places[name] ?? new URL(name, base).href;
  return {
    locate,
    read: async (name) => bytesOf(await request(locate(name))),
    sha256: async (bytes) => {
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
      return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
    },
    compile: async (name) => compileResponse(await request(locate(name))),
  };
}

async function request(url: string): Promise<Response> {
  const response = await fetch(url);
  if (!response.ok) {
    throw new Error(`the server answered ${response.status} ${response.statusText}`);
  }
  return response;
}

async function bytesOf(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await response.arrayBuffer());
}

/** Compiles while the bytes arrive; they are kept for the check that follows. */
async function compileResponse(response: Response): Promise<CompiledAsset> {
  const copy = response.clone();
  const streamed = WebAssembly.compileStreaming(response).catch(() => undefined);
  const bytes = await bytesOf(copy);
  // Streaming also fails when the server sends a wrong Content-Type, which does not matter here.
  return { bytes, module: streamed.then((module) => module ?? compileBytes(bytes)) };
}
