#!/usr/bin/env python3
"""Open a report's page in headless Chromium and use it as a reader would.

usage: check_report.py PATH/TO/swiftfx MODEL.pt2 [--screenshot OUT.png]

Needs `chromium`, `chromium-browser` or `google-chrome` on the PATH, or in CHROMIUM; without one it says that it is
skipped, and exits with 0. Prints one line for each check and exits with 1 if one fails.
"""
import base64, json, os, pathlib, random, shutil, subprocess, sys, tempfile, time


class Browser:
    """Chromium, spoken to over a pipe: messages of the DevTools protocol that end with a zero byte."""

    def __init__(self, program, profile):
        (self.read, write_end), (read_end, self.write) = os.pipe(), os.pipe()
        def connect():
            os.dup2(read_end, 3)
            os.dup2(write_end, 4)
        # High numbers, so that the two that Chromium uses are free in the child.
        read_end, write_end = (os.dup2(fd, fd + 50) for fd in (read_end, write_end))
        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe",
             f"--user-data-dir={profile}", "--window-size=1280,1000", "about:blank"],
            pass_fds=(3, 4, read_end, write_end), preexec_fn=connect, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        self.buffer, self.number, self.events = b"", 0, []

    def next(self):
        while b"\0" not in self.buffer:
            chunk = os.read(self.read, 1 << 16)
            if not chunk:
                raise SystemExit("the browser ended")
            self.buffer += chunk
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, session=None, **parameters):
        self.number += 1
        request = {"id": self.number, "method": method, "params": parameters}
        if session:
            request["sessionId"] = session
        os.write(self.write, json.dumps(request).encode() + b"\0")
        while True:
            message = self.next()
            if message.get("id") == self.number:
                if "error" in message:
                    raise SystemExit(f"{method}: {message['error']}")
                return message["result"]
            self.events.append(message)


class Page:
    def __init__(self, browser, path):
        self.browser = browser
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Runtime", "Log", "Page", "Network"):
            self.call(domain + ".enable")
        self.call("Page.navigate", url=pathlib.Path(path).resolve().as_uri())
        deadline = time.time() + 60
        while self.value("document.documentElement?.dataset.ready") != "true":
            if time.time() > deadline:
                raise SystemExit("the page did not get ready: " + "; ".join(self.problems()))
            time.sleep(0.05)

    def call(self, method, **parameters):
        return self.browser.call(method, self.session, **parameters)

    def value(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise SystemExit(f"{expression}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def press(self, key, text=None):
        code = {"/": 191, "Enter": 13, "Escape": 27, "ArrowDown": 40}.get(key, 0)
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code,
                      **({"text": text} if text and kind == "keyDown" else {}))

    def problems(self):
        texts = []
        for event in self.browser.events:
            if event["method"] == "Runtime.exceptionThrown":
                texts.append(str(event["params"]["exceptionDetails"].get("exception", {}).get("description")))
            elif event["method"] == "Log.entryAdded" and event["params"]["entry"]["level"] in ("error", "warning"):
                texts.append(event["params"]["entry"]["text"])
            elif event["method"] == "Network.requestWillBeSent":
                url = event["params"]["request"]["url"]
                if not url.startswith(("file:", "data:")):
                    texts.append("asked for " + url)
        return texts


failed = 0


def check(what, holds, detail=""):
    global failed
    failed += not holds
    print(("ok      " if holds else "FAILED  ") + what + (f": {detail}" if detail and not holds else ""))


def compare_with_check(page, program, model):
    """The page's answers at random sizes are those of `swiftfx check`."""
    parameters = page.value("[...document.querySelectorAll('#sizes input[data-parameter]')].map(field => [field.dataset.parameter, field.disabled ? field.value : null])")
    if not parameters:
        return
    chance, wrong = random.Random(1), []
    for _ in range(12):
        sizes = [int(fixed) if fixed is not None and fixed.lstrip("-").isdigit() else chance.choice([0, 1, 2, 3, 8, 16, 17, 100]) for _, fixed in parameters]
        page.value("""{ const sizes = %s; const fields = [...document.querySelectorAll('#sizes input[data-parameter]')];
            fields.forEach((field, index) => field.value = sizes[index]); fields[0].dispatchEvent(new Event('input')); }""" % json.dumps(sizes))
        verdict = page.value("document.getElementById('verdict').textContent")
        inputs = {}
        for (text, _), size in zip(parameters, sizes):
            inputs.setdefault(text.split(".size()")[0], []).append(size)
        arguments = [argument for name, dims in inputs.items() for argument in ("--input", name + "=" + "x".join(map(str, dims)))]
        answer = subprocess.run([program, "check", model, *arguments], capture_output=True).returncode
        if "accepts" in verdict and answer != 0 or "refuses" in verdict and answer != 1:
            wrong.append(f"{inputs}: {verdict} but exit code {answer}")
    check("12 random sizes: the page says what check says", not wrong, "; ".join(wrong[:3]))


def use(page, screenshot):
    first = page.value("document.querySelector('main button.sym')?.dataset.sym")
    check("the nodes are there", page.value("document.querySelectorAll('#nodes tr[id]').length") > 0)
    check("nothing but its own elements", page.value("document.querySelectorAll('img,iframe,link,object,embed').length") == 0)
    if first:
        page.value("document.querySelector('main button.sym').click()")
        lit, same = page.value("[document.querySelectorAll('button.sym.lit').length, document.querySelectorAll(`button.sym[data-sym=\"${CSS.escape('%s')}\"]`).length]" % first)
        check(f"{first} lights up everywhere", lit > 0 and lit == same, f"{lit} of {same}")
        check("its story is shown", page.value("!document.getElementById('panel').hidden"))
        page.press("Escape")
        check("Escape puts it out", page.value("document.querySelectorAll('button.sym.lit').length") == 0)
    page.press("/", "/")
    check("/ goes to the search", page.value("document.activeElement.type") == "search")
    name = page.value("[...document.querySelectorAll('#nodes tr[id] td:first-child')].at(-1).textContent")
    page.call("Input.insertText", text=name)
    check("it finds a node", page.value("document.querySelectorAll('#results [role=option]').length") > 0, name)
    page.press("ArrowDown")
    page.press("Enter")
    check("Enter goes there", page.value("document.querySelector('tr.here') !== null"))
    verdict = page.value("document.getElementById('verdict').textContent")
    check("the example is accepted", "accepts" in verdict or "no run" in verdict, verdict)
    field = page.value("document.querySelector('#sizes input:not([disabled])')?.value ?? null")
    if field is not None:
        page.value("{ const field = document.querySelector('#sizes input:not([disabled])'); field.value = '-1';"
                   "field.dispatchEvent(new Event('input', { bubbles: true })); }")
        check("-1 is not accepted", "accepts" not in page.value("document.getElementById('verdict').textContent"))
        page.value("{ const field = document.querySelector('#sizes input:not([disabled])'); field.value = '%s';"
                   "field.dispatchEvent(new Event('input', { bubbles: true })); }" % field)
    page.value("[...document.querySelectorAll('#nodes button')].find(button => button.textContent === 'Draw').click()")
    check("the graph is drawn", page.value("document.querySelectorAll('#nodes svg .box').length") > 0)
    if screenshot:
        page.value("window.scrollTo(0, 0)")
        image = page.call("Page.captureScreenshot", format="png")["data"]
        pathlib.Path(screenshot).write_bytes(base64.b64decode(image))


def main():
    arguments = sys.argv[1:]
    screenshot = None
    if "--screenshot" in arguments:
        at = arguments.index("--screenshot")
        screenshot = arguments[at + 1]
        del arguments[at:at + 2]
    if len(arguments) != 2:
        sys.exit(__doc__)
    names = [os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"]
    program = next((path for path in map(shutil.which, filter(None, names)) if path), None)
    if not program:
        print("skipped: no Chromium on the PATH")
        return
    with tempfile.TemporaryDirectory() as folder:
        report = os.path.join(folder, "report.html")
        subprocess.run([arguments[0], "report", arguments[1], "-o", report], check=True)
        browser = Browser(program, os.path.join(folder, "profile"))
        try:
            page = Page(browser, report)
            use(page, screenshot)
            compare_with_check(page, *arguments)
            problems = page.problems()
            check("no errors, no requests", not problems, "; ".join(problems[:5]))
        finally:
            browser.process.kill()
            browser.process.wait()
    sys.exit(1 if failed else 0)


main()
