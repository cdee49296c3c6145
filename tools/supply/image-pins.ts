/** The digest that a registry has for an image, `sha256:...`; null = it does not say. */
export type AskDigest = (image: string) => Promise<string | null>;

const named =
  /^(\s*(?:FROM|image:) +)([a-z0-9._/-]+:[A-Za-z0-9._-]+)(@sha256:[0-9a-f]{64})?(?= |$)/gm;
const digestForm = /^sha256:[0-9a-f]{64}$/;

/** Images of others that a Dockerfile or a compose file names, once each; our own have no tag. */
export function imagesIn(text: string): { readonly image: string; readonly pinned: boolean }[] {
  const found = [...text.matchAll(named)].map(([, , image, digest]) => ({
    image,
    pinned: digest !== undefined,
  }));
  return found.filter(({ image }, at) => found.findIndex((one) => one.image === image) === at);
}

/**
 * The same text with each tag followed by the digest that it has today. The tag stays for people:
 * with a digest beside it nobody looks at it. Rejects when a digest cannot be had: none is guessed,
 * and a file is pinned whole or not at all.
 */
export async function pinImages(text: string, ask: AskDigest): Promise<string> {
  const digests = new Map<string, string>();
  for (const { image } of imagesIn(text)) {
    const digest = await ask(image);
    if (digest === null || !digestForm.test(digest)) throw new Error(`no digest of ${image}`);
    digests.set(image, digest);
  }
  return text.replace(named, (_all, head: string, image: string) => {
    return `${head}${image}@${String(digests.get(image))}`;
  });
}
