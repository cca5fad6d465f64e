//! The few commands of `WebDriver` (W3C) that the tests use: JSON over HTTP to a chromedriver of our own.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

/// How long a page may take to become what is waited for.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long a script may work: dozens of pictures, on a busy machine.
const SCRIPT_PATIENCE: Duration = Duration::from_mins(5);
/// The name that the standard gives to references to elements.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A running chromedriver; ended when dropped.
pub struct Driver {
    program: Child,
    address: String,
    agent: ureq::Agent,
}

/// How a browser is to be.
#[derive(Clone, Copy, Default)]
pub struct Browser {
    pub without_javascript: bool,
    pub dark: bool,
    /// Width and height of the window, as of a phone; a wide screen otherwise.
    pub phone: bool,
}

/// An open browser with a profile of its own; closed when dropped.
pub struct Session<'a> {
    driver: &'a Driver,
    id: String,
    is_phone: bool,
    _profile: TempDir,
}

/// An element of the present page.
pub struct Element<'a> {
    session: &'a Session<'a>,
    id: String,
}

impl Driver {
    pub fn start() -> Self {
        let program = Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut program = program.expect("chromedriver can be started: see tests/run for what to install");
        let mut lines = BufReader::new(program.stdout.take().unwrap()).lines();
        let said = "started successfully on port ";
        let port = lines.by_ref().map(Result::unwrap).find_map(|line| {
            let (_, port) = line.split_once(said)?;
            Some(port.trim_end_matches('.').to_owned())
        });
        std::thread::spawn(move || lines.for_each(drop));
        let config =
            ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(SCRIPT_PATIENCE)).build();
        let address = format!("http://127.0.0.1:{}", port.expect("chromedriver says its port"));
        Self { program, address, agent: config.into() }
    }

    pub fn open(&self, browser: Browser) -> Session<'_> {
        let profile = tempfile::tempdir().unwrap();
        let size = if browser.phone { "--window-size=360,740" } else { "--window-size=1280,900" };
        let mut arguments = vec![
            "--headless".to_owned(),
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-sync".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            // A page that still glides to a place cannot be clicked there.
            "--force-prefers-reduced-motion".to_owned(),
            "--force-device-scale-factor=1".to_owned(),
            size.to_owned(),
            format!("--user-data-dir={}", profile.path().display()),
        ];
        if browser.dark {
            // 0 is dark, 1 is light.
            arguments.push("--blink-settings=preferredColorScheme=0".to_owned());
        }
        let mut options = json!({"args": arguments});
        if browser.without_javascript {
            options["prefs"] = json!({"profile.managed_default_content_settings.javascript": 2});
        }
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        }}});
        let opened = self.ask("POST", "/session", &wanted);
        let id = opened["sessionId"].as_str().expect("a session has an id").to_owned();
        let session = Session { driver: self, id, is_phone: browser.phone, _profile: profile };
        session.be_phone();
        // What the browser's own first page loaded is not ours.
        session.go("about:blank");
        session.log("performance");
        session.log("browser");
        session
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> Value {
        let url = format!("{}{path}", self.address);
        let answer = match method {
            "GET" => self.agent.get(&url).call(),
            "DELETE" => self.agent.delete(&url).call(),
            _ => self.agent.post(&url).send_json(body),
        };
        let mut answer = answer.unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        let value: Value = answer.body_mut().with_config().limit(256 << 20).read_json().unwrap();
        assert!(answer.status().is_success(), "{method} {path} {body}: {}", value["value"]["message"]);
        value["value"].clone()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

impl Session<'_> {
    fn post(&self, command: &str, body: &Value) -> Value {
        self.driver.ask("POST", &format!("/session/{}/{command}", self.id), body)
    }

    fn read(&self, what: &str) -> Value {
        self.driver.ask("GET", &format!("/session/{}/{what}", self.id), &Value::Null)
    }

    pub fn go(&self, url: &str) {
        self.post("url", &json!({"url": url}));
    }

    /// The address of the present page.
    pub fn address(&self) -> String {
        self.read("url").as_str().unwrap().to_owned()
    }

    pub fn title(&self) -> String {
        self.read("title").as_str().unwrap().to_owned()
    }

    pub fn all(&self, selector: &str) -> Vec<Element<'_>> {
        let found = self.post("elements", &json!({"using": "css selector", "value": selector}));
        let ids = found.as_array().unwrap().iter().map(|element| element[ELEMENT].as_str().unwrap().to_owned());
        ids.map(|id| Element { session: self, id }).collect()
    }

    /// Waits for an element and gives the first.
    pub fn find(&self, selector: &str) -> Element<'_> {
        self.wait_for(selector, || self.all(selector).into_iter().next())
    }

    /// Waits until `look` sees something.
    pub fn wait_for<T>(&self, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
        let begun = Instant::now();
        loop {
            if let Some(seen) = look() {
                return seen;
            }
            assert!(begun.elapsed() < PATIENCE, "never came: {what}, at {} “{}”", self.address(), self.title());
            std::thread::park_timeout(Duration::from_millis(20));
        }
    }

    /// Waits until the page's heading holds these words.
    pub fn wait_for_heading(&self, words: &str) {
        self.wait_for_words("h1", words);
    }

    /// Waits until the first such element holds these words. Found and read in one step: between two, a form's answer can
    /// take the page away.
    pub fn wait_for_words(&self, selector: &str, words: &str) {
        let look = "const element = document.querySelector(arguments[0]); \
                    return element !== null && element.innerText.includes(arguments[1])";
        self.wait_for(words, || (self.run(look, &[json!(selector), json!(words)]) == true).then_some(()));
    }

    /// Runs a function's body in the page and gives what it returns.
    pub fn run(&self, script: &str, arguments: &[Value]) -> Value {
        self.post("execute/sync", &json!({"script": script, "args": arguments}))
    }

    /// Runs a function's body whose last argument is a function to call with the answer, however long that takes.
    pub fn run_until_done(&self, script: &str, arguments: &[Value]) -> Value {
        self.post("timeouts", &json!({"script": SCRIPT_PATIENCE.as_millis() as u64}));
        self.post("execute/async", &json!({"script": script, "args": arguments}))
    }

    /// A command of the browser's own developer tools.
    pub fn cdp(&self, command: &str, parameters: &Value) -> Value {
        self.post("goog/cdp/execute", &json!({"cmd": command, "params": parameters}))
    }

    /// Entries of a log (`browser`: the console, `performance`: what was loaded) since it was last asked.
    pub fn log(&self, kind: &str) -> Vec<Value> {
        self.post("se/log", &json!({"type": kind})).as_array().unwrap().clone()
    }

    /// Types on the keyboard, wherever the focus is.
    pub fn press(&self, key: &str) {
        let keys = json!([{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]);
        self.post("actions", &json!({"actions": [{"type": "key", "id": "keyboard", "actions": keys}]}));
    }

    /// Where the focus is.
    pub fn focused(&self) -> Element<'_> {
        let id = self.read("element/active")[ELEMENT].as_str().unwrap().to_owned();
        Element { session: self, id }
    }

    /// Headless windows have a least width of their own: the page is told the phone's.
    fn be_phone(&self) {
        if self.is_phone {
            self.be_of_size(360, 740);
        }
    }

    fn be_of_size(&self, width: u64, height: u64) {
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.cdp("Emulation.setDeviceMetricsOverride", &size);
    }

    /// A picture of the whole page, as PNG in base 64; of one that is higher than the browser can draw, its upper part. The
    /// window is made as high as the page for it: a picture beyond the window has later clicks miss.
    pub fn shot(&self) -> String {
        let size = self.run("return [innerWidth, Math.min(document.documentElement.scrollHeight, 15000)]", &[]);
        self.be_of_size(size[0].as_u64().unwrap(), size[1].as_u64().unwrap());
        let shot = self.cdp("Page.captureScreenshot", &json!({"format": "png"}));
        self.cdp("Emulation.clearDeviceMetricsOverride", &json!({}));
        self.be_phone();
        shot["data"].as_str().unwrap().to_owned()
    }
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        // A panic here would hide the failure that led to it.
        let _ = self.driver.agent.delete(format!("{}/session/{}", self.driver.address, self.id)).call();
    }
}

impl Element<'_> {
    fn path(&self, command: &str) -> String {
        format!("element/{}/{command}", self.id)
    }

    pub fn text(&self) -> String {
        self.session.read(&self.path("text")).as_str().unwrap().to_owned()
    }

    pub fn click(&self) {
        self.session.post(&self.path("click"), &json!({}));
    }

    /// Clicks what leads to another page, and waits until the present one has gone: what is looked for next must not be
    /// found on a page that is just leaving.
    pub fn follow(&self) {
        self.session.run("document.documentElement.dataset.leaving = 'yes'", &[]);
        self.click();
        let has_left =
            "return document.documentElement.dataset.leaving !== 'yes' && document.readyState === 'complete'";
        self.session.wait_for("the next page", || (self.session.run(has_left, &[]) == true).then_some(()));
    }

    /// Types into the field; for a file field, chooses the file.
    pub fn enter(&self, text: &str) {
        self.session.post(&self.path("value"), &json!({"text": text}));
    }

    pub fn choose(&self, file: &Path) {
        self.enter(file.to_str().unwrap());
    }

    pub fn attribute(&self, name: &str) -> Option<String> {
        self.session.read(&self.path(&format!("attribute/{name}"))).as_str().map(str::to_owned)
    }

    /// Its place on the page: x, y, width, height.
    pub fn place(&self) -> [f64; 4] {
        let place = self.session.read(&self.path("rect"));
        ["x", "y", "width", "height"].map(|name| place[name].as_f64().unwrap())
    }

    pub fn css(&self, property: &str) -> String {
        self.session.read(&self.path(&format!("css/{property}"))).as_str().unwrap().to_owned()
    }
}
