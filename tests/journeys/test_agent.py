"""An organisation asks for a person who is on file: the person co-signs through their own mailbox, gets the answer, and
ends it."""

import re
from collections.abc import Callable

from tests.journeys.conftest import NewWalker
from tests.journeys.keys import choose, enter, write
from tests.journeys.steps import approve_and_release, collect, reference_on
from tests.journeys.walker import CODE, Walker, sees

ILZE = "ilze.ozola@help.example"
SUBJECT, OTHER = "grace.oneill@example.com", "familia.dumitrescu@example.com"


def ask_for(agent: Walker, name: str, email: str) -> str:
    """Two pages: who asks, and for whom."""
    agent.open("/c/softmanager/access/")
    agent.page.get_by_label("For another person who asked me to").check()
    agent.page.get_by_label("Everything", exact=False).first.check()
    agent.page.get_by_label("Your name").fill("Ilze Ozola")
    agent.page.get_by_label("Your e-mail address").fill(ILZE)
    agent.press("Continue")
    sees(agent, "About the person for whom you ask")
    agent.page.get_by_label("The name of the person").fill(name)
    agent.page.get_by_label("An organisation, such as").check()
    agent.page.get_by_label("Name of the organisation").fill("Help SIA")
    agent.page.get_by_label("Their e-mail address").fill(email)
    agent.page.get_by_label("This person has asked me").check()
    agent.press("Continue")
    sees(agent, name)
    agent.press("Send my request")
    return reference_on(agent)


def open_mail(walker: Walker, email: str, name: str) -> str:
    """What the newest such mail says."""
    walker.open(f"/demo/mail/?to={email}")
    link = walker.page.get_by_role("link", name=re.compile(name))
    walker.until(lambda _: link.count() > 0, what=f"the mail “{name}” to {email}")
    walker.follow(re.compile(name))
    return walker.page.locator(".habeas-letter").inner_text()


def test_the_person_agrees_and_gets_the_answer(window: NewWalker, desk: Callable[..., Walker]) -> None:
    agent, subject = window(width=360), window()
    reference = ask_for(agent, "Grace O'Neill", SUBJECT)
    confirm_as_agent(agent)
    sees(agent, "Show that you may act for the person")
    sees(agent, "The answer goes to Grace O'Neill")

    agree(subject, reference)
    sees(subject, "Ilze Ozola makes this request for Grace O'Neill")

    dpo = desk("dpo")
    dpo.open(f"/desk/softmanager/cases/{reference}/")
    sees(dpo, "Help SIA")
    sees(dpo, "an organisation with a mandate")
    collect(dpo, reference)
    approve_and_release(dpo, reference)

    assert reference in open_mail(subject, SUBJECT, f"The answer to your request {reference} is ready")
    subject.open(f"/case/{reference}/")
    sees(subject, "Get your data")
    agent.open(f"/case/{reference}/")
    assert "Get your data" not in agent.words

    subject.follow("End it: nobody acts for the person any more")
    subject.press("End it")
    sees(subject, "acts no more")
    agent.open(f"/case/{reference}/")
    assert "Grace" not in agent.words


def confirm_as_agent(agent: Walker) -> None:
    """The agent's own address is shown to be theirs; of the person nothing is proven by that."""
    sent = agent.page.url
    code = agent.mailed_code(ILZE)
    agent.open(sent)
    agent.page.get_by_label("Code").first.fill(code)
    agent.press("Confirm my request")


def agree(subject: Walker, reference: str) -> None:
    """From the mail to the page, with a typed code, and no mouse."""
    found = CODE.search(open_mail(subject, SUBJECT, "Does somebody ask SoftManager for you"))
    assert found
    subject.open(f"/case/{reference}/cosign/")
    write(subject.page.get_by_label("Code from the e-mail"), found[1])
    choose(subject.page.get_by_label("Yes, I agree"))
    enter(subject, "Send the answer")
    sees(subject, "Your answer is there")
    enter(subject, "Open the request")


def test_the_person_says_no(window: NewWalker, desk: Callable[..., Walker]) -> None:
    agent, subject = window(scripts=False), window(width=360, scripts=False)
    reference = ask_for(agent, "Elena Dumitrescu", OTHER)
    confirm_as_agent(agent)
    found = CODE.search(open_mail(subject, OTHER, f"Does somebody ask SoftManager for you.*{reference}"))
    assert found
    subject.open(f"/case/{reference}/cosign/")
    subject.page.get_by_label("Code from the e-mail").fill(found[1])
    subject.page.get_by_label("No, I did not ask for this").check()
    subject.press("Send the answer")
    sees(subject, "The organisation is warned.")
    agent.open(f"/case/{reference}/")
    assert "Elena" not in agent.words
    dpo = desk("dpo")
    dpo.open(f"/desk/softmanager/cases/{reference}/")
    sees(dpo, "The person says that they did not ask for this.")
