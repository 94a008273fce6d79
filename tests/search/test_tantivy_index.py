"""What only the index on the local disk can suffer."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from search.engines import tantivy_index
from search.engines.base import EngineUnavailable, Query, Texts
from search.engines.tantivy import TantivyEngine
from tests.search.collection import COLLECTION, document


@pytest.fixture
def engine(tmp_path: Path):
    engine = TantivyEngine(tmp_path)
    engine.rebuild(COLLECTION)
    yield engine
    engine.close()


def current(path: Path) -> Path:
    return path / (path / "current").read_text()


def reason(path: Path) -> str:
    with pytest.raises(EngineUnavailable) as caught:
        TantivyEngine(path).search(Query(words="mutuelle"))
    return caught.value.reason


def test_an_index_of_an_older_schema_is_outdated(engine, tmp_path, monkeypatch):
    monkeypatch.setattr(tantivy_index, "SCHEMA_VERSION", tantivy_index.SCHEMA_VERSION + 1)
    assert reason(tmp_path) == "outdated"


def test_other_languages_make_another_index(engine, tmp_path):
    with pytest.raises(EngineUnavailable) as caught:
        TantivyEngine(tmp_path, ("fr", "en")).search(Query())
    assert caught.value.reason == "outdated"


@pytest.mark.parametrize("damage", ["meta.json", "*.store", "*.term", "*.idx", "*.fast"])
def test_a_file_that_vanished_is_damage(engine, tmp_path, damage):
    for file in current(tmp_path).glob(damage):
        file.unlink()
    assert reason(tmp_path) == "damaged"


@pytest.mark.parametrize("name", ["meta.json", "*.store", "*.term", "*.idx", "*.pos", "*.fast", "*.fieldnorm"])
def test_a_file_cut_short_or_of_rubbish_is_damage(engine, tmp_path, name):
    for file in current(tmp_path).glob(name):
        content = file.read_bytes()
        for broken in (b"", content[: len(content) // 2], b"rubbish" * (len(content) // 7 + 1)):
            file.write_bytes(broken)
            assert reason(tmp_path) == "damaged"


@pytest.mark.parametrize("content", ["", "../../etc", "\udcff"])
def test_a_pointer_of_rubbish_is_damage(engine, tmp_path, content):
    (tmp_path / "current").write_text(content, errors="surrogateescape")
    assert reason(tmp_path) == "damaged"


def test_an_empty_or_removed_folder_is_missing(engine, tmp_path):
    assert reason(tmp_path / "elsewhere") == "missing"
    current(tmp_path).rename(tmp_path / "gone")
    assert reason(tmp_path) == "missing"


def test_damage_is_repaired_by_a_rebuild(engine, tmp_path):
    (current(tmp_path) / "meta.json").write_text("rubbish")
    with pytest.raises(EngineUnavailable):
        engine.search(Query())
    engine.rebuild(COLLECTION)
    assert engine.search(Query()).total == 5


def test_rebuilds_keep_one_folder_beside_the_one_in_use(engine, tmp_path):
    for _ in range(3):
        engine.rebuild(COLLECTION)
    assert len([entry for entry in tmp_path.iterdir() if entry.is_dir()]) == 2


def test_only_one_process_writes_and_only_one_rebuilds(engine, tmp_path):
    engine.index([COLLECTION[0]])
    other = TantivyEngine(tmp_path)
    with pytest.raises(EngineUnavailable) as caught:
        other.index([COLLECTION[0]])
    assert caught.value.reason == "busy"

    def documents():
        with pytest.raises(EngineUnavailable) as second:
            other.rebuild([])
        assert second.value.reason == "busy"
        yield from COLLECTION

    assert engine.rebuild(documents()) == len(COLLECTION)


def test_a_writer_killed_at_any_moment_leaves_an_index_that_opens(engine, tmp_path):
    program = textwrap.dedent("""
        import sys
        from pathlib import Path
        from search.engines.base import Texts
        from search.engines.tantivy import TantivyEngine
        from tests.search.collection import document
        engine = TantivyEngine(Path(sys.argv[1]))
        for n in range(100_000):
            engine.index([document(f"n{n}", {"fr": Texts(f"Titre {n}", "", "mot " * 50)})])
            print(n, flush=True)
    """)
    last = -1
    for rounds in (3, 11, 2):
        process = subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path)],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        )
        for _ in range(rounds):
            last = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        process.communicate()
        found = TantivyEngine(tmp_path).search(Query(words=f"Titre {last}", limit=1))
        assert found.total > last


def test_a_fork_reads_what_was_written_after_it(engine, tmp_path):
    engine.search(Query())
    read, write = os.pipe()
    child = os.fork()
    if not child:
        os.read(read, 1)
        os._exit(engine.search(Query()).total)
    other = TantivyEngine(tmp_path)
    other.index([document("new", {"fr": Texts("Nouveau", "", "")})])
    other.close()
    os.write(write, b"x")
    _pid, status = os.waitpid(child, 0)
    os.close(read)
    os.close(write)
    assert os.waitstatus_to_exitcode(status) == 6
