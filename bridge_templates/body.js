// Reads a webhook's body with a cap that holds whatever the sender says about its length.

/** The raw bytes as `{bytes}`, or `{status, reason}` for a body that is too large or of another content type. */
export async function readBody(request, cap) {
  const type = (request.headers.get("content-type") ?? "").split(";")[0].trim().toLowerCase();
  if (type !== "" && type !== "application/json") return { status: 415, reason: "content-type" };
  const tooLarge = { status: 413, reason: "too-large" };
  if (Number(request.headers.get("content-length") ?? 0) > cap) return tooLarge;
  const bytes = new Uint8Array(cap);
  let length = 0;
  if (request.body !== null) {
    const reader = request.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (length + value.length > cap) {
        await reader.cancel();
        return tooLarge;
      }
      bytes.set(value, length);
      length += value.length;
    }
  }
  return { bytes: bytes.subarray(0, length) };
}
