"""`import_leads` as a script runs it, the sandbox over a socket. What is sent, stopped and gone on with runs in another process with
a database of its own; what is only read and answered, in this one: starting another takes longer than reading a small file."""

import json
import os
import shutil
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
import xlsxwriter
from django.conf import settings
from django.db import connection
from django.test import override_settings

from campaigns.whattalk.client import call, collect
from imports.management.commands.import_leads import Command
from tests.processes import PATIENCE, wait_until

pytestmark = pytest.mark.any_database

ROW_STATES = {
    "pending",
    "sending",
    "unknown",
    "created",
    "invalid",
    "duplicate_in_file",
    "duplicate_in_campaign",
    "do_not_call",
    "no_consent",
    "refused",
    "failed",
    "unconfirmed",
    "cancelled",
    "corrected",
}
LEADS = """Ad Soyad;Cep Telefonu;Firma
Ayşe Çağrı;0555 123 45 67;Acme
Ali Veli;+90 555 123 45 68;Beta
Ali Veli;05551234567;Beta
Kısa;12;
"""


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory, django_db_setup, django_db_blocker) -> Path:
    """The tables of the tests, empty as they are: making new ones takes seconds."""
    path = tmp_path_factory.mktemp("database") / "rowcall.sqlite3"
    with django_db_blocker.unblock():
        connection.cursor().execute("VACUUM INTO %s", [str(path)])
    return path


@pytest.fixture
def fresh_terminal(tmp_path, sandbox) -> "Terminal":
    return Terminal(tmp_path, {"WHATTALK_BASE_URL": sandbox.base_url, "WHATTALK_API_KEY": sandbox.api_key})


@pytest.fixture
def used_terminal(fresh_terminal, empty_database) -> "Terminal":
    """Where something has run before."""
    var = fresh_terminal.folder / "var"
    var.mkdir(mode=0o700)
    shutil.copy(empty_database, var)
    return fresh_terminal


@pytest.fixture
def terminal(transactional_db, tmp_path, sandbox) -> "Terminal":
    return ThisProcess(tmp_path, {"WHATTALK_BASE_URL": sandbox.base_url, "WHATTALK_API_KEY": sandbox.api_key})


class Terminal:
    """A fresh clone: no database, no broker, no worker."""

    def __init__(self, folder: Path, whattalk: dict[str, str]):
        self.folder = folder
        kept = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "LANG", "DATABASE_URL")}
        kept.pop("DATABASE_URL", None)
        self.environment = {**kept, "ROWCALL_VAR": str(folder / "var"), "DJANGO_SETTINGS_MODULE": "config.settings", **whattalk}

    def file(self, text: str | bytes = LEADS, name: str = "leads.csv") -> str:
        path = self.folder / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return str(path)

    def run(self, *words: object, **environment: str) -> subprocess.CompletedProcess:
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "import_leads", *map(str, words)]
        return subprocess.run(command, env={**self.environment, **environment}, capture_output=True, text=True, timeout=PATIENCE)

    def told(self, *words: object, code: int = 0, **environment: str) -> dict:
        """The JSON object of a run that ended with `code`."""
        ended = self.run(*words, "--json", **environment)
        assert ended.returncode == code, ended.stderr
        assert len(ended.stdout.strip().splitlines()) == 1
        return json.loads(ended.stdout)

    def refused(self, *words: object, **environment: str) -> str:
        """The one line said about an option that is wrong."""
        ended = self.run(*words, **environment)
        assert (ended.returncode, ended.stdout) == (2, ""), ended
        assert "Traceback" not in ended.stderr and len(ended.stderr.strip().splitlines()) == 1
        return ended.stderr


class ThisProcess(Terminal):
    """The same command without a process of its own."""

    def __init__(self, folder: Path, whattalk: dict[str, str]):
        super().__init__(folder, whattalk)
        self.whattalk = whattalk

    def run(self, *words: object, **environment: str) -> subprocess.CompletedProcess:
        command, out, err, code = ["manage.py", "import_leads", *map(str, words)], StringIO(), StringIO(), 0
        with override_settings(**{**self.whattalk, **environment}):
            try:
                Command(stdout=out, stderr=err, no_color=True).run_from_argv(command)
            except SystemExit as end:
                code = end.code
        return subprocess.CompletedProcess(command, code, out.getvalue(), err.getvalue())


def ask(sandbox, question):
    return call(sandbox.base_url, sandbox.api_key, question, allow_local=True)


def numbers_in(sandbox) -> list[str]:
    """What the sandbox took from our requests, each as often as it did."""
    return sorted(phone for (_campaign, phone), ids in sandbox.ledger.accepted().items() for _id in ids)


def test_a_file_goes_in_on_a_fresh_clone(fresh_terminal, sandbox):
    told = fresh_terminal.told(fresh_terminal.file(), "--campaign", 1050)
    assert (told["status"], told["rows"]) == ("done", 4)
    assert told["counts"] == {**dict.fromkeys(ROW_STATES, 0), "created": 2, "duplicate_in_file": 1, "invalid": 1}
    assert told["mapping"] == {"phone_number": "Cep Telefonu", "name": "Ad Soyad", "company": "Firma"}
    assert (told["phone_format"], told["country"], told["delimiter"], told["encoding"]) == ("national", "TR", ";", "utf-8")
    assert (told["sheet"], told["header_row"]) == (None, 1)
    assert numbers_in(sandbox) == ["+905551234567", "+905551234568"]
    leads = ask(sandbox, lambda client: collect(client.find_leads(campaign_id=1050, phone_number="+905551234567")))
    assert [lead.variables for lead in leads] == [{"name": "Ayşe Çağrı", "company": "Acme"}]


def test_a_dry_run_sends_nothing_and_may_be_sent_later(used_terminal, sandbox, tmp_path):
    told = used_terminal.told(used_terminal.file(), "--campaign", 1050, "--dry-run", "--ready", tmp_path / "ready.jsonl")
    assert told["status"] == "ready"
    assert told["counts"]["ready"] == 2 and "pending" not in told["counts"]
    assert sum(told["counts"].values()) == told["rows"] == 4
    assert numbers_in(sandbox) == []
    ready = [json.loads(line) for line in (tmp_path / "ready.jsonl").read_text().splitlines()]
    assert ready[0] == {
        "row": 2,
        "phone_number": "+905551234567",
        "variables": {"name": "Ayşe Çağrı", "company": "Acme"},
        "secondary_contacts": [],
    }
    assert [lead["row"] for lead in ready] == [2, 3]
    assert used_terminal.told("--resume", told["import"])["counts"]["created"] == 2


def test_numbers_of_the_campaign_are_known_before_anything_is_sent(terminal, sandbox):
    sandbox.control.add_leads(1050, ["+905551234567"])
    told = terminal.told(terminal.file(), "--campaign", 1050, "--dry-run")
    assert (told["counts"]["duplicate_in_campaign"], told["counts"]["ready"]) == (1, 1)


def test_duplicates_may_be_allowed(used_terminal, sandbox):
    sandbox.control.add_leads(1050, ["+905551234567"])
    told = used_terminal.told(used_terminal.file(), "--campaign", 1050, "--allow-duplicates")
    assert told["counts"]["created"] == 3
    assert numbers_in(sandbox) == ["+905551234567", "+905551234567", "+905551234568"]


def test_columns_and_format_may_be_named(terminal):
    text = "Kim,Numara,Yedek,Kurum\nAyşe,5551234567,5551234568,Acme\n"
    told = terminal.told(
        terminal.file(text),
        "--campaign",
        1050,
        "--dry-run",
        "--phone-format",
        "national",
        "--country",
        "Türkiye",
        "--map",
        "phone_number=numara",
        "--map",
        "name=KIM",
        "--map",
        "secondary_phone_1= Yedek ",
        "--map",
        "secondary_1_name=Kurum",
        "--map",
        "company=",
    )
    assert told["mapping"] == {"phone_number": "Numara", "name": "Kim", "secondary_phone_1": "Yedek", "secondary_1_name": "Kurum"}
    assert told["counts"]["ready"] == 1


def test_a_country_beside_the_international_format_is_said_to_be_unused(terminal):
    ended = terminal.run(
        terminal.file(), "--campaign", 1050, "--dry-run", "--json", "--phone-format", "international", "--country", "TR"
    )
    assert json.loads(ended.stdout)["counts"]["ready"] == 1
    assert "--country" in ended.stderr


def test_the_assistant_may_be_named_and_its_variables_are_then_the_only_ones(terminal, sandbox):
    assistant = ask(sandbox, lambda client: client.outbound_assistants())[0]
    variable = next(iter(assistant.variables))
    words = "--campaign", 1050, "--dry-run", "--assistant", assistant.id
    told = terminal.told(terminal.file(f"Telefon,{variable}\n05551234567,x\n"), *words)
    assert told["mapping"] == {"phone_number": "Telefon", variable: variable}
    assert "nonsense" in terminal.refused(terminal.file(), *words, "--map", "nonsense=Firma")


def test_while_nobody_knows_the_assistant_variables_may_be_named(terminal):
    told = terminal.told(terminal.file(), "--campaign", 1050, "--dry-run", "--map", "firm=Firma", "--map", "company=")
    assert told["mapping"]["firm"] == "Firma"


@pytest.mark.parametrize(
    "words, said",
    [
        (["--campaign", "1050", "--map", "phone_number=Telefn"], "Cep Telefonu"),
        (["--campaign", "1050", "--map", "phone_number"], "FIELD=HEADER"),
        (["--campaign", "1050", "--map", "phone_number=Firma", "--map", "name=Firma"], "Firma"),
        (["--campaign", "1050", "--country", "Atlantis"], "Atlantis"),
        (["--campaign", "1050", "--encoding", "klingon"], "klingon"),
        (["--campaign", "1050", "--delimiter", "ab"], "delimiter"),
        (["--campaign", "1050", "--escape", "ab"], "escape"),
        (["--campaign", "1050", "--header-row", "-1"], "header-row"),
        (["--campaign", "1050", "--phone-format", "local"], "phone-format"),
        (["--campaign", "1050", "--report", "report.pdf"], ".xlsx"),
        (["--campaign", "1050", "--ready", "/no/such/folder/x"], "folder"),
        (["--campaign", "1050", "--assistant", "999999"], "999999"),
        (["--campaign", "424242"], "1050"),
        ([], "--campaign"),
    ],
)
def test_a_wrong_option_is_one_plain_sentence(terminal, words, said):
    assert said in terminal.refused(terminal.file(), *words)


def test_how_text_is_read_is_told_and_can_be_said(terminal):
    content = '"Ad Soyad";"Cep Telefonu"\n' + "".join(
        f'"Ali{quoted} {n}";"0555 123 45 {n}"\n' for n in range(10, 20) for quoted in [' \\"Can\\"' if n % 2 else ""]
    )
    told = terminal.told(terminal.file(content), "--campaign", 1050, "--dry-run")
    assert (told["escape"], told["encoding_rivals"], told["counts"]["ready"]) == ("\\", [], 10)
    told = terminal.told(terminal.file(content), "--campaign", 1050, "--dry-run", "--escape", "none", "--delimiter", "semicolon")
    assert (told["escape"], told["counts"]["ready"], told["counts"]["invalid"]) == ("", 5, 5)


def test_damaged_letters_are_repaired_on_the_way_and_a_header_is_met_either_way(terminal):
    content = "Ad Soyad;Telefon;Þehir\nÝrem Güneþ;0555 123 45 67;Ýzmir\nAyþe Yýlmaz;0555 123 45 68;Muðla\n"
    for header in ("Þehir", "Şehir"):
        ready = terminal.folder / "ready.jsonl"
        told = terminal.told(
            terminal.file(content), "--campaign", 1050, "--dry-run", "--map", f"company={header}", "--ready", ready
        )
        assert told["mapping"]["company"] == "Şehir" and told["counts"]["ready"] == 2
        sent = [json.loads(line)["variables"] for line in ready.read_text("utf-8").splitlines()]
        assert sent == [{"name": "İrem Güneş", "company": "İzmir"}, {"name": "Ayşe Yılmaz", "company": "Muğla"}]


def test_a_file_that_is_none_is_said_so(used_terminal):
    assert "nowhere.csv" in used_terminal.refused("nowhere.csv", "--campaign", 1050)
    assert "PDF" in used_terminal.refused(used_terminal.file(b"%PDF-1.7\n", "liste.xlsx"), "--campaign", 1050)


def test_an_unsure_phone_column_is_an_error_that_says_so(terminal):
    said = terminal.refused(terminal.file("A,B\n1,2\n3,4\n"), "--campaign", 1050)
    assert "phone_number=" in said


def test_without_an_account_it_says_how_to_name_one(terminal):
    environment = {"WHATTALK_BASE_URL": "", "WHATTALK_API_KEY": ""}
    assert "WHATTALK_BASE_URL" in terminal.refused(terminal.file(), "--campaign", 1050, **environment)


def test_a_dead_key_stops_and_a_new_one_goes_on(used_terminal, sandbox):
    ended = used_terminal.run(used_terminal.file(), "--campaign", 1050, "--json", WHATTALK_API_KEY="dead|key")
    assert ended.returncode == 3 and "key" in ended.stderr and "Traceback" not in ended.stderr
    told = json.loads(ended.stdout)
    assert (told["status"], told["reason"], told["counts"]["pending"]) == ("paused", "key", 2)
    assert used_terminal.told("--resume", told["import"])["counts"]["created"] == 2
    assert len(numbers_in(sandbox)) == 2


def test_a_key_that_dies_in_the_middle_costs_no_row(used_terminal, sandbox):
    rows = "".join(f"Ayşe Ak,0555{n:07d},X\n" for n in range(100))
    sandbox.control.fault("dead_key", at=40)
    ended = used_terminal.run(used_terminal.file("name,phone,company\n" + rows), "--campaign", 1050, "--json")
    told = json.loads(ended.stdout)
    assert (ended.returncode, told["reason"]) == (3, "key")
    assert told["counts"]["created"] + told["counts"]["pending"] == 100
    sandbox.control.clear_faults()
    sandbox.control.settings(api_key=sandbox.api_key)
    assert used_terminal.told("--resume", told["import"])["counts"]["created"] == 100
    assert len(numbers_in(sandbox)) == 100


def test_interrupted_it_says_how_to_go_on(used_terminal, sandbox):
    sandbox.control.settings(latency_ms=1500)
    rows = "".join(f"Ayşe Ak,0555{n:07d},X\n" for n in range(100))
    command = [
        sys.executable,
        str(settings.BASE_DIR / "manage.py"),
        "import_leads",
        used_terminal.file("name,phone,company\n" + rows),
        "--campaign",
        "1050",
        "--json",
    ]
    with subprocess.Popen(
        command, env=used_terminal.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        wait_until(lambda: numbers_in(sandbox))
        process.terminate()
        said, complaint = process.communicate(timeout=PATIENCE)
    told = json.loads(said)
    assert process.returncode == 3 and f"--resume {told['import']}" in complaint and "Traceback" not in complaint
    assert told["counts"]["unknown"] == told["counts"]["sending"] == 0
    sandbox.control.settings(latency_ms=0)
    assert used_terminal.told("--resume", told["import"])["counts"]["created"] == 100
    assert len(numbers_in(sandbox)) == 100


def test_a_service_that_is_not_there_stops_at_once(terminal):
    ended = terminal.run(terminal.file(), "--campaign", 1050, "--json", WHATTALK_BASE_URL="http://127.0.0.1:9/api")
    assert ended.returncode == 3
    assert json.loads(ended.stdout)["reason"] == "unreachable"


def test_people_see_a_summary_instead_of_json(used_terminal):
    ended = used_terminal.run(used_terminal.file(), "--campaign", 1050)
    assert ended.returncode == 0
    assert "done" in ended.stdout and "rows in the file" in ended.stdout


@pytest.mark.parametrize("name", ["report.csv", "report.xlsx"])
def test_the_error_report_is_written(used_terminal, tmp_path, name):
    used_terminal.told(used_terminal.file(), "--campaign", 1050, "--report", tmp_path / name)
    assert (tmp_path / name).stat().st_size > 100


def test_an_import_that_does_not_exist_cannot_be_resumed(terminal):
    assert "424242" in terminal.refused("--resume", 424242)


def test_sheet_and_header_row_may_be_named(terminal, tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "liste.xlsx")
    book.add_worksheet("Özet").write_row(0, 0, ["Toplam", "2"])
    sheet = book.add_worksheet("Müşteriler")
    for row, cells in enumerate([["Rapor"], [], ["Ad", "Tel"], ["Ayşe", "0555 123 45 67"]]):
        sheet.write_row(row, 0, cells)
    book.close()
    words = tmp_path / "liste.xlsx", "--campaign", 1050, "--dry-run", "--sheet", "Müşteriler"
    told = terminal.told(*words, "--header-row", 3)
    assert (told["sheet"], told["header_row"], told["rows"], told["counts"]["ready"]) == ("Müşteriler", 3, 1, 1)
    assert "Müşteriler" in terminal.refused(*words[:-1], "Kayıp")


def test_no_headers_at_all_is_fine_when_said_so(terminal):
    told = terminal.told(terminal.file("Ayşe,05551234567\nAli,05551234568\n"), "--campaign", 1050, "--dry-run", "--header-row", 0)
    assert told["counts"]["ready"] == 2 and told["mapping"]["phone_number"] == "B"


LISTS = """Ad;Telefon;;Ad;Telefon
Ayşe Çağrı;0555 123 45 67;;Hasan Bey;0555 123 45 71
Ömer Işık;0555 123 45 68;;Gül Taş;12
Ece Öz;0555 123 45 69;;Emre Koç;0555 123 45 67
"""


def test_lists_side_by_side_are_one_lead_for_each_list_and_row(used_terminal, sandbox, tmp_path):
    told = used_terminal.told(
        used_terminal.file(LISTS), "--campaign", 1050, "--ready", tmp_path / "ready.jsonl", "--report", tmp_path / "report.csv"
    )
    assert (told["lists"], told["rows"], told["mapping"]) == (2, 6, {"phone_number": "Telefon", "name": "Ad"})
    assert (told["counts"]["created"], told["counts"]["invalid"], told["counts"]["duplicate_in_file"]) == (4, 1, 1)
    assert numbers_in(sandbox) == ["+905551234567", "+905551234568", "+905551234569", "+905551234571"]
    ready = [json.loads(line) for line in (tmp_path / "ready.jsonl").read_text().splitlines()]
    assert [(lead["row"], lead["column"]) for lead in ready] == [(2, "A"), (3, "A"), (4, "A"), (2, "D")]
    report = (tmp_path / "report.csv").read_text("utf-8-sig")
    assert '"3","D"' in report and "Row 2, column A has the same number." in report and "10000" not in report


def test_a_person_may_say_how_many_lists_there_are(terminal):
    told = terminal.told(
        terminal.file(LISTS),
        "--campaign",
        1050,
        "--dry-run",
        "--lists",
        1,
        "--map",
        "phone_number=Telefon",
        "--map",
        "secondary_phone_1=",
    )
    assert (told["lists"], told["rows"]) == (1, 3)
    assert "cannot be divided into 3 lists" in terminal.refused(
        terminal.file(LISTS), "--campaign", 1050, "--dry-run", "--lists", 3
    )
    assert "--lists" in terminal.refused(terminal.file(LISTS), "--campaign", 1050, "--dry-run", "--lists", 0)


# -- what is not proven is asked -------------------------------------------------------------------------------------
MOBILES = [f"0532 {n} 22 {n % 90 + 10}" for n in range(111, 121)]
TWO_PHONES = "Ad;Cep;Ev Tel\n" + "".join(f"Kişi {n};{mobile};0212 345 {n + 10} 78\n" for n, mobile in enumerate(MOBILES))


def choice(told: dict, what: str) -> dict:
    return next(one for one in told["choices"] if one["what"] == what)


def test_every_choice_is_told_with_its_grade(terminal):
    told = terminal.told(terminal.file(), "--campaign", 1050, "--dry-run")
    assert {one["what"]: (one["chosen"], one["grade"]) for one in told["choices"]} == {
        "header_row": ("1", "proven"),
        "encoding": ("utf-8", "proven"),
        "phone_number": ("Cep Telefonu", "proven"),
        "phone_format": ("TR", "proven"),
    }
    assert all(one["why"] and one["instead"] == [] for one in told["choices"])
    assert told["notes"] == ["No column was found for “product”. Choose one if the file has it."]


def test_a_second_phone_is_asked_and_the_option_is_named(terminal, sandbox):
    path = terminal.file(TWO_PHONES)
    ended = terminal.run(path, "--campaign", 1050, "--json")
    told = json.loads(ended.stdout)
    assert (
        ended.returncode == 2
        and '--map secondary_phone_1="Ev Tel"' in ended.stderr
        and "--map secondary_phone_1=" in ended.stderr
    )
    assert (told["reason"], told["rows"], told["counts"], told["mapping"]["secondary_phone_1"]) == ("must_ask", 0, {}, "Ev Tel")
    assert choice(told, "secondary_phone_1")["grade"] == "likely" and numbers_in(sandbox) == []
    assert terminal.told(path, "--campaign", 1050, "--dry-run", "--map", "secondary_phone_1=")["mapping"].keys() == {
        "phone_number",
        "name",
    }
    kept = terminal.told(path, "--campaign", 1050, "--dry-run", "--map", "secondary_phone_1=Ev Tel")
    assert choice(kept, "secondary_phone_1") == {
        "what": "secondary_phone_1",
        "chosen": "Ev Tel",
        "grade": "proven",
        "why": "You chose it.",
        "instead": [],
    }


def test_a_country_that_is_not_proven_is_asked(terminal):
    path = terminal.file("Name,Phone,State,ZIP\n" + "".join(f"Ann {n},212-555-01{n},NY,100{n}\n" for n in range(10, 20)))
    ended = terminal.run(path, "--campaign", 1050, "--json")
    told = json.loads(ended.stdout)
    assert ended.returncode == 2 and "--country" in ended.stderr and "Türkiye" in ended.stderr
    assert choice(told, "phone_format")["chosen"] == "US" and "TR" in choice(told, "phone_format")["instead"]
    assert terminal.told(path, "--campaign", 1050, "--dry-run", "--country", "US")["counts"]["ready"] == 10


def test_who_said_no_and_what_is_joined(terminal):
    text = "Ad;Soyad;Telefon;Arama İzni\n" + "".join(
        f"Ali {n};Kaya;{mobile};{'Hayır' if n % 2 else 'Evet'}\n" for n, mobile in enumerate(MOBILES)
    )
    told = terminal.told(
        terminal.file(text), "--campaign", 1050, "--dry-run", "--map", 'name="Ad"+"Soyad"', "--map", "consent=Arama İzni"
    )
    assert (told["counts"]["ready"], told["counts"]["no_consent"]) == (5, 5)
    assert told["mapping"] == {"phone_number": "Telefon", "name": "Ad + Soyad", "consent": "Arama İzni"}


def test_other_sheets_with_leads_are_asked_about(terminal, tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "aylar.xlsx")
    for month in ("Ocak", "Şubat", "Mart"):
        sheet = book.add_worksheet(month)
        for row, cells in enumerate([["Ad", "Telefon"], *(["Ayşe", mobile] for mobile in MOBILES)]):
            sheet.write_row(row, 0, cells)
    book.close()
    ended = terminal.run(tmp_path / "aylar.xlsx", "--campaign", 1050, "--json")
    told = json.loads(ended.stdout)
    assert ended.returncode == 2 and "--sheet" in ended.stderr
    assert choice(told, "sheet") | {"why": ""} == {
        "what": "sheet",
        "chosen": "Ocak",
        "grade": "likely",
        "why": "",
        "instead": ["Şubat", "Mart"],
    }
    assert any("Şubat, Mart" in note for note in told["notes"])
    told = terminal.told(tmp_path / "aylar.xlsx", "--campaign", 1050, "--dry-run", "--sheet", "Şubat")
    assert told["counts"]["ready"] == 10 and any("Ocak, Mart" in note for note in told["notes"])


def test_columns_and_variables_without_each_other_are_said(terminal):
    told = terminal.told(
        terminal.file("Ad;Telefon\n" + "".join(f"Kişi;{mobile}\n" for mobile in MOBILES)), "--campaign", 1050, "--dry-run"
    )
    assert any("company" in note for note in told["notes"])
