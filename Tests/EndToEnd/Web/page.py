#!/usr/bin/env python3
"""A supervisor at the page, in Debian's Chromium by Playwright.

usage: page.py ADDRESS NAME PASSWORD DIRECTORY
Tells what it sees, one line each, so that the test knows what to do next; pictures go to DIRECTORY.
Ends with 0 when the story went as told.
"""

import os
import sys

from playwright.sync_api import expect, sync_playwright


def tell(what):
    print(what, flush=True)


def story(page, address, name, password, directory, errors):
    page.goto(address)
    expect(page.locator("#login")).to_be_visible()
    expect(page.locator("main")).to_be_hidden()
    # In the browser's language, and in the other.
    expect(page.locator("#login button")).to_have_text("Log in")
    page.click("#language")
    expect(page.locator("#login button")).to_have_text("登录")
    page.click("#language")

    page.fill("input[name=name]", name)
    page.fill("input[name=password]", "not the password")
    page.click("#login button")
    expect(page.locator("#fault")).to_have_text("Name or password are wrong.")
    # A refused request is in the console of every browser; it is the only thing there.
    refused = [error for error in errors if "401" in error]
    assert len(refused) == 1, errors
    errors.remove(refused[0])

    page.fill("input[name=password]", password)
    page.click("#login button")
    expect(page.locator("main")).to_be_visible()
    expect(page.locator("#state")).to_have_text("live")
    expect(page.locator("#branch")).to_have_text("Test branch")
    expect(page.locator("#waiting caption")).to_be_visible()
    cookies = page.context.cookies()
    assert len(cookies) == 1 and cookies[0]["httpOnly"] and cookies[0]["secure"], cookies
    assert cookies[0]["sameSite"] == "Strict", cookies
    assert name not in page.evaluate("document.cookie + JSON.stringify(localStorage)")
    tell("watching")

    # A caller who waits appears without anybody's doing.
    waiting = page.locator("#waiting tbody tr")
    expect(waiting).to_have_count(1, timeout=20_000)
    expect(waiting).to_contain_text("5678")
    waited = waiting.locator("td").nth(3)
    before = waited.text_content()
    expect(waited).not_to_have_text(before, timeout=5_000)
    tell("waiting")

    # The caller has asked to be called back: the number is masked, and the order is asked about.
    callbacks = page.locator("#callbacks tbody tr")
    expect(callbacks).to_have_count(1, timeout=30_000)
    expect(waiting).to_have_count(0, timeout=10_000)
    expect(callbacks).to_contain_text("+86*******5678")
    page.click("#language")
    expect(callbacks.locator("button").last).to_have_text("取消回呼")
    expect(page.locator("h2").first).to_have_text("排队中的来电")
    assert page.evaluate("document.documentElement.lang") == "zh"
    page.screenshot(path=os.path.join(directory, "page-zh.png"), full_page=True)
    page.click("#language")

    cancel = page.locator("[data-act='callback cancel']")
    cancel.click()
    expect(page.locator("#question")).to_have_text("Cancel the callback to +86*******5678?")
    page.click("#no")
    expect(callbacks).to_have_count(1)
    cancel.click()
    page.click("#yes")
    expect(callbacks).to_have_count(0, timeout=10_000)
    tell("cancelled")

    # On a phone's screen nothing has to be moved sideways.
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.screenshot(path=os.path.join(directory, "page-phone.png"), full_page=True)

    # The box falls silent: what is shown is old, and says so; it comes back by itself.
    tell("stop")
    expect(page.locator("#state")).to_contain_text("OLD", timeout=30_000)
    expect(page.locator("body")).to_have_class("old")
    del errors[:]
    tell("start")
    expect(page.locator("#login")).to_be_visible(timeout=60_000)
    del errors[:]
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", password)
    page.click("#login button")
    expect(page.locator("#state")).to_have_text("live", timeout=10_000)
    page.click("#logout")
    expect(page.locator("#login")).to_be_visible()
    expect(page.locator("main")).to_be_hidden()

    # As many browsers watch as may: that is said in words, and it goes on by itself.
    tell("crowd")
    while not os.path.exists(os.path.join(directory, "crowded")):
        page.wait_for_timeout(100)
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", password)
    page.click("#login button")
    expect(page.locator("#state")).to_contain_text("As many browsers as possible watch already")
    page.click("#language")
    expect(page.locator("#state")).to_contain_text("正在重试")
    page.click("#language")
    tell("leave")
    expect(page.locator("#state")).to_have_text("live", timeout=20_000)
    tell("done")


def main():
    address, name, password, directory = sys.argv[1:]
    errors = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        context = browser.new_context(ignore_https_errors=True, locale="en-GB")
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: message.type == "error" and errors.append(message.text))
        page.on("pageerror", lambda error: errors.append(str(error)))
        try:
            story(page, address, name, password, directory, errors)
        except BaseException:
            page.screenshot(path=os.path.join(directory, "page-failed.png"), full_page=True)
            raise
        finally:
            browser.close()
    assert not errors, errors


main()
