#!/usr/bin/env python3
"""Open a report's page in headless Chromium and use it as a reader would.

usage: check_report.py PATH/TO/swiftfx MODEL.pt2 [--screenshot OUT.png]

Also opens copies of MODEL: one with hostile names, one with 10,000 more nodes, and MODEL beside a copy of itself, one with
another operator and the hostile one. Needs `chromium`, `chromium-browser` or `google-chrome` on the PATH, or in CHROMIUM;
without one it says that it is skipped, and exits with 0. Prints one line for each check and exits with 1 if one fails.
"""
import base64, json, os, pathlib, random, shutil, subprocess, sys, tempfile, time

import altered_archives
from headless_browser import Browser, Page

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


def use(page):
    first = page.value("document.querySelector('main button.sym')?.dataset.sym")
    check("the nodes are there", page.value("document.querySelectorAll('#nodes tr[id]').length") > 0)
    check("nothing but its own elements", page.value("document.querySelectorAll('img,iframe,link,object,embed').length") == 0)
    if first:
        page.value("document.querySelector('main button.sym').click()")
        lit, same = page.value("[document.querySelectorAll('button.sym.lit').length, document.querySelectorAll(`button.sym[data-sym=\"${CSS.escape('%s')}\"]`).length]" % first)
        check(f"{first} lights up everywhere", lit > 0 and lit == same, f"{lit} of {same}")
        check("its story is shown", page.value("!document.getElementById('panel').hidden"))
        page.press("n", "n")
        check("n goes to its next place", page.value("document.activeElement.matches('button.sym.lit')"))
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


def use_drawings(page):
    page.value("{ const button = document.querySelector('#nodes details > div > button');"
               "if (button && /^Draw/.test(button.textContent)) button.click(); }")
    boxes = page.value("document.querySelectorAll('#nodes svg .box').length")
    check("the program is drawn", boxes > 0)
    if not boxes:
        return
    page.value("document.querySelector('#nodes svg g.node, #nodes svg g.module').focus()")
    page.press("Enter")
    check("Enter on a box goes there", page.value(
        "document.activeElement.matches('tr.here') || document.activeElement.matches('#nodes summary')"))
    modules = page.value("document.querySelectorAll('#nodes details[data-module]:not([data-module=\"\"])').length")
    if modules:
        page.value("document.querySelector('#nodes details[data-module]:not([data-module=\"\"]) > summary').click()")
        time.sleep(0.1)
        check("a module opens with its graph drawn", page.value(
            "document.querySelector('#nodes details[data-module]:not([data-module=\"\"])').querySelector('svg .box, button') !== null"))
    nested = page.value("[...document.querySelectorAll('#nodes > details[data-graph]')].map(view => view.dataset.graph).filter(Boolean)")
    for path in nested:
        page.value("{ const view = [...document.querySelectorAll('#nodes > details[data-graph]')].find(view => view.dataset.graph === %s);"
                   "view.open = true; view.scrollIntoView(); }" % json.dumps(path))
        time.sleep(0.1)
        view = "[...document.querySelectorAll('#nodes > details[data-graph]')].find(view => view.dataset.graph === %s)" % json.dumps(path)
        check(f"the nested graph {path[:20]} is drawn apart", page.value(f"{view}.querySelector('svg .box') !== null"))
        check("its callers are named", page.value(f"/called by ./.test({view}.textContent)"))


CONTRAST = """(() => {
  const channel = value => (value /= 255) <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const luminance = color => {
    canvas.fillStyle = "#fff"; canvas.fillRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
    const [r, g, b] = canvas.getImageData(0, 0, 1, 1).data;
    return 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  };
  const back = luminance(getComputedStyle(document.body).backgroundColor);
  return ["body", "#nodes .dim", "nav a", "button.sym", ".good", ".bad"].flatMap(selector => {
    const found = document.querySelector(selector);
    if (!found) return [];
    const text = luminance(getComputedStyle(found).color);
    return [[selector, (Math.max(text, back) + 0.05) / (Math.min(text, back) + 0.05)]];
  });
})()"""


def look(page):
    """Light, dark and printed."""
    back = "getComputedStyle(document.body).backgroundColor"
    for scheme, color in (("light", "rgb(255, 255, 255)"), ("dark", "rgb(22, 24, 28)")):
        page.emulate(scheme=scheme)
        check(f"{scheme}: the system's choice holds", page.value(back) == color, page.value(back))
        weak = [f"{what} {ratio:.1f}" for what, ratio in page.value(CONTRAST) if ratio < 4.5]
        check(f"{scheme}: texts can be read", not weak, ", ".join(weak))
    page.value("document.getElementById('theme').click()")
    check("the button makes it light", page.value(back) == "rgb(255, 255, 255)", page.value(back))
    page.value("document.getElementById('theme').click()")
    page.emulate(media="print", scheme="dark")
    check("printed on white", page.value(back) == "rgb(255, 255, 255)", page.value(back))
    check("printed without controls", page.value("getComputedStyle(document.querySelector('nav')).display") == "none")
    page.emulate()
    page.value("delete document.documentElement.dataset.theme")
    pdf = base64.b64decode(page.call("Page.printToPDF", printBackground=False)["data"])
    check("it prints", pdf.startswith(b"%PDF") and b"/Page" in pdf)


def read_aloud(page):
    """What a screen reader is given."""
    nodes = page.call("Accessibility.getFullAXTree")["nodes"]
    def named(node):
        return bool(node.get("name", {}).get("value", "").strip())
    roles = [node["role"]["value"] for node in nodes if not node.get("ignored")]
    for role in ("main", "navigation", "heading", "table", "status", "combobox"):
        check(f"a {role} is announced", role in roles)
    mute = [node["role"]["value"] for node in nodes if not node.get("ignored")
            and node["role"]["value"] in ("link", "button", "textbox", "spinbutton", "combobox", "table", "region") and not named(node)]
    check("everything to use has a name", not mute, ", ".join(mute[:5]))


def shoot(page, path):
    page.value("window.scrollTo(0, 0)")
    image = page.call("Page.captureScreenshot", format="png", captureBeyondViewport=True,
                      clip={"x": 0, "y": 0, "width": 1280, "height": 2300, "scale": 1})["data"]
    pathlib.Path(path).write_bytes(base64.b64decode(image))


def check_hostile(page):
    check("hostile names did nothing", page.value("window.hit") is None)
    check("no element came from a name", page.value("document.querySelectorAll('img,b,iframe,object').length") == 0)
    check("they are shown as text", page.value("document.body.textContent.includes('<img src=x onerror=window.hit=1>')"))
    for action in ("document.querySelector('main button.sym')?.click()",
                   "[...document.querySelectorAll('#nodes button')].at(0).click()",
                   "document.querySelectorAll('details').forEach(view => view.open = true)"):
        page.value(action)
    time.sleep(0.2)
    check("nor when all is open", page.value("window.hit") is None and page.value("document.querySelectorAll('img,b,iframe,object').length") == 0)


def check_long(page):
    seconds = page.value("performance.now()") / 1000
    check(f"10,000 nodes open in {seconds:.1f} s", seconds < 20)
    page.press("/", "/")
    page.call("Input.insertText", text="chained_9999")
    page.press("Enter")
    check("the last of them is found", page.value("document.querySelector('tr.here td')?.textContent") == "chained_9999")


def check_difference(page):
    check("differences have a section", page.value("document.getElementById('differences') !== null"))
    check("what is in one program only is marked", page.value("document.querySelectorAll('#nodes .removed, #nodes .added').length") > 0)
    check("both programs are there", page.value("new Set([...document.querySelectorAll('#nodes > details')].map(view => view.dataset.side)).size") == 2)
    page.value("document.querySelector('#differences td a').click()")
    check("a difference leads to its node", page.value("document.querySelector('tr.here')?.matches('.removed, .added, .changed')"))


def check_equal(page):
    check("a copy is equal", "equal" in page.value("document.getElementById('differences').textContent"))


def open_report(browser, program, folder, *models):
    """The page of a program, or of one against another."""
    report = os.path.join(folder, "report.html")
    against = ["--against", models[1]] if len(models) > 1 else []
    subprocess.run([program, "report", models[0], *against, "-o", report, "--force"], check=True)
    return Page(browser, report)


def main():
    arguments = sys.argv[1:]
    screenshot = None
    if "--screenshot" in arguments:
        at = arguments.index("--screenshot")
        screenshot = arguments[at + 1]
        del arguments[at:at + 2]
    if len(arguments) != 2:
        sys.exit(__doc__)
    program, model = arguments
    names = [os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"]
    chromium = next((path for path in map(shutil.which, filter(None, names)) if path), None)
    if not chromium:
        print("skipped: no Chromium on the PATH")
        return
    with tempfile.TemporaryDirectory() as folder:
        def copy(name, change):
            path = os.path.join(folder, name + ".pt2")
            altered_archives.altered(model, path, change)
            return path
        hostile = copy(altered_archives.HOSTILE.replace("/", ""), altered_archives.make_hostile)
        cases = [
            ("the page", [model], [use, use_drawings, read_aloud, look, lambda page: compare_with_check(page, program, model)]),
            ("hostile names", [hostile], [use, check_hostile]),
            ("10,000 nodes", [copy("long", altered_archives.make_long(10_000))], [check_long]),
            ("a copy beside it", [model, copy("copy", lambda program: None)], [check_equal]),
            ("another program beside it", [model, copy("other", altered_archives.replace_operator)], [check_difference]),
            ("hostile names beside it", [model, hostile], [check_hostile]),
        ]
        browser = Browser(chromium, os.path.join(folder, "profile"))
        try:
            for title, models, checks in cases:
                print(title)
                page = open_report(browser, program, folder, *models)
                if screenshot and title == "the page":
                    shoot(page, screenshot)
                for step in checks:
                    step(page)
                problems = page.problems()
                browser.events.clear()
                check("no errors, no requests", not problems, "; ".join(problems[:5]))
        finally:
            browser.process.kill()
            browser.process.wait()
    sys.exit(1 if failed else 0)


main()
