"""A headless Chromium, spoken to over a pipe, for the tests of pages."""
import json, os, pathlib, subprocess, time


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
        for domain in ("Runtime", "Log", "Page", "Network", "Accessibility"):
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
        code = {"/": 191, "Enter": 13, "Escape": 27, "ArrowDown": 40, "n": 78, "p": 80}.get(key, 0)
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code,
                      **({"text": text} if text and kind == "keyDown" else {}))

    def emulate(self, media="screen", scheme="light"):
        self.call("Emulation.setEmulatedMedia", media=media, features=[{"name": "prefers-color-scheme", "value": scheme}])

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
