/**
 * The same small package made by `dpkg-deb` 1.21.22 (liblzma 5.4.1) with each compression of its members:
 * `dpkg-deb --root-owner-group -Zxz --build tiny`, SOURCE_DATE_EPOCH=0. It holds `usr/share/tiny/words.txt`, one line,
 * `usr/share/tiny/odd.bin`, the single byte 1, and `usr/share/doc/tiny/copyright`.
 */
import { Buffer } from 'node:buffer';

const bytes = (...lines: readonly string[]): Buffer => Buffer.from(lines.join(''), 'base64');

export const madeByDpkg: Readonly<Record<'xz' | 'zstd' | 'gzip', Buffer>> = {
  xz: bytes(
    'ITxhcmNoPgpkZWJpYW4tYmluYXJ5ICAgMCAgICAgICAgICAgMCAgICAgMCAgICAgMTAwNjQ0ICA0ICAgICAgICAgYAoyLjAKY29udHJvbC50YXIu',
    'eHogIDAgICAgICAgICAgIDAgICAgIDAgICAgIDEwMDY0NCAgMjg4ICAgICAgIGAK/Td6WFoAAATm1rRGBMDeAYBQIQEWAAAAAAAAAKvSyhvgJ/8A',
    '1l0AFwu8HH0BlcAdSj55Fb94+k2ePc5M6nMbu0dOjn0Gi9X/vyaEOIV1g0aBLJruq20gUkgZ9hT2JlPCr3XVukNcpTwhIbSsFS1AAsNjw7rTpJU8',
    'r3C4T+8ZP2U0i95AgYV3jW7MSZTwNYUrqDbqTkcIRKHmc9VIubkH4ZYvVGiH6ReZr5nFWE4Ay21iCCJ7V88wUnk5PQUehyFEQ9WYUyss22ZkekDn',
    'ptWRvPIz4ZLB5Sn3zu/erWYt7m4Aft4E0Sd68f5XAbqqdmroGueDXs4oK2SVAfEDPAAAAIH8ctQHVI7SAAH6AYBQAACZX9nLscRn+wIAAAAABFla',
    'ZGF0YS50YXIueHogICAgIDAgICAgICAgICAgIDAgICAgIDAgICAgIDEwMDY0NCAgMzI4ICAgICAgIGAK/Td6WFoAAATm1rRGBMCHAoBQIQEWAAAA',
    'AAAAALiKXS/gJ/8A/10AFwu8HH0BlcAdSj55Fb94+k2ePc5M6nMbu0dOjn0Gi9X/vyaEOIV1g0aBLJruq3AqwjRasMOhuXhXtafBb3509Eg02bpG',
    '7LfCWokDbjvu4qFC0dsf1QjaFNY2WqMTkXr8UH65QFffvssjBQvqCLV+gX5Tn252KKgkTfehBw+dG19Eswr+KLadXg9mcORjSq1atAaQt5qE73b7',
    'Xshbyz50MAKK83MY17e21G8VfK91E6Q3uHZSKEZoYSTuAb/t5T8BvnA8KXCJkJeUuRnjq8DOo5+WWIIsbCEdcvc2SSuzNeO8UuyKT3yEoEcLKdYq',
    'l4GVpq5ik3JEBVAkR+Us7tkAAAAoAwDzcuJIsAABowKAUAAAdnz4p7HEZ/sCAAAAAARZWg==',
  ),
  zstd: bytes(
    'ITxhcmNoPgpkZWJpYW4tYmluYXJ5ICAgMCAgICAgICAgICAgMCAgICAgMCAgICAgMTAwNjQ0ICA0ICAgICAgICAgYAoyLjAKY29udHJvbC50YXIu',
    'enN0IDAgICAgICAgICAgIDAgICAgIDAgICAgIDEwMDY0NCAgMjExICAgICAgIGAKKLUv/WQAJy0GADKKIR5QS+uDJpIvZohmkzHDWmKxvhHam30+',
    'iRU0Yya7CCkn8nMK2g7/i/MWeeAAKN6I39LAHjgAJrRJaIQu0OUMHXvoGMF5j+liZ77xu4XmAichFiVdsF10PjgNdK+LFcbQmMFqJspIKRGV9jiQ',
    'fO0PuxUov9tT1dlHJpWmoZBkN3dXqWR3NwsUFwCEI+dgbyMCBWli5TL+AEENjGAVM3lnBRDoCoXzpcFeATgwIQ1QMBQOgPADkA5W/HwAKwA4Vi7j',
    'ExgC7nreDApkYXRhLnRhci56c3QgICAgMCAgICAgICAgICAgMCAgICAgMCAgICAgMTAwNjQ0ICAyNTMgICAgICAgYAootS/9ZAAnfQcA0skeGnCl',
    '1QFU76rKplJWvneoegFgp3k79u//dx9JQrPkF3lKcxQmDhZjV3WgHgpnCwiccys9MnEg7O8qIfIQ0NA8PghE3pRlaltirFUDgGci+21aCyWRq1pL',
    'oddw2yZUzMGgq7GnSRF0Su2exZg5VIqUNUVtc3/5v+v+v6ATLCBAAxEpbR39rw+0VxeZOrLDAe6w0RseFU49eseqBB0O2IvvlgWJOjICeKvSdEL8',
    '1xMGlAMGmAZgrFQAzE0VWNV0uD0OevCoxKd6rkoGKPJGJQeqpJ2qDvgo8IGT0igVAw4IP5gOVvyDFUwccxmfyhDuzk7fCg==',
  ),
  gzip: bytes(
    'ITxhcmNoPgpkZWJpYW4tYmluYXJ5ICAgMCAgICAgICAgICAgMCAgICAgMCAgICAgMTAwNjQ0ICA0ICAgICAgICAgYAoyLjAKY29udHJvbC50YXIu',
    'Z3ogIDAgICAgICAgICAgIDAgICAgIDAgICAgIDEwMDY0NCAgMjIxICAgICAgIGAKH4sIAAAAAAACA+3Rz0rEMBAG8JzzFPMCdptl00IRcWGviifv',
    'McY1GDPLdBbdt7f0pvjnYgXh+8HwBTLM5WtWZnHtpPd+zsnH/OTdd35tyJs/cBw1CJERZv1u76f/f6pZRa4qXBbuv9tsvuzf+e59/86tfW+oRf+L',
    'uwnxKezTQJrryd4mGTPXgVzTnjm7lfiYNUU9yrQRSrFXIVedJslA13zH9yc6r3NeptfwfCipYdlf2F0ao+SDzsf0hekhlzRaAwAAAAAAAAAAAAAA',
    'AAAAAAAAv+gNPIiJ3gAoAAAKZGF0YS50YXIuZ3ogICAgIDAgICAgICAgICAgIDAgICAgIDAgICAgIDEwMDY0NCAgMjY5ICAgICAgIGAKH4sIAAAA',
    'AAACA+3WQW6EIBTGcbrtKTiBgPDgBD2II5MOyRQMYtq5fU1XE9NOk2ZE236/DSa6++c9bARbnZw5oo9ztjw/eXaWWsaJVTCNpcucs5xSufXdd+9/',
    'qUZMYxY766+ksRr96/UfT10+iv30V2QJ/Wv396kX++jfao39v0n/EuJFbN5fa4X5365/n4ZLDs+ncr/+1piv+yu76E+tmftL9F/dMB3Ooec+vXQh',
    'PjL4Z67nf43d/8P7n0hi/2/SP3nfHEK8d/+b+1+q5f3vnMP+r+EBKxD7/3r+X1P2Y1PeSsX5b5f73xiN+a/iKfLjmQ85xD4MIeEPEAAAAAAAAADg',
    'j3kHluweaAAoAAAK',
  ),
};
