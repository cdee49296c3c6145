import { render } from 'preact';
import { App } from './app.js';
import { findHolds, watchOtherTabs } from './holds/hold-store.js';
import { language } from './texts/texts.js';

document.documentElement.lang = language;
watchOtherTabs();
void findHolds();
const root = document.getElementById('app');
if (root !== null) render(<App />, root);
