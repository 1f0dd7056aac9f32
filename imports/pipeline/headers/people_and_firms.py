"""Words by which the names of people and of firms are told apart, whatever the header above them says."""

from functools import lru_cache

from .folding import fold

# Words in the names of firms, never in those of people.
COMPANY_WORDS = frozenset(
    """
    ltd sti as san tic anonim limited sirketi insaat gida tekstil otomotiv lojistik mobilya holding ticaret sanayi
    kooperatifi vakfi dernegi belediyesi market inc llc corp co company group traders gmbh ag kg ug ohg autohaus
    backerei sl sa slu construcciones talleres grupo sarl sas sasu garage atelier boulangerie spa srl bv nv lda ooo شركة
    مؤسسة مجموعة للتجارة elektrik kirtasiye nakliye insaati makine makina turizm plastik hirdavat nakliyat
    ambalaj matbaa eczanesi oto yapi
""".split()
)

# Common given names: what a column of people looks like under any header.
GIVEN_NAMES = frozenset(
    """
    ahmet mehmet mustafa ali huseyin hasan ibrahim ismail osman yusuf murat omer ramazan halil suleyman abdullah mahmut
    recep salih fatma ayse emine hatice zeynep elif meryem serife sultan hanife merve zehra ozlem yasemin hulya esra
    busra kubra gamze tugba emre burak can cem kemal kerem mert onur serkan volkan yasin zafer gokhan hakan ilker kadir
    metin orhan ridvan sinan tolga ugur derya deniz ebru filiz gul gulsum havva leyla melek nur nuray pinar selin sevgi
    sibel songul aysel cigdem dilek eda ece irem enes furkan baris ayhan cengiz erdal erkan ferhat levent necati nihat
    selim sedat tuncay turgut veysel yavuz arda berk kaan john james robert michael william david richard joseph thomas
    charles daniel matthew mark paul steven andrew george kevin brian mary patricia jennifer linda elizabeth barbara
    susan jessica sarah karen nancy lisa emily emma olivia sophia anna laura julia peter hans klaus jurgen wolfgang
    stefan andreas markus christian sabine petra monika claudia ursula heike lukas jose juan antonio manuel francisco
    luis carlos miguel pedro javier maria carmen ana isabel dolores lucia marta elena paula jean pierre michel philippe
    alain nicolas francois marie nathalie isabelle sophie camille chloe lea manon claire marco giulia luca francesca
    paolo chiara giuseppe giovanni andrea alessandro davide sara valentina federica simone matteo joao beatriz tiago
    ines rui sofia bruno catarina joana rita jan sanne daan lotte pieter anouk kees johan ivan mariya aleksey olga
    dmitriy sergey tatyana иван мария алексеи ольга дмитрии анна сергеи елена татьяна наталья piotr krzysztof agnieszka
    katarzyna andrzej tomasz magdalena oliver harry noah grace jack amelia isla mia ava liam lucas mohamed mohammed
    muhammad ahmad khalid omar fatima aisha maryam hassan hussein abdul youssef layla noor محمد احمد علي حسن حسين خالد
    عمر فاطمه عايشه مريم سارة ساره نور عبدالله يوسف ابراهيم ليلى سعيد سلمان فهد نوره هند
""".split()
)


@lru_cache(maxsize=8192)
def is_given_name(word: str) -> bool:
    """Whether many people are called so."""
    return fold(word) in GIVEN_NAMES


@lru_cache(maxsize=8192)
def is_company(text: str) -> bool:
    """It has a word in it that firms have in their names and people do not."""
    words = fold(text.replace(".", "").lower()).split()  # lower: a capital inside a word (`GmbH`) cuts no header here
    return len(words) > 1 and not COMPANY_WORDS.isdisjoint(words)
