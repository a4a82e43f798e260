/** Which version this is, and of what. */

declare const COIL_VERSION: string;

/** Version of Coil itself; the bundler puts in what package.json says. */
export const ownVersion: string = COIL_VERSION;

/** The level of the API that this offers, then the own version: PEP 440 and semver at once. */
export const version = `0.29.5+coil.${ownVersion}`;

/** Version of the binary interface that extension modules are built for. */
export const abiVersion = "2025_0";

export const pythonVersion: readonly [number, number, number] = [3, 13, 15];

export const SITE_PACKAGES = "/lib/python3.13/site-packages";
