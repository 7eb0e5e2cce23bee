import { type Color, readableOn, readColor, showColor, textOn } from './color.js';

const CARD_LIGHT: Color = [255, 255, 255];
const CARD_DARK: Color = [26, 29, 35];

/**
 * Returns the stylesheet of a page in the color of the host. The color of the app is that of its own part, so that no app looks
 * like the host. spec/oauth/pages.spec.ts measures its contrasts.
 */
export function styleOf(color: string, appColor?: string): string {
  const brand = readColor(color) ?? [31, 79, 216];
  const app = appColor === undefined ? undefined : readColor(appColor);
  return `:root{color-scheme:light dark;${variables(brand, CARD_LIGHT)}${LIGHT}}
@media (prefers-color-scheme:dark){:root{${variables(brand, CARD_DARK)}${DARK}}}
${RULES}${app ? appRules(app) : ''}`;
}

/** Buttons have the brand’s color. Their edge has a contrast of 3 with the card, and links of 4.5: https://www.w3.org/TR/WCAG22/#non-text-contrast */
function variables(brand: Color, card: Color): string {
  return Object.entries({
    card,
    accent: brand,
    'on-accent': textOn(brand),
    'accent-edge': readableOn(card, brand, 3),
    link: readableOn(card, brand, 4.5),
  })
    .map(([name, value]) => `--${name}:${showColor(value)};`)
    .join('');
}

/** The app’s line on the page: an edge and a picture in its color. Its words stay in the color of text. */
function appRules(app: Color): string {
  const edge = (card: Color) => showColor(readableOn(card, app, 3));
  return `
.app{border-left:.25rem solid ${edge(CARD_LIGHT)};padding-left:.75rem}
.app .mark{background:${showColor(app)};color:${showColor(textOn(app))};border-color:${edge(CARD_LIGHT)}}
@media (prefers-color-scheme:dark){.app,.app .mark{border-color:${edge(CARD_DARK)}}}`;
}

const LIGHT =
  '--page:#f3f4f6;--text:#16181d;--soft:#555c69;--line:#e2e5ea;--edge:#868d99;--wrong:#a4161a;--wrong-card:#fdf1f0;--shadow:0 1px 2px rgb(16 24 40/.06),0 12px 32px rgb(16 24 40/.08)';
const DARK =
  '--page:#101216;--text:#eceef2;--soft:#a7aebb;--line:#2e333d;--edge:#6f7786;--wrong:#ffb3ad;--wrong-card:#3a1a1a;--shadow:0 0 0 1px #2a2f38';

const RULES = `*{box-sizing:border-box}
html{background:var(--page);color:var(--text);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;-webkit-text-size-adjust:100%}
body{margin:0;min-height:100vh;display:flex;flex-direction:column;align-items:center;padding:clamp(1rem,9vh,6rem) 1rem 1.5rem}
main{width:100%;max-width:27rem;background:var(--card);border-radius:1rem;box-shadow:var(--shadow);padding:2rem;overflow-wrap:anywhere}
.brand{display:flex;align-items:center;gap:.625rem;margin:0 0 1.5rem;font-weight:600;min-height:2.5rem;min-width:0;max-width:27rem;overflow-wrap:anywhere}
.brand img{height:2.5rem;max-width:10rem;object-fit:contain}
.mark{flex:none;display:inline-grid;place-items:center;width:2.5rem;height:2.5rem;border-radius:.625rem;background:var(--accent);color:var(--on-accent);border:1px solid var(--accent-edge);font-size:1.2rem;font-weight:650}
.app{display:flex;align-items:center;gap:.875rem;margin:0 0 1.25rem}
.app img{flex:none;width:3rem;height:3rem;border-radius:.75rem;object-fit:contain}
.app .mark{width:3rem;height:3rem;border-radius:.75rem;background:var(--page);color:var(--text);border:1px solid var(--line)}
.app p{margin:0;min-width:0}
.app strong{display:block;line-height:1.3}
.app p span{color:var(--soft);font-size:.9rem}
.app .verified{display:block;color:var(--link);font-weight:600}
h1{font-size:1.375rem;line-height:1.3;letter-spacing:-.01em;font-weight:650;margin:0;text-wrap:balance}
p{margin:.5rem 0 0}
.who{border-top:1px solid var(--line);margin-top:1rem;padding-top:.875rem;display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 1rem}
.soft{color:var(--soft);font-size:.925rem}
.lead{color:var(--soft);margin-top:.25rem}
a{color:var(--link);text-underline-offset:.15em}
form{margin:0}
label.field{display:block;font-weight:550;font-size:.925rem;margin:1.25rem 0 .375rem}
input.text{width:100%;font:inherit;color:inherit;background:transparent;border:1px solid var(--edge);border-radius:.625rem;padding:.625rem .75rem;min-height:2.875rem}
input.code{font:600 1.5rem/1.2 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;letter-spacing:.12em;text-align:center;text-transform:uppercase;padding:.75rem}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.buttons{display:flex;flex-direction:column;gap:.625rem;margin-top:1.75rem}
button{width:100%;font:inherit;font-weight:600;min-height:2.875rem;padding:.5rem 1rem;border-radius:.625rem;border:1px solid var(--edge);background:transparent;color:var(--text);cursor:pointer}
button.main{background:var(--accent);border-color:var(--accent-edge);color:var(--on-accent)}
button:hover{border-color:var(--text)}
button.main:hover{filter:brightness(.94)}
.problem{margin:1.25rem 0 0;padding:.75rem .875rem;border-radius:.625rem;background:var(--wrong-card);color:var(--wrong);font-size:.925rem}
fieldset{border:0;margin:1.5rem 0 0;padding:0;min-width:0}
legend{font-size:.95rem;font-weight:600;padding:0;margin:0 0 .5rem}
.choices{border:1px solid var(--line);border-radius:.75rem;max-height:14rem;overflow:auto}
.choices.all{max-height:none}
.choices label{display:flex;align-items:center;font-size:.95rem;gap:.625rem;padding:.625rem .875rem;cursor:pointer}
.choices label+label{border-top:1px solid var(--line)}
input[type=radio],input[type=checkbox]{accent-color:var(--accent-edge);width:1.125rem;height:1.125rem;margin:0;flex:none}
.notes{margin-top:1.25rem}
.notes p{margin:.25rem 0 0}
.shown{font:600 1.75rem/1.2 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;letter-spacing:.08em;text-align:center;padding:1rem;margin:1.25rem 0 0;border:1px solid var(--line);border-radius:.75rem}
.shown+p{margin-top:1rem}
.row{display:flex;flex-wrap:wrap;gap:.25rem 1rem}
footer{margin-top:1.5rem;font-size:.875rem;color:var(--soft);display:flex;flex-wrap:wrap;justify-content:center;gap:.25rem 1.25rem;max-width:27rem}
footer a{color:inherit}
@media (max-width:30rem){body{padding:0}main{max-width:none;border-radius:0;box-shadow:none;padding:1.5rem 1.25rem;flex:1}html{background:var(--card)}.brand{width:100%;margin:0;padding:1.25rem 1.25rem 0}footer{padding:1rem 1.25rem}}
@media (forced-colors:active){button.main,.mark{border:1px solid}}`;
