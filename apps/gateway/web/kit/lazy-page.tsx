import type { ComponentType } from 'preact';
import { Failed, Waiting } from './page-parts.js';
import { useLoaded } from './use-loaded.js';

/** A page whose script is fetched when it is first wanted: the map is most of it all. */
export function lazyPage<P>(
  load: () => Promise<ComponentType<P>>,
): (props: P) => preact.JSX.Element {
  return function LazyPage(props) {
    // A component is a function, which a setter of state would call.
    const loaded = useLoaded('', async () => ({ Page: await load() }));
    if (loaded.state === 'loading') return <Waiting />;
    if (loaded.state === 'failed') return <Failed again={loaded.again} />;
    const { Page } = loaded.value;
    return <Page {...(props as P & preact.Attributes)} />;
  };
}
