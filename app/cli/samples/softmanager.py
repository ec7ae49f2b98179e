"""SoftManager's two databases: customer records and invoicing, with people who are worth a look."""

from app.cli.samples.making import DemoPerson, Sample
from app.cli.samples.softmanager_rows import generate
from app.cli.samples.softmanager_tables import BILLING, CRM

PEOPLE = (
    DemoPerson("Ana-Maria Ionescu", "ana.ionescu@example.com", "contact person of three clients, and a user"),
    DemoPerson("Andrei Popescu", "andrei.popescu@example.com", "a private client with a namesake"),
    DemoPerson("Andrei Popescu", "a.popescu@example.net", "the namesake: another person with another address"),
    DemoPerson("Elena Dumitrescu", "familia.dumitrescu@example.com", "shares one mailbox with her husband Mihai"),
    DemoPerson("Grace O'Neill", "grace.oneill@example.com", "entered twice: two records that refer to each other"),
    DemoPerson("Oliver Smith", "oliver.smith@example.com", "a deactivated user; notes with =1+1 and <script>"),
    DemoPerson("Ștefan Țurcanu", "stefan.turcanu@example.com", "a hundred times more rows than others"),
    DemoPerson("Luca Moraru", "luca.moraru@example.com", "fourteen: a contact of his mother Simona Moraru"),
    DemoPerson("Ioana Văcărescu", "ioana.vacarescu@example.com", "nothing is held about her"),
)

SAMPLE = Sample("softmanager", {"crm": CRM, "billing": BILLING}, generate, PEOPLE)
