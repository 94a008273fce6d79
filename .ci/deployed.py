"""Runs the parts of compose.yaml by hand, without containers, and looks whether all is well, also when a part is away.

Commands, settings and checks of health are those of compose.yaml and the Dockerfile; PostgreSQL is that of DATABASE_URL,
Elasticsearch that of ELASTICSEARCH_URL. SEARCH_NODE names a folder with programs `start` and `stop` of that node: without it,
the node is never away.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from parts import HOST, LAG, NOTICE, Deployment, ask, say, seen

NAME, PASSWORD = "awa", "a-password-of-ci-2026"
ACCOUNT_AND_FILE = f"""
from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from knowledge.models import ItemFile
from portal.models import File
from tests import factories
from tests.portal.file_samples import pdf
get_user_model().objects.create_superuser({NAME!r}, password={PASSWORD!r})
file = File.objects.create(title="Reçus", file=ContentFile(pdf("Carnet de battage de la saison"), "recus.pdf"))
item = factories.experience(title_fr="Grenier commun de Djougou", publish=False)
ItemFile.objects.create(page=item, file=file)
item.save_revision(clean=False).publish()
print(file.url)
"""


def look_at_health(portal: Deployment) -> None:
    """The probes of containers: by http, under an address instead of a name."""
    for path in ("/healthz", "/readyz"):
        answer = ask(portal.port, "GET", path, {"Host": "10.0.0.7:8000"})
        seen(f"{path} answers a probe", answer.status == 200 and "Set-Cookie" not in answer.headers, answer.text)
        seen(f"{path} is kept by nobody", answer.headers["Cache-Control"] == "no-store")
    for service in ("web", "worker", "drainer", "clock"):
        portal.run(portal.check(service))


def look_at_pages(portal: Deployment) -> None:
    """Pages, what stands in their heads, and files."""
    plain = ask(portal.port, "GET", "/fr/", {"Host": HOST})
    moved = plain.status == 301 and plain.headers["Location"] == f"https://{HOST}/fr/"
    seen("http leads to https", moved, plain.status, plain.headers)
    seen("another host name is refused", ask(portal.port, "GET", "/fr/", {"Host": "other.example"}).status == 400)
    for code in ("fr", "en", "es", "pt"):
        answer = portal.get(f"/{code}/")
        seen(f"home, {code}", answer.status == 200 and f'<html lang="{code}"' in answer.text, answer.status)
        policy = answer.headers["Content-Security-Policy"]
        seen("  a policy without inline code", "script-src 'self'" in policy and "unsafe" not in policy, policy)
        seen("  HSTS, nosniff, no frames", "max-age=31536000" in answer.headers["Strict-Transport-Security"]
             and answer.headers["X-Content-Type-Options"] == "nosniff" and answer.headers["X-Frame-Options"] == "DENY",
             answer.headers)  # fmt: skip
        seen("  no cookie, no token", "Set-Cookie" not in answer.headers and "csrf" not in answer.text)
        seen("  304 to a repeat", portal.get(f"/{code}/", **{"If-None-Match": answer.headers["ETag"]}).status == 304)
    style = portal.get(re.search(r'href="(/static/css/portal\.[^"]+\.css)"', answer.text)[1])
    seen("a static file is for ever", style.status == 200 and "immutable" in style.headers["Cache-Control"])
    icon = portal.get("/favicon.ico")
    seen("the icon", icon.status == 302 and portal.get(icon.headers["Location"]).status == 200)
    part = re.search(rf"https://{HOST}(/sitemap-1\.xml)", portal.get("/sitemap.xml").text)[1]
    seen("the sitemap", f"https://{HOST}/fr/experiences/" in portal.get(part).text)
    log_in = portal.get("/admin/login/")
    cookies = log_in.headers.get_all("Set-Cookie")
    well = log_in.status == 200 and all(cookie.startswith("__Host-") and "Secure" in cookie for cookie in cookies)
    seen("the log-in sets cookies for this host and https alone", well, cookies)


def look_without_drainer(portal: Deployment) -> None:
    """Nobody writes the index: it is said after a while, and put right when somebody does again."""
    portal.stop("drainer")
    portal.add("Caisse de secours des mareyeuses")
    portal.wait_until("/readyz says that the index is behind", LAG + 10, lambda: portal.lacks(index="behind"))
    seen("/healthz says that the web server is well", portal.get("/healthz").status == 200)
    portal.start("drainer")
    portal.wait_until("all is well again", 30, portal.ready)
    seen("what was saved meanwhile is found", portal.finds("mareyeuse", "mareyeuses"))


def look_without_node(portal: Deployment, node: Path) -> None:
    """Elasticsearch stops, loses its data, comes back: the portal goes on, and the index is built anew by itself."""
    subprocess.run([str(node / "stop")], check=True, stdout=sys.stderr)  # noqa: S603
    portal.wait_until("/readyz names the search", 15, lambda: portal.lacks(search="unreachable"))
    seen("/healthz says that the web server is well", portal.get("/healthz").status == 200)
    started = time.monotonic()
    answer = portal.get("/fr/search/?q=mareyeuses&exact=1")
    well = answer.status == 200 and NOTICE in answer.text and "mareyeuses" in answer.text
    seen(
        f"the database answers ({time.monotonic() - started:.1f} s)",
        well and time.monotonic() - started < 3,
        answer.status,
    )
    seen("home", portal.get("/en/").status == 200)
    portal.add("Mutuelle des saliculteurs")
    subprocess.run([str(node / "start")], check=True, stdout=sys.stderr)  # noqa: S603
    portal.wait_until("all is well again", 90, portal.ready)
    portal.wait_until("what was saved meanwhile is found", 30, lambda: portal.finds("saliculteur", "saliculteurs"))


def look_at_two_hosts(portal: Deployment) -> None:
    """A second web host beside the first, with a worker: what one of them knows, both do."""
    other = portal.another_host()
    try:
        portal.stop("worker")
        other.start("web")
        other.start("worker")
        other.wait_until("/readyz of the second host says that all is well", 60, other.ready)
        hosts = (portal, other)
        for host in hosts:
            host.get("/fr/")  # keeps the page
        portal.add("Caisse des riziculteurs")
        shown = ["riziculteurs" in host.get("/fr/").text for host in hosts]
        seen("a publication is on the kept pages of both hosts at once", all(shown), shown)
        for host in hosts:
            host.wait_until("what is saved is found", 15, lambda host=host: host.finds("riziculteur", "riziculteurs"))
        address = portal.run(["python", "manage.py", "shell", "--verbosity", "0", "-c", ACCOUNT_AND_FILE]).strip()
        read = "the worker of the second host reads a file of the first"
        other.wait_until(read, 30, lambda: portal.finds("carnet+de+battage", "Djougou"))
        files = [host.get(address) for host in hosts]
        well = all(answer.status == 200 and answer.content.startswith(b"%PDF") for answer in files)
        seen("both hosts hand out the file", well, [answer.status for answer in files])
        look_at_log_ins(*hosts)
        portal.stop("web")
        seen(
            "one host goes on without the other", other.get("/fr/").status == 200 and other.finds("riziculteur", "riz")
        )
        portal.start("web")
        portal.wait_until("all is well again", 60, portal.ready)
    finally:
        other.end()
    portal.start("worker")


def look_at_log_ins(one: Deployment, other: Deployment) -> None:
    """Who is logged in at one host is at the other, and wrong passwords count on both together."""
    answer, cookies = one.log_in(NAME, PASSWORD)
    seen("a log-in at one host", answer.status == 302, answer.status, answer.text[:500])
    home = other.get("/admin/", Cookie=cookies)
    seen("is one at the other", home.status == 200 and "logout" in home.text, home.status)
    tries = [host.log_in("nobody", "wrong")[0].status for _time in range(5) for host in (one, other)]
    seen("wrong passwords count on both together", tries[:7] == [200] * 7 and tries[-1] == 429, tries)


@contextmanager
def deployed() -> Iterator[Deployment]:
    """Build the portal and run all its parts."""
    folder = Path(tempfile.mkdtemp(prefix="deployed-"))
    portal = Deployment(folder)
    try:
        portal.build()
        portal.run(portal.command("set_up"))
        for service in ("web", "worker", "drainer", "clock"):
            portal.start(service)
        yield portal
    finally:
        portal.end()
        shutil.rmtree(folder)


def main() -> None:
    """Run everything."""
    started = time.monotonic()
    with deployed() as portal:
        portal.wait_until("/readyz says that all is well, the index built by the drainer", 90, portal.ready)
        portal.add("Mutuelle des pêcheurs de Cotonou")
        portal.wait_until("what is saved is found", 15, lambda: portal.finds("mutuelles+de+pecheur", "de Cotonou"))
        look_at_health(portal)
        look_at_pages(portal)
        look_at_two_hosts(portal)
        look_without_drainer(portal)
        if os.environ.get("SEARCH_NODE"):
            look_without_node(portal, Path(os.environ["SEARCH_NODE"]).resolve())
        verified = portal.run(["python", "manage.py", "search_verify"])
        say(verified.strip())
        for service in ("clock", "worker", "drainer", "web"):
            portal.stop(service)
    say(f"The parts of compose.yaml run by hand: {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
