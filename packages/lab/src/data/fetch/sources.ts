/** The kinds of places a data set can come from, each with what identifies its bytes. Knows no data set. */

/** A checksum of a whole file, in hexadecimal digits. */
export interface Checksum {
  readonly algorithm: 'sha256' | 'sha512';
  readonly digest: string;
}

/** A package of Debian, pinned by its place in the pool, its size and its checksum. */
export interface DebianPackage {
  readonly kind: 'debian-package';
  readonly name: string;
  readonly version: string;
  /** Place under the mirror. */
  readonly path: string;
  /** Size of the package. */
  readonly bytes: number;
  readonly sha256: string;
  /** The name of the file at snapshot.debian.org. */
  readonly sha1: string;
  /** What is taken out of it: a path, or a folder when it ends in a slash. */
  readonly keep: readonly string[];
}

/** A package of npm, pinned by its size and its checksum. */
export interface NpmPackage {
  readonly kind: 'npm-package';
  readonly name: string;
  readonly version: string;
  readonly bytes: number;
  /** As in `package-lock.json`: `sha512-` and base64. */
  readonly integrity: string;
  readonly keep: readonly string[];
}

/**
 * An index of a release of Debian. It changes with every point release, so it cannot be pinned: it is checked against
 * the checksums in the `Release` file of the same mirror.
 */
export interface DebianIndex {
  readonly kind: 'debian-index';
  readonly name: string;
  /** Codename of the release. */
  readonly codename: string;
  /** Place under `dists/<codename>/`, without the ending of a compression. */
  readonly path: string;
  /** Size of the download when this was written; only for foretelling. */
  readonly bytes: number;
  /** Name of the unpacked file. */
  readonly file: string;
}

export type Source = DebianPackage | NpmPackage | DebianIndex;
