//! Looking at a comparison.

use serde_json::{Value, json};

use crate::files::{contracts, long, pages, sample};
use crate::page::Page;

/// Pixels of the canvas, by what they look like.
const INK: &str = "(() => { const c = document.querySelector('#canvas'); \
    const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; \
    const n = { dark: 0, red: 0, blue: 0, left: 0, right: 0 }; \
    for (let i = 0; i < d.length; i += 4) { const [r, g, b, a] = d.subarray(i, i + 4); if (a < 200) continue; \
      if (r < 110 && g < 110 && b < 110) { n.dark += 1; if ((i / 4) % c.width < c.width / 2) n.left += 1; else n.right += 1; } \
      if (r > 170 && g < 120 && b < 120) n.red += 1; if (b > 170 && r < 90 && g < 150) n.blue += 1; } return n; })()";

/// Where the first page of a side lies.
fn place(side: &str) -> String {
    format!("document.querySelector('#pane-{side} .page')?.getAttribute('transform')")
}

const ZOOM: &str = "Number(new URLSearchParams(location.search).get('zoom'))";
const RING: &str = "document.querySelector('#pane-new .ring:not([visibility=hidden])')";

pub async fn both_sides_show_the_pages_and_boxes(page: Page) {
    page.compare(&contracts()).await;
    page.until(&format!("{INK}.left > 500 && {INK}.right > 500"))
        .await;
    page.until("document.querySelector('#pane-old [data-change] title')")
        .await;
    for side in ["old", "new"] {
        page.until(&format!(
            "[...document.querySelectorAll('#pane-{side} [data-change]')].some((m) => m.textContent === '“shall” became “must”')"
        ))
        .await;
    }
    // Joined to the list by the same number.
    page.until(
        "[...document.querySelectorAll('#pane-new [data-change]')].every((m) => document.querySelector(`.item[data-change=\"${m.dataset.change}\"]`))",
    )
    .await;
}

pub async fn old_and_new_scroll_together_until_let_go(page: Page) {
    page.compare(&contracts()).await;
    page.until(&format!("{} && {}", place("old"), place("new")))
        .await;
    let differ = |a: &Value, b: &Value| a != b;
    let [old, new] = [
        page.value(&place("old")).await,
        page.value(&place("new")).await,
    ];
    page.wheel((1100, 500), 150, false).await;
    page.until(&format!(
        "{} !== {old} && {} !== {new}",
        place("old"),
        place("new")
    ))
    .await;

    page.click("#lock").await;
    page.says("#lock", "Let go").await;
    let [old, new] = [
        page.value(&place("old")).await,
        page.value(&place("new")).await,
    ];
    page.wheel((500, 500), 150, false).await;
    page.until(&format!("{} !== {old}", place("old"))).await;
    assert!(
        !differ(&page.value(&place("new")).await, &new),
        "the new side stays"
    );

    page.click("#lock").await;
    page.says("#lock", "Locked").await;
    page.until(&format!(
        "{}.split(' ')[5] === {}.split(' ')[5]",
        place("old"),
        place("new")
    ))
    .await;
    page.keys("+").await;
    page.until(&format!(
        "{ZOOM} > 0 && {}.split(' ')[0] === {}.split(' ')[0]",
        place("old"),
        place("new")
    ))
    .await;
}

pub async fn every_view_shows_both_documents(page: Page) {
    page.compare(&contracts()).await;
    page.press(".views", "Overlay").await;
    page.until(&format!("{INK}.red > 200 && {INK}.blue > 200"))
        .await;
    page.until("location.search.includes('view=overlay')").await;

    page.press(".views", "Swipe").await;
    page.until("!document.querySelector('#swipe').hidden && document.querySelector('#swipe').getAttribute('aria-valuenow') === '50'").await;
    page.js("document.querySelector('#swipe').focus()", vec![])
        .await;
    page.keys("\u{e014}\u{e014}").await;
    page.until("document.querySelector('#swipe').getAttribute('aria-valuenow') === '54'")
        .await;
    page.until("document.querySelector('#pane-old').style.clipPath.includes('46%')")
        .await;

    page.press(".views", "Blink").await;
    page.until("document.querySelector('#pane-old').classList.contains('away')")
        .await;
    page.until("document.querySelector('#pane-new').classList.contains('away')")
        .await;
    // Space stops it: each press shows the other side.
    page.js("document.activeElement.blur()", vec![]).await;
    page.keys(" ").await;
    let phase = "document.querySelector('#stage').dataset.phase";
    let before = page.value(phase).await;
    page.keys(" ").await;
    page.until(&format!("{phase} !== {before}")).await;

    page.press(".views", "Side by side").await;
    page.until("!location.search.includes('view=')").await;
}

pub async fn inserted_and_deleted_pages_are_shown_as_such(page: Page) {
    let short = pages("Short.pdf", &["contract-a.pdf", "1,3"]);
    let long = sample("contract-a.pdf", "Whole.pdf");
    page.goto("/compare").await;
    page.drop(std::slice::from_ref(&short), "[data-side=old]")
        .await;
    page.until("document.querySelector('select[name=old]').value")
        .await;
    page.drop(std::slice::from_ref(&long), "[data-side=new]")
        .await;
    page.until("document.querySelector('select[name=new]').value")
        .await;
    page.click("#compare [type=submit]").await;
    page.until("location.pathname.startsWith('/c/')").await;
    page.whole().await;
    page.says("#verdict", "1 page inserted").await;
    page.calm().await;
    page.says("#shown", "and 1 page").await;
    // Stepping stops there, after the changes of page 1, with the page in sight.
    page.keys("nnn").await;
    page.says(".item[aria-current=true]", "Page 2, inserted")
        .await;
    page.until("new URLSearchParams(location.search).get('page') === '2'")
        .await;
    // What belongs to the whole document is not looked for in a corner of a page.
    page.keys("+++").await;
    page.until(&format!("{ZOOM} > 0")).await;
    page.press_item("Title “Sample").await;
    page.until("!location.search.includes('zoom=')").await;
    page.says("#zoom-fit", "Fit").await;
    page.click("#map a.is-inserted").await;
    page.says(".title.is-inserted", "inserted").await;

    page.goto("/compare").await;
    let choose = "const select = document.querySelector(`select[name=${arguments[0]}]`); \
        select.value = [...select.options].find((o) => o.text === arguments[1]).value; select.dispatchEvent(new Event('change'));";
    page.until("document.querySelector('select[name=old]').options.length === 3")
        .await;
    page.js(choose, vec![json!("old"), json!("Whole.pdf")])
        .await;
    page.js(choose, vec![json!("new"), json!("Short.pdf")])
        .await;
    page.click("#compare [type=submit]").await;
    page.until("location.pathname.startsWith('/c/')").await;
    page.whole().await;
    page.says("#verdict", "1 page deleted").await;
    page.press_item("Old page 2, deleted").await;
    page.until("new URLSearchParams(location.search).get('page') === '2'")
        .await;
    page.click("#map a.is-deleted").await;
    page.says(".title.is-deleted", "deleted").await;
}

pub async fn a_change_is_flown_to_from_the_list_and_from_the_page(page: Page) {
    page.compare(&contracts()).await;
    page.press_item("22.12").await;
    page.until(RING).await;
    // It is in the window, on page 2.
    page.until(&format!(
        "(() => {{ const r = {RING}.getBoundingClientRect(); const s = document.querySelector('#pane-new').getBoundingClientRect(); \
         return r.top > s.top && r.bottom < s.bottom && r.left > s.left && r.right < s.right; }})()"
    ))
    .await;
    page.until("new URLSearchParams(location.search).get('page') === '2'")
        .await;
    page.says(".item[aria-current=true]", "244.50").await;

    // A box chosen on the page chooses the entry of the list.
    page.keys("\u{e00c}").await;
    page.until("!document.querySelector('.item[aria-current=true]')")
        .await;
    let spot = page
        .value(
            "(() => { const m = [...document.querySelectorAll('#pane-new [data-change]')].find((m) => m.textContent.includes('244.50')); \
             const r = m.getBoundingClientRect(); return [Math.round(r.x + r.width / 2), Math.round(r.y + r.height / 2)]; })()",
        )
        .await;
    let at = (spot[0].as_i64().unwrap(), spot[1].as_i64().unwrap());
    page.drag(at, at).await;
    page.says(".item[aria-current=true]", "244.50").await;
}

pub async fn a_page_is_not_cut_at_its_left_for_a_change_beside_it(page: Page) {
    page.compare(&contracts()).await;
    page.calm().await;
    let ring = "document.querySelector('#pane-new .ring:not([visibility=hidden])')";
    // Where the left edge of the page and the right end of the change are in
    // the pane, and how wide that is.
    let seen = format!(
        "(() => {{ const pane = document.querySelector('#pane-new').getBoundingClientRect(); \
         return [document.querySelector('#pane-new .page').getCTM().e, \
         {ring}.getBoundingClientRect().right - pane.left, pane.width]; }})()"
    );
    let count = page
        .value("document.querySelectorAll('#items .item').length")
        .await
        .as_u64()
        .unwrap();
    let mut beside = 0;
    for n in 1..=count {
        page.keys("j").await;
        page.until(&format!(
            "document.querySelector('#at').innerText.startsWith('{n} of')"
        ))
        .await;
        page.js(
            "window.drawn = false; requestAnimationFrame(() => requestAnimationFrame(() => { window.drawn = true; }));",
            vec![],
        )
        .await;
        page.until("window.drawn").await;
        if page.value(&format!("Boolean({ring})")).await == json!(false) {
            continue;
        }
        let found = page.value(&seen).await;
        let [edge, end, width] = [0, 1, 2].map(|i| found[i].as_f64().unwrap());
        if end - edge < width - 60.0 {
            beside += 1;
            assert!(edge >= 0.0 && end <= width, "change {n}: {found}");
        }
    }
    assert!(beside > 2, "{beside} changes beside the left edge");
}

pub async fn keys_step_through_the_changes_and_help_lists_them(page: Page) {
    page.compare(&contracts()).await;
    let at = "document.querySelector('#at').innerText";
    for (key, said) in [
        ("j", "1 of "),
        ("n", "2 of "),
        ("j", "3 of "),
        ("k", "2 of "),
        ("p", "1 of "),
    ] {
        page.keys(key).await;
        page.until(&format!("{at}.startsWith({})", json!(said)))
            .await;
    }
    page.click("#next").await;
    page.until(&format!("{at}.startsWith('2 of ')")).await;
    page.keys("?").await;
    page.until("document.querySelector('#help').open").await;
    page.says("#help", "next change").await;
    page.keys("\u{e00c}").await;
    page.until("!document.querySelector('#help').open").await;
    page.keys("/").await;
    page.until("document.activeElement.id === 'filter'").await;
}

pub async fn changes_are_filtered_by_kind_and_text(page: Page) {
    page.compare(&[
        sample("schematic-a.pdf", "Rev A.pdf"),
        sample("schematic-b.pdf", "Rev B.pdf"),
    ])
    .await;
    let shown = "[...document.querySelectorAll('#items .item')].map((i) => i.dataset.kind)";
    page.until(&format!("new Set({shown}).size > 1")).await;
    page.click("#kinds [data-kind=text]").await;
    page.until(&format!(
        "{shown}.length > 0 && {shown}.every((kind) => kind === 'text')"
    ))
    .await;
    page.until("[...document.querySelectorAll('.pane [data-change]')].every((m) => m.classList.contains('kind-text'))").await;
    page.says("#shown", " of ").await;
    page.write("#filter", "C905").await;
    page.until(&format!("{shown}.length === 1")).await;
    page.until("location.search.includes('kinds=text') && location.search.includes('text=c905')")
        .await;
    page.write("#filter", "nothing like it").await;
    page.says("#items", "No change passes the filters").await;
    page.press("#items", "Show all").await;
    page.until(&format!("new Set({shown}).size > 1")).await;
}

pub async fn the_map_leads_to_pages(page: Page) {
    page.compare(&contracts()).await;
    page.until("document.querySelectorAll('#map a').length === 3 && document.querySelectorAll('#map a rect').length > 2").await;
    page.click("#map a[data-row='2']").await;
    page.until("document.querySelector('#map a[aria-current]').dataset.row === '2'")
        .await;
    page.until("new URLSearchParams(location.search).get('page') === '3'")
        .await;
    page.until("document.querySelector('#pane-new .page:last-of-type')")
        .await;
}

pub async fn deep_zoom_asks_for_sharp_tiles_of_what_shows(page: Page) {
    page.compare(&[
        sample("schematic-a.pdf", "Rev A.pdf"),
        sample("schematic-b.pdf", "Rev B.pdf"),
    ])
    .await;
    page.until(&format!("{INK}.left > 100")).await;
    for _ in 0..16 {
        page.keys("+").await;
    }
    page.until(&format!("{ZOOM} > 8")).await;
    let tiles = "performance.getEntriesByType('resource').map((r) => r.name).filter((n) => n.includes('region='))";
    page.until(&format!("{tiles}.length > 1")).await;
    // No picture is larger than the service makes, and the tiles of what shows are few.
    let big = format!(
        "{tiles}.filter((n) => {{ const q = new URL(n).searchParams; const [a, b, c, d] = q.get('region').split(',').map(Number); \
         return (c - a) * (d - b) * q.get('scale') ** 2 > 16e6; }}).length"
    );
    assert_eq!(page.value(&big).await, json!(0));
    page.says("#zoom-fit", "%").await;
    page.keys("0").await;
    page.says("#zoom-fit", "Fit").await;
}

pub async fn dragging_moves_and_the_wheel_zooms(page: Page) {
    page.compare(&contracts()).await;
    page.wheel((1100, 400), -300, true).await;
    page.until(&format!("{ZOOM} > 0")).await;
    let before = page
        .value("document.querySelector('#scroller').scrollTop")
        .await;
    page.drag((1100, 600), (1050, 350)).await;
    page.until(&format!(
        "document.querySelector('#scroller').scrollTop > {before} + 200"
    ))
    .await;
    let zoom = page.value(ZOOM).await;
    page.wheel((1100, 400), 300, true).await;
    page.until(&format!("{ZOOM} < {zoom}")).await;
}

pub async fn two_fingers_zoom_and_one_moves(page: Page) {
    page.telephone().await;
    page.compare(&contracts()).await;
    page.until(&place("new")).await;
    let middle = page
        .value("(() => { const r = document.querySelector('#pane-new').getBoundingClientRect(); return [Math.round(r.x + r.width / 2), Math.round(r.y + r.height / 2)]; })()")
        .await;
    let (x, y) = (middle[0].as_f64().unwrap(), middle[1].as_f64().unwrap());
    // Pixels per point, and the point of the page between the fingers.
    let look = format!(
        "(() => {{ const m = document.querySelector('#pane-new .page').getScreenCTM(); \
         const p = new DOMPoint({x}, {y}).matrixTransform(m.inverse()); return [m.a, p.x, p.y]; }})()"
    );
    let seen = async || {
        let seen: (f64, f64, f64) = serde_json::from_value(page.value(&look).await).unwrap();
        seen
    };
    let (before, at_x, at_y) = seen().await;

    let apart = |from: f64, to: f64| [((x - from, y), (x - to, y)), ((x + from, y), (x + to, y))];
    page.touch(&apart(30.0, 90.0)).await;
    // Zoomed, and the point between the fingers stayed there, within 12 px.
    page.until(&format!(
        "(() => {{ const [a, x, y] = {look}; return a > {} && a < {} \
         && Math.hypot(x - {at_x}, y - {at_y}) * a < 12; }})()",
        before * 2.0,
        before * 4.0
    ))
    .await;
    let (zoomed, _, now_y) = seen().await;
    page.says("#zoom-fit", "%").await;

    // Both fingers move the page along, and bring it back together.
    page.touch(&[
        ((x - 60.0, y), (x - 60.0, y - 80.0)),
        ((x + 60.0, y), (x + 60.0, y - 80.0)),
    ])
    .await;
    page.until(&format!("{look}[2] > {}", now_y + 40.0 / zoomed))
        .await;
    page.touch(&apart(90.0, 30.0)).await;
    page.until(&format!("{look}[0] < {}", before * 1.5)).await;

    let down = page
        .value("document.querySelector('#scroller').scrollTop")
        .await;
    page.touch(&[((x, y), (x, y - 120.0))]).await;
    page.until(&format!(
        "document.querySelector('#scroller').scrollTop > {down} + 60"
    ))
    .await;
}

pub async fn the_address_opens_the_same_view(page: Page) {
    page.compare(&contracts()).await;
    page.press_item("527").await;
    page.press(".views", "Overlay").await;
    page.click("#kinds [data-kind=text]").await;
    page.until(
        "['change=', 'view=overlay', 'kinds=text'].every((part) => location.search.includes(part))",
    )
    .await;
    page.says("#at", " of ").await;
    let path = page.path().await;
    let zoom = page.value(ZOOM).await;
    page.goto("/").await;
    page.goto(&path).await;
    page.whole().await;
    page.says(".item[aria-current=true]", "562").await;
    page.until("document.querySelector('#stage').dataset.view === 'overlay'")
        .await;
    page.until(
        "document.querySelector('#kinds [data-kind=text]').getAttribute('aria-pressed') === 'true'",
    )
    .await;
    page.until(&format!("{ZOOM} === {zoom} && {RING}")).await;
}

pub async fn of_five_hundred_pages_only_those_that_show_are_drawn(page: Page) {
    page.compare(&long(500)).await;
    let count = page
        .value("document.querySelectorAll('#map a').length")
        .await;
    let count = count.as_u64().unwrap();
    assert!((480..=520).contains(&count), "{count} pages");
    let drawn = "document.querySelectorAll('#pane-new .page').length";
    page.until(&format!("{drawn} > 0 && {drawn} < 8")).await;
    let last = count - 1;
    page.click(&format!("#map a[data-row='{last}']")).await;
    page.until(&format!(
        "document.querySelector('#map a[aria-current]').dataset.row === '{last}'"
    ))
    .await;
    page.until(&format!("{drawn} > 0 && {drawn} < 8")).await;
    page.says(".title", &format!("Page {count}")).await;
    // Every change is in the list, and the last is flown to.
    page.js("document.activeElement.blur()", vec![]).await;
    page.keys("k").await;
    page.until(RING).await;
}
