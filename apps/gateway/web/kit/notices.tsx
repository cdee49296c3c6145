import { useCallback, useState } from 'preact/hooks';

/** One sentence at a time for those who see and those who hear; it stays until the next. */
export function useNotice(first = ''): readonly [text: string, say: (text: string) => void] {
  const [text, setText] = useState(first);
  const say = useCallback((next: string) => setText(next), []);
  return [text, say];
}

export const Notice = ({ text }: { readonly text: string }) => (
  <p class={text === '' ? 'notice notice-none' : 'notice'} role="status">
    {text}
  </p>
);
