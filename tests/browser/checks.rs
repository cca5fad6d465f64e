//! What holds of every page, in a browser.

use std::fs;

use serde_json::Value;

use crate::Stage;
use crate::webdriver::Session;

/// Fails where anything was asked of another host, where a request failed, or where the console complained.
pub fn check_what_was_loaded(stage: &Stage, session: &Session<'_>) {
    check_loaded_from(&stage.demo.address, session);
}

/// The same of a portal of a test's own. Gives what was asked of it.
pub fn check_loaded_from(address: &str, session: &Session<'_>) -> Vec<Value> {
    let own = format!("{address}/");
    let mut asked = Vec::new();
    for entry in session.log("performance") {
        let event: Value = serde_json::from_str(entry["message"].as_str().unwrap()).unwrap();
        let event = &event["message"];
        if event["method"] == "Network.requestWillBeSent" {
            let url = event["params"]["request"]["url"].as_str().unwrap();
            let is_local = url.starts_with(&own) || !["http", "ws", "ftp"].iter().any(|scheme| url.starts_with(scheme));
            assert!(is_local, "a request left this server: {url}");
            asked.push(event["params"].clone());
        }
    }
    // What the developer tools recommend is no complaint; nor that a form came back with what is missing (422).
    let is_form = |entry: &Value| entry["message"].as_str().is_some_and(|said| said.contains("status of 422"));
    let is_complaint = |entry: &Value| entry["level"] != "INFO" && entry["level"] != "DEBUG" && !is_form(entry);
    let complaints: Vec<_> = session.log("browser").into_iter().filter(is_complaint).collect();
    assert!(complaints.is_empty(), "the console says: {complaints:?}");
    asked
}

/// Fails where the page is wider than the window, and names what sticks out.
pub fn check_width(session: &Session<'_>, page: &str) {
    let script = "
        const width = document.documentElement.clientWidth;
        const scrolled = document.documentElement.scrollWidth;
        if (scrolled <= width) return null;
        const out = [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > width + 0.5);
        return `${scrolled} > ${width}: ` + out.slice(0, 5).map(e => e.outerHTML.slice(0, 120)).join(' | ');";
    assert_eq!(session.run(script, &[]), Value::Null, "{page} scrolls sideways");
}

/// Fails where a field, a link, a button or a picture has no name that a screen reader could say.
pub fn check_names(session: &Session<'_>, page: &str) {
    let script = "
        const named = e => (e.labels && [...e.labels].some(l => l.textContent.trim())) || e.getAttribute('aria-label') ||
            e.textContent.trim() || (e.tagName === 'IMG' && e.hasAttribute('alt'));
        const all = document.querySelectorAll('input:not([type=hidden]), select, textarea, button, a[href], img, summary');
        return [...all].filter(e => !named(e)).map(e => e.outerHTML.slice(0, 120));";
    assert_eq!(session.run(script, &[]), Value::Array(Vec::new()), "{page}: things without a name");
}

/// Fails where text is too faint against what is behind it: below 4.5 to 1, or 3 to 1 for large letters (WCAG AA).
pub fn check_contrast(session: &Session<'_>, page: &str) {
    let script = r"
        const parse = c => { const n = c.match(/[\d.]+/g).map(Number); return n.length < 4 ? [...n, 1] : n; };
        const over = (a, b) => [0, 1, 2].map(i => a[i] * a[3] + b[i] * (1 - a[3])).concat(1);
        const light = c => { const [r, g, b] = c.map(v => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
            return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
        const dark = matchMedia('(prefers-color-scheme: dark)').matches;
        const behind = e => { const all = []; for (; e; e = e.parentElement) all.push(parse(getComputedStyle(e).backgroundColor));
            return all.reverse().reduce((below, c) => over(c, below), dark ? [18, 18, 18, 1] : [255, 255, 255, 1]); };
        const faint = new Set();
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
            const e = walker.currentNode.parentElement;
            if (!walker.currentNode.data.trim() || !e.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
            const box = e.getBoundingClientRect();
            if (box.width <= 1 || box.height <= 1) continue;
            const style = getComputedStyle(e), back = behind(e), front = over(parse(style.color), back);
            const [a, b] = [light(front), light(back)].sort((x, y) => y - x);
            const ratio = (a + 0.05) / (b + 0.05), size = parseFloat(style.fontSize);
            const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
            if (ratio < (large ? 3 : 4.5)) faint.add(`${ratio.toFixed(2)} ${style.color} on ${back}: ${e.outerHTML.slice(0, 100)}`);
        }
        return [...faint];";
    assert_eq!(session.run(script, &[]), Value::Array(Vec::new()), "{page}: text that is hard to read");
}

/// Keeps a picture of the page, where pictures are wanted.
pub fn keep_shot(stage: &Stage, session: &Session<'_>, name: &str) {
    if let Some(directory) = &stage.shots {
        fs::create_dir_all(directory).unwrap();
        let png = base64_decode(&session.shot());
        fs::write(directory.join(format!("{name}.png")), png).unwrap();
    }
}

/// A driver sends pictures as base 64 (RFC 4648).
fn base64_decode(text: &str) -> Vec<u8> {
    let value = |byte: u8| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut n_bits) = (0_u32, 0);
    for six in text.bytes().filter_map(value) {
        bits = bits << 6 | u32::from(six);
        n_bits += 6;
        if n_bits >= 8 {
            n_bits -= 8;
            out.push((bits >> n_bits & 0xff) as u8);
        }
    }
    out
}
