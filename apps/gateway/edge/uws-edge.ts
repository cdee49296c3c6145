import { limits } from '#libs/contracts/limits.js';
import { setForLibrary } from '#libs/platform/config.js';

import type { EdgeApp, EdgeModule } from './edge.js';
import { checkUwsBinary } from './uws-binary.js';
import { withUtf8, writesTextWrongly } from './uws-text.js';
import { UwsTlsApp, type UwsTls } from './uws-tls-app.js';

/** The types of the library know listen() only without a host, or without options. */
type TypedApp = Omit<EdgeApp, 'listen'>;

interface AsTyped extends Omit<Library, 'App' | 'SSLApp'> {
  App(): TypedApp;
  SSLApp(options: { key_file_name: string; cert_file_name: string }): TypedApp;
}

type Library = UwsTls & Omit<EdgeModule, 'TlsApp'>;

/**
 * uWebSockets.js as the edge: its apps are the port's as they are. Rejects where the library has no
 * binary for this Node, where the C library is too old for it, or where the binary is not the one
 * that is pinned.
 */
export async function loadUwsEdge(): Promise<EdgeModule> {
  checkUwsBinary();
  // Newer builds would answer 431 to more than 4 KiB; they ask once, while they are loaded.
  setForLibrary('UWS_HTTP_MAX_HEADERS_SIZE', String(limits.edgeHeadBytesMax));
  const { default: module } = (await import('uWebSockets.js')) as unknown as LoadedCommonJs;
  const typed: AsTyped = module;
  const library = typed as Library;
  const mend = writesTextWrongly(process.versions.node) ? withUtf8 : asItIs;
  return {
    App: () => mend(library.App()),
    TlsApp: (files) => new UwsTlsApp(library, mend, files),
    us_listen_socket_close: (listener) =>
      listener instanceof UwsTlsApp
        ? listener.stopListening()
        : library.us_listen_socket_close(listener),
    us_socket_local_port: (listener) =>
      listener instanceof UwsTlsApp ? listener.port : library.us_socket_local_port(listener),
  };
}

const asItIs = (app: EdgeApp): EdgeApp => app;

interface LoadedCommonJs {
  readonly default: typeof import('uWebSockets.js');
}
