// International domain names to ASCII: lower case, NFC and Punycode (RFC 3492).
const [base, tMin, tMax, skew, damp] = [36, 1, 26, 38, 700];

function adapt(delta, count, first) {
  delta = first ? Math.floor(delta / damp) : delta >> 1;
  delta += Math.floor(delta / count);
  let k = 0;
  for (; delta > ((base - tMin) * tMax) >> 1; k += base) {
    delta = Math.floor(delta / (base - tMin));
  }
  return k + Math.floor(((base - tMin + 1) * delta) / (delta + skew));
}

const digit = (value) => String.fromCharCode(value < 26 ? value + 97 : value + 22);

function punycode(label) {
  const codes = Array.from(label, (it) => it.codePointAt(0));
  const basic = codes.filter((it) => it < 0x80);
  let output = String.fromCodePoint(...basic) + (basic.length > 0 ? '-' : '');
  let [n, delta, bias, handled] = [128, 0, 72, basic.length];
  while (handled < codes.length) {
    const next = Math.min(...codes.filter((it) => it >= n));
    delta += (next - n) * (handled + 1);
    n = next;
    for (const code of codes) {
      if (code < n) {
        delta++;
      }
      if (code === n) {
        let q = delta;
        for (let k = base; ; k += base) {
          const t = k <= bias ? tMin : k >= bias + tMax ? tMax : k - bias;
          if (q < t) {
            break;
          }
          output += digit(t + ((q - t) % (base - t)));
          q = Math.floor((q - t) / (base - t));
        }
        output += digit(q);
        bias = adapt(delta, handled + 1, handled === basic.length);
        delta = 0;
        handled++;
      }
    }
    delta++;
    n++;
  }
  return output;
}

/** The ASCII form; undefined if a label is too long. */
function domainToASCII(domain) {
  const labels = domain
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\u00ad/g, '')
    .split(/[.\u3002\uff0e\uff61]/)
    .map((label) => (/^[\0-\x7f]*$/.test(label) ? label : `xn--${punycode(label)}`));
  return labels.some((label) => label.length > 63 && label.startsWith('xn--')) ? undefined : labels.join('.');
}

module.exports = { domainToASCII };
