/** The only exception that this reader throws; `code` is of §8. */
export class ReadError extends Error {
  constructor(code, detail) {
    super(detail ? `${code}: ${detail}` : code);
    this.name = "ReadError";
    this.code = code;
  }
}

export function malformed(detail) {
  throw new ReadError("malformed", detail);
}
