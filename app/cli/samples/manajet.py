"""ManaJet's two systems: the platform with its customers' Accounts, and support; with people who are worth a look."""

from app.cli.samples.making import DemoPerson, Sample
from app.cli.samples.manajet_rows import generate
from app.cli.samples.manajet_tables import PLATFORM, SUPPORT

PEOPLE = (
    DemoPerson("Jānis Bērziņš", "janis.berzins@example.com", "user in the Accounts of three companies, and of support"),
    DemoPerson("Игорь Соколов", "igor.sokolov@example.com", "a private customer with an Account of his own"),
    DemoPerson("Kristīne Liepiņa", "kristine.liepina@example.com", "a user with a namesake in the same Account"),
    DemoPerson("Kristīne Liepiņa", "k.liepina@example.net", "the namesake: another person with another address"),
    DemoPerson("Ilze Ozola", "ozolu.gimene@example.com", "shares one mailbox with her husband Pēteris"),
    DemoPerson(
        "Emīls Kalniņš", "emils.kalnins@example.org", "fourteen years old; his mother’s contact is with the user"
    ),
    DemoPerson("Nora O'Brien", "nora.obrien@example.com", "texts that look like formulas and like HTML"),
    DemoPerson("Māris Krūmiņš", "maris.krumins@example.com", "a hundred times more rows than others"),
    DemoPerson("Agnese Vītola", "agnese.vitola@example.com", "nothing is held about her"),
)

SAMPLE = Sample("manajet", {"platform": PLATFORM, "support": SUPPORT}, generate, PEOPLE)
