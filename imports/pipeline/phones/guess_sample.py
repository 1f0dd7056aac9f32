"""The cells of a column that a guess looks at, with how they fit formats and countries."""

from collections import Counter
from collections.abc import Sequence

from imports.pipeline.placeholders import means_no_phone

from .batch import normalise_column
from .cleaning import Cleaned, clean
from .fit import Fit, fit, main_regions
from .metadata import code_of, dialing_code_of
from .phone_format import PhoneFormat, PhoneResult

LARGEST_SAMPLE = 500
SCAN_SAMPLE = 60  # cells that each of the world's countries is tried on
SHORTEST_ANYWHERE = 7  # digits; nobody is called with fewer


class Sample:
    """The filled cells looked at, spread over the file, with the region of each row."""

    def __init__(self, texts: Sequence[str], row_regions: Sequence[str | None] | None) -> None:
        filled = [place for place, text in enumerate(texts) if text and not text.isspace() and not means_no_phone(text)]
        step = max(1, -(-len(filled) // LARGEST_SAMPLE))
        places = filled[::step]
        self.texts = [texts[place] for place in places]
        self.row_regions = [row_regions[place] for place in places] if row_regions else None
        cleaned = [clean(text) for text in self.texts]
        self.numbers = [number.dialled for number in cleaned if isinstance(number, Cleaned)]
        self.written = [number for number in self.numbers if number.startswith(("+", "00"))]
        regions = self.row_regions or [None] * len(places)
        # Numbers that neither say their dialing code nor stand in a row that says its country. What is too short to be one
        # anywhere is refused in every reading and speaks for none.
        pairs = [
            (text, number.dialled)
            for text, number, region in zip(self.texts, cleaned, regions)
            if not region and isinstance(number, Cleaned) and not number.dialled.startswith(("+", "00"))
        ]
        pairs = [pair for pair in pairs if len(pair[1]) >= SHORTEST_ANYWHERE] or pairs
        self.open, self.open_numbers = [text for text, _ in pairs], [number for _, number in pairs]
        self._results: dict[PhoneFormat, list[PhoneResult]] = {}
        self._fits: dict[str, Fit] = {}

    @property
    def scanned(self) -> list[str]:
        """Some of the open numbers, spread over them all: those that every country of the world is tried on."""
        return self.open_numbers[:: max(1, -(-len(self.open_numbers) // SCAN_SAMPLE))]

    def results(self, phone_format: PhoneFormat) -> list[PhoneResult]:
        if phone_format not in self._results:
            self._results[phone_format] = normalise_column(self.texts, phone_format, self.row_regions)
        return self._results[phone_format]

    def share(self, phone_format: PhoneFormat) -> float:
        """The share of filled cells that can be called under a format."""
        return sum(result.reason is None for result in self.results(phone_format)) / len(self.texts)

    def fit(self, region: str) -> Fit:
        """How the open cells fit a region."""
        if region not in self._fits:
            self._fits[region] = fit(self.open, region)
        return self._fits[region]

    def written_regions(self) -> Counter[str]:
        """How many numbers say the dialing code of which country."""
        codes = Counter(dialing_code_of(number.lstrip("+").removeprefix("00")) for number in self.written)
        return Counter({region: codes[code_of(region)] for region in main_regions() if codes[code_of(region)]})
