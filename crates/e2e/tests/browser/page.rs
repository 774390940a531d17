//! A browser window, and waiting in it for what is to come.

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use fantoccini::actions::{
    Actions, InputSource, KeyAction, KeyActions, MouseActions, PointerAction, WheelAction,
    WheelActions,
};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use crate::files::File;
use crate::running::Running;

/// How long anything may take. Generous: the machine may be busy, and a right
/// answer that comes late is no failure.
const PATIENCE: Duration = Duration::from_mins(1);
const PAUSE: Duration = Duration::from_millis(50);

/// Files chosen in a field, or dropped anywhere else, as by hand: their names
/// and bytes, and where.
const GIVE: &str = r#"
const [files, selector] = arguments;
const data = new DataTransfer();
for (const { name, base64 } of files) {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  data.items.add(new File([bytes], name, { type: name.endsWith(".pdf") ? "application/pdf" : "text/plain" }));
}
const target = document.querySelector(selector);
if (target.matches("input[type=file]")) {
  target.files = data.files;
  target.dispatchEvent(new Event("change"));
} else for (const kind of ["dragenter", "dragover", "drop"]) {
  target.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: data }));
}
"#;

/// Fetches what a link of the viewer exports, into `window.got`.
const FETCH_EXPORT: &str = r"
const [format] = arguments;
window.got = null;
fetch(document.querySelector(`#export [data-format=${format}]`).href)
  .then(async (r) => { window.got = [r.status, r.headers.get('content-type'), await r.text()]; });
";

/// A window of a browser session of its own.
#[derive(Clone)]
pub struct Page {
    /// For what has no helper here.
    pub client: Client,
    service: String,
    driver: String,
    name: &'static str,
}

/// Where a finger is put down, and where it is lifted; CSS pixels of the window.
type Stroke = ((f64, f64), (f64, f64));

impl Page {
    /// A new session, 1440 × 900.
    pub async fn open(running: &Running, name: &'static str) -> Self {
        Self::connect(&running.service, &running.driver, name).await
    }

    /// Another browser, which shares nothing with this one.
    pub async fn stranger(&self) -> Self {
        Self::connect(&self.service, &self.driver, self.name).await
    }

    async fn connect(service: &str, driver: &str, name: &'static str) -> Self {
        let capabilities = json!({
            "goog:chromeOptions": { "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--disable-background-networking", "--window-size=1440,900", "--force-device-scale-factor=1",
            ] },
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        let Value::Object(capabilities) = capabilities else {
            unreachable!("an object is written above");
        };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(driver)
            .await
            .expect("a browser session");
        Self {
            client,
            service: service.to_owned(),
            driver: driver.to_owned(),
            name,
        }
    }

    /// Ends the session.
    pub async fn close(self) {
        self.client.close().await.ok();
    }

    /// Says where a failed test was, with a picture.
    pub async fn tell(&self) {
        let mut text = String::new();
        if let Ok(url) = self.client.current_url().await {
            // Writing to a string cannot fail.
            let _ = write!(text, "at {url}");
        }
        if let Ok(body) = self
            .client
            .execute("return document.body.innerText.slice(0, 1500)", vec![])
            .await
        {
            let _ = write!(text, "\n{}", body.as_str().unwrap_or_default());
        }
        if let Ok(picture) = self.client.screenshot().await {
            let file = Path::new(env!("CARGO_TARGET_TMPDIR"))
                .join(format!("{}.png", self.name.replace("::", "-")));
            if std::fs::write(&file, picture).is_ok() {
                let _ = write!(text, "\npicture: {}", file.display());
            }
        }
        eprintln!("{text}");
    }

    /// Opens a path of the service.
    pub async fn goto(&self, path: &str) {
        let url = if path.starts_with("http") {
            path.to_owned()
        } else {
            format!("{}{path}", self.service)
        };
        self.client.goto(&url).await.expect("a page");
    }

    /// Path and query of what is open.
    pub async fn path(&self) -> String {
        let url = self.client.current_url().await.expect("an address");
        url.query().map_or_else(
            || url.path().to_owned(),
            |query| format!("{}?{query}", url.path()),
        )
    }

    /// Runs a function body in the page.
    pub async fn js(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.client
            .execute(script, arguments)
            .await
            .unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// What an expression is in the page.
    pub async fn value(&self, expression: &str) -> Value {
        self.js(&format!("return ({expression})"), vec![]).await
    }

    /// Waits until an expression is true (or 1, or a text) in the page.
    pub async fn until(&self, expression: &str) {
        let script = format!("try {{ return Boolean({expression}) }} catch {{ return false }}");
        let begun = Instant::now();
        loop {
            // While a page gives way to the next one there is nothing to ask.
            if let Ok(Value::Bool(true)) = self.client.execute(&script, vec![]).await {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "never came true: {expression}");
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Waits until the text of an element holds `part`.
    pub async fn says(&self, selector: &str, part: &str) {
        self.until(&format!(
            "[...document.querySelectorAll({})].some((e) => e.innerText.includes({}))",
            json!(selector),
            json!(part)
        ))
        .await;
    }

    /// Waits for an element that can be clicked, and clicks it.
    pub async fn click(&self, selector: &str) {
        let begun = Instant::now();
        loop {
            let clicked = match self.client.find(Locator::Css(selector)).await {
                Ok(element) => element.click().await,
                Err(error) => Err(error),
            };
            match clicked {
                Ok(()) => return,
                // Not there yet, being drawn anew, or under something that goes.
                Err(error) => assert!(
                    begun.elapsed() < PATIENCE,
                    "cannot click {selector}: {error}"
                ),
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Clicks the button that says `text`, in what `within` selects.
    pub async fn press(&self, within: &str, text: &str) {
        let find = format!(
            "[...document.querySelectorAll({})].flatMap((e) => [...e.querySelectorAll('button, a, summary')]).find((b) => b.innerText.trim() === {} && b.checkVisibility())",
            json!(within),
            json!(text)
        );
        self.until(&find).await;
        self.js(&format!("({find}).click()"), vec![]).await;
    }

    /// Writes into a field, in place of what is there.
    pub async fn write(&self, selector: &str, text: &str) {
        self.until(&format!(
            "document.querySelector({})?.checkVisibility()",
            json!(selector)
        ))
        .await;
        self.js(
            "const field = document.querySelector(arguments[0]); field.focus(); field.select();",
            vec![json!(selector)],
        )
        .await;
        self.keys(text).await;
    }

    /// Presses keys, wherever the focus is.
    pub async fn keys(&self, keys: &str) {
        let mut actions = KeyActions::new("keys".to_owned());
        for key in keys.chars() {
            actions = actions
                .then(KeyAction::Down { value: key })
                .then(KeyAction::Up { value: key });
        }
        self.client.perform_actions(actions).await.expect("keys");
    }

    /// Presses the mouse at one point of the window and lets it go at another.
    pub async fn drag(&self, from: (i64, i64), to: (i64, i64)) {
        let step = |(x, y)| PointerAction::MoveTo {
            duration: Some(Duration::from_millis(60)),
            x: x as f64,
            y: y as f64,
        };
        let actions = MouseActions::new("mouse".to_owned())
            .then(step(from))
            .then(PointerAction::Down { button: 0 })
            .then(step((
                i64::midpoint(from.0, to.0),
                i64::midpoint(from.1, to.1),
            )))
            .then(step(to))
            .then(PointerAction::Up { button: 0 });
        self.client.perform_actions(actions).await.expect("a drag");
    }

    /// Turns the wheel at a point of the window, with Ctrl held or not.
    pub async fn wheel(&self, (x, y): (i64, i64), dy: i64, ctrl: bool) {
        const CONTROL: char = '\u{e009}';
        let mut keys = KeyActions::new("keys".to_owned());
        let mut wheel = WheelActions::new("wheel".to_owned());
        if ctrl {
            keys = keys.then(KeyAction::Down { value: CONTROL });
            wheel = wheel.then(WheelAction::Pause {
                duration: Duration::ZERO,
            });
        }
        keys = keys.then(KeyAction::Pause {
            duration: Duration::ZERO,
        });
        wheel = wheel.then(WheelAction::Scroll {
            duration: None,
            x,
            y,
            delta_x: 0,
            delta_y: dy,
        });
        if ctrl {
            keys = keys.then(KeyAction::Up { value: CONTROL });
        }
        let actions = Actions::from(keys).and(wheel);
        self.client
            .perform_actions(actions)
            .await
            .expect("a turn of the wheel");
    }

    /// A telephone: narrow, touched and not pointed at.
    pub async fn telephone(&self) {
        let screen = json!({"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": true});
        self.devtools("Emulation.setDeviceMetricsOverride", &screen)
            .await;
        let touch = json!({"enabled": true, "maxTouchPoints": 2});
        self.devtools("Emulation.setTouchEmulationEnabled", &touch)
            .await;
    }

    /// Without motion: what is flown to is there with the next frame.
    pub async fn calm(&self) {
        let media = json!({"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]});
        self.devtools("Emulation.setEmulatedMedia", &media).await;
    }

    /// Moves fingers over the window, each from one point to another.
    pub async fn touch(&self, fingers: &[Stroke]) {
        const STEPS: u32 = 12;
        // Fingers come down one after the other, as those of a hand do.
        for down in 1..=fingers.len() {
            self.touched("touchStart", &fingers[..down], 0.0).await;
        }
        for step in 1..=STEPS {
            let share = f64::from(step) / f64::from(STEPS);
            self.touched("touchMove", fingers, share).await;
            tokio::time::sleep(Duration::from_millis(16)).await;
        }
        for up in (0..fingers.len()).rev() {
            self.touched("touchEnd", &fingers[..up], 1.0).await;
        }
    }

    async fn touched(&self, kind: &str, fingers: &[Stroke], share: f64) {
        let points: Vec<Value> = fingers
            .iter()
            .enumerate()
            .map(|(id, ((x0, y0), (x1, y1)))| {
                json!({"x": x0 + (x1 - x0) * share, "y": y0 + (y1 - y0) * share, "id": id})
            })
            .collect();
        let event = json!({"type": kind, "touchPoints": points});
        self.devtools("Input.dispatchTouchEvent", &event).await;
    }

    async fn devtools(&self, command: &str, parameters: &Value) {
        self.client
            .issue_cmd(Vendor::devtools(command, parameters))
            .await
            .unwrap_or_else(|error| panic!("{command}: {error}"));
    }

    /// Drops files onto an element, or chooses them in a field for files.
    pub async fn drop(&self, files: &[File], selector: &str) {
        self.until(&format!("document.querySelector({})", json!(selector)))
            .await;
        let files: Vec<Value> = files
            .iter()
            .map(|file| json!({"name": file.name, "base64": file.base64}))
            .collect();
        self.js(GIVE, vec![json!(files), json!(selector)]).await;
    }

    /// Opens the library and waits until it is loaded.
    pub async fn library(&self) {
        self.goto("/").await;
        self.until("document.querySelector('#documents').getAttribute('aria-busy') === 'false'")
            .await;
    }

    /// Uploads files and waits until all are read.
    pub async fn upload(&self, files: &[File]) {
        self.library().await;
        for file in files {
            // One by one: two at once would be compared.
            self.drop(std::slice::from_ref(file), "body").await;
            self.until(&format!(
                "[...document.querySelectorAll('[data-state=ready] .name a')].some((a) => a.innerText === {})",
                json!(file.name)
            ))
            .await;
        }
    }

    /// Compares two files and waits for the whole report. Gives the path.
    pub async fn compare(&self, files: &[File]) -> String {
        self.library().await;
        self.drop(files, "body").await;
        self.until("location.pathname.startsWith('/c/')").await;
        self.whole().await;
        self.value("location.pathname")
            .await
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// Fetches what the viewer exports, in every format; `text` is in the list
    /// of changes.
    pub async fn exports(&self, text: &str) {
        self.click("#export summary").await;
        for (format, kind, part) in [
            ("html", "text/html", "<html"),
            ("pdf", "application/pdf", "%PDF-"),
            ("json", "json", "pdf-compare-report/1"),
            ("txt", "text/plain", text),
        ] {
            self.until(&format!(
                "document.querySelector('#export [data-format={format}]').checkVisibility()"
            ))
            .await;
            self.js(FETCH_EXPORT, vec![json!(format)]).await;
            self.until(&format!(
                "window.got[0] === 200 && window.got[1].includes({}) && window.got[2].includes({})",
                json!(kind),
                json!(part)
            ))
            .await;
        }
    }

    /// Waits until the viewer shows the whole report.
    pub async fn whole(&self) {
        self.until(
            "document.querySelector('#items').getAttribute('aria-busy') === 'false' \
             && document.querySelector('#progress').hidden \
             && document.querySelector('#verdict').innerText && !document.querySelector('#verdict').innerText.endsWith('so far')",
        )
        .await;
    }
}

impl Page {
    /// Chooses the entry of the viewer's list that holds `text`.
    pub async fn press_item(&self, text: &str) {
        let find = format!(
            "[...document.querySelectorAll('#items .item')].find((i) => i.innerText.includes({}))",
            json!(text)
        );
        self.until(&find).await;
        self.js(
            &format!("const item = {find}; item.scrollIntoView(); item.click();"),
            vec![],
        )
        .await;
        self.says(".item[aria-current=true]", text).await;
    }
}

/// What only this driver knows.
#[derive(Debug)]
pub struct Vendor {
    path: &'static str,
    body: Value,
}

impl Vendor {
    /// What the browser has logged.
    pub fn log() -> Self {
        Self {
            path: "se/log",
            body: json!({"type": "browser"}),
        }
    }

    /// A command of the browser's developer tools.
    fn devtools(command: &str, parameters: &Value) -> Self {
        Self {
            path: "goog/cdp/execute",
            body: json!({"cmd": command, "params": parameters}),
        }
    }
}

impl fantoccini::wd::WebDriverCompatibleCommand for Vendor {
    fn endpoint(
        &self,
        base: &url::Url,
        session: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        base.join(&format!(
            "session/{}/{}",
            session.unwrap_or_default(),
            self.path
        ))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.body.to_string()))
    }
}
