import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { texts } from '../texts/texts.js';
import { cameFromPage, paths } from './router.js';

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

/** Whoever waits longer wants to know that the page has not stopped. */
const slowMs = 3_000;

export function Waiting() {
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), slowMs);
    return () => clearTimeout(timer);
  }, []);
  return (
    <p class="quiet-text waiting" role="status">
      {isSlow ? texts.slow : texts.loading}
    </p>
  );
}

/** What could not be loaded, and the way on. */
export const Failed = ({ again, isMissing = false, isPart = false }: FailedProps) =>
  isMissing ? (
    <div class="narrow">
      <Heading title={texts.noEvent} />
      <Empty title="" text={texts.noEventText}>
        <a class="button" href={paths.events}>
          {texts.toEvents}
        </a>
      </Empty>
    </div>
  ) : (
    <div class="empty" role="alert">
      {isPart ? <h2>{texts.failed}</h2> : <Heading title={texts.failed} />}
      <p>{texts.failedText}</p>
      <button type="button" onClick={again}>
        {texts.again}
      </button>
    </div>
  );

interface FailedProps {
  readonly again: () => void;
  /** There is no such event: asking again would not help. */
  readonly isMissing?: boolean;
  /** Of a page that has a heading. */
  readonly isPart?: boolean;
}

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
