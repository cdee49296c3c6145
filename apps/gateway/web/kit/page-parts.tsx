import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { texts } from '../texts/texts.js';
import { cameFromPage } from './router.js';

/** The heading of a page: it has the focus after a change of page, and names the window. */
export function Heading({ children, title }: HeadingProps) {
  const ref = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${texts.brand}`;
  }, [title]);
  useEffect(() => {
    if (cameFromPage() && document.activeElement === document.body) {
      ref.current?.focus({ preventScroll: true });
    }
  }, []);
  return (
    <h1 ref={ref} tabIndex={-1}>
      {children ?? title}
    </h1>
  );
}

interface HeadingProps {
  readonly title: string;
  readonly children?: ComponentChildren;
}

export const Waiting = () => (
  <p class="quiet-text waiting" role="status">
    {texts.loading}
  </p>
);

/** What could not be loaded, and the way on. */
export const Failed = ({ again }: { readonly again: () => void }) => (
  <div class="empty" role="alert">
    <h2>{texts.failed}</h2>
    <button type="button" onClick={again}>
      {texts.again}
    </button>
  </div>
);

export const Empty = ({ title, text, children }: EmptyProps) => (
  <div class="empty">
    {title !== '' && <h2>{title}</h2>}
    <p>{text}</p>
    {children}
  </div>
);

interface EmptyProps {
  readonly title: string;
  readonly text: string;
  readonly children?: ComponentChildren;
}
