#!/bin/sh
# Install the system packages that some tests use, where this user may; say what is left out where not.
# Nothing here is needed to read reports.
packages="tesseract-ocr tesseract-ocr-chi-sim fonts-wqy-microhei fonts-wqy-zenhei fonts-arphic-uming fonts-noto-cjk fonts-liberation chromium chromium-driver"
browser() { [ -n "$(command -v chromium || command -v google-chrome || command -v chrome)" ] && command -v chromedriver >/dev/null 2>&1; }
have() { command -v "$1" >/dev/null 2>&1; }

if have tesseract && tesseract --list-langs 2>/dev/null | grep -q chi_sim && [ -n "$(fc-list :lang=zh 2>/dev/null | head -n 1)" ] && browser; then
    exit 0
fi
if ! have apt-get; then
    echo "system packages: this system has no apt-get; tests that need Tesseract, Chinese fonts or a browser will be skipped"
    exit 0
fi
if [ "$(id -u)" = 0 ]; then
    as_root=""
elif have sudo && sudo -n true 2>/dev/null; then
    as_root="sudo"
else
    echo "system packages: not root; tests that need Tesseract, Chinese fonts or a browser will be skipped. To run them, install:"
    echo "  $packages"
    exit 0
fi
echo "system packages: installing $packages"
$as_root apt-get update -qq && DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $packages fontconfig >/dev/null
