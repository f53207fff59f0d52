"""The questions about the house: who owns it, who answers for it, how one complains."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from diurna.newsroom.models import StandardKind
from diurna.newsroom.standards.question import Answer, Question

OWNERSHIP: Final = (
    Question(
        key="publisher",
        kind=StandardKind.OWNERSHIP,
        question=_("Who publishes this: name, legal form, registered address, register?"),
        heading=_("Who publishes this"),
        why=_("It is the first question of everybody who has to trust you, or to sue you."),
        example=_(
            "Anstrake Bell Readers’ Co-operative, the Staithe 9, Anstrake; register of"
            " co-operatives, number 41."
        ),
        items=("trust-practices-ownership", "jti-1"),
    ),
    Question(
        key="founded",
        kind=StandardKind.OWNERSHIP,
        question=_("Since when has it been there? A year is enough."),
        heading=_("Founded"),
        why=_("Sites that pretend to be newspapers are mostly very young."),
        example=_("1874, as a shipping list; in its present form since 2019."),
        items=("trust-practices-founded", "jti-1"),
        answer=Answer.LINE,
    ),
    Question(
        key="form",
        kind=StandardKind.OWNERSHIP,
        question=_("What kind of owner is it: one person, a company, a foundation, the public?"),
        heading=_("What kind of owner"),
        why=_("It says whom the newsroom has to please in the end."),
        example=_("A co-operative of readers: one member, one share, one vote."),
        items=("trust-practices-ownership", "jti-4"),
    ),
    Question(
        key="public_service",
        kind=StandardKind.OWNERSHIP,
        question=_("If you work for a public mandate: whose, and who watches over it?"),
        heading=_("Public mandate"),
        why=_(
            "Money of the state with distance from it needs explaining. If there is none, say so."
        ),
        example=_("We have no public mandate and no money of the state or the town."),
        items=("jti-3",),
    ),
    Question(
        key="owners",
        kind=StandardKind.OWNERSHIP,
        question=_("Who owns how much of it, and what else do they own?"),
        heading=_("Owners and their shares"),
        why=_("A reader should not need a lawyer to find out who is behind the paper."),
        example=_("2,912 members hold one share each. Nobody may hold two."),
        items=("trust-practices-ownership", "jti-5"),
    ),
    Question(
        key="income",
        kind=StandardKind.OWNERSHIP,
        question=_("Where does the money come from? In figures, of which year?"),
        heading=_("Where the money comes from"),
        why=_("Figures are believed; “various sources of revenue” is not."),
        example=_("- Subscriptions: 68 %\n- Advertisements: 16 %\n- Members’ dues: 6 %"),
        items=("trust-practices-ownership", "jti-8"),
    ),
    Question(
        key="strings",
        kind=StandardKind.OWNERSHIP,
        question=_("Which grants, gifts and large customers are there, and what may they ask for?"),
        heading=_("Grants, gifts and large customers"),
        why=_("Whoever pays for a tenth of the paper is a fact about the paper."),
        example=_("None gives more than two in a hundred. A grant for a series is named on it."),
        items=("trust-practices-ownership", "jti-8"),
    ),
    Question(
        key="reader_data",
        kind=StandardKind.OWNERSHIP,
        question=_("What do you learn about your readers, and what do you use it for?"),
        heading=_("What we know about readers"),
        why=_("Who reads pays with something: with money, or with being watched."),
        example=_("Nothing that a reader does not type. We count pages and not people."),
        items=("jti-8",),
    ),
)

MASTHEAD: Final = (
    Question(
        key="people",
        kind=StandardKind.MASTHEAD,
        question=_("Who leads the newsroom, and who does what?"),
        heading=_("The newsroom"),
        why=_("A newspaper with nobody in it is none."),
        example=_("Marguerite Oldacre, editor; Ruth Vale, deputy and figures"),
        items=("trust-practices-masthead", "trust-expertise", "jti-6"),
        answer=Answer.PEOPLE,
    ),
    Question(
        key="responsible",
        kind=StandardKind.MASTHEAD,
        question=_("Who is responsible in law, and who manages the house?"),
        heading=_("Responsible in law, and management"),
        why=_("In many countries the law asks for it; everywhere it is honest."),
        example=_("Responsible for what is printed: the editor. The board of five is elected."),
        items=("jti-1", "jti-6"),
    ),
    Question(
        key="place",
        kind=StandardKind.MASTHEAD,
        question=_("Where do you work?"),
        heading=_("Where we work"),
        why=_("A newsroom that can be visited is there."),
        example=_("Above the chandler’s, the Staithe 9. Mind the third stair."),
        items=("jti-1", "jti-6"),
    ),
    Question(
        key="contact",
        kind=StandardKind.MASTHEAD,
        question=_("How does one reach the newsroom, and when is somebody there?"),
        heading=_("How to reach us"),
        why=_("Those who want to tell you something do not look for long."),
        example=_("desk@bell.example; seven to seven, Sundays from noon."),
        items=("trust-practices-contact", "jti-7"),
    ),
)

COMPLAINTS: Final = (
    Question(
        key="how",
        kind=StandardKind.COMPLAINTS,
        question=_("How and to whom does one complain, and what should be in it?"),
        heading=_("How to complain"),
        why=_("A complaint that has a way goes this way, and not to the courts."),
        example=_("Write to the desk and say which story, which words, and what should be there."),
        items=("trust-feedback", "jti-15"),
    ),
    Question(
        key="soon",
        kind=StandardKind.COMPLAINTS,
        question=_("How soon is a complaint answered?"),
        heading=_("How soon we answer"),
        why=_("A date can be kept or missed; “as soon as possible” can’t."),
        example=_("Within three working days, also when the answer is no."),
        items=("jti-15",),
        answer=Answer.LINE,
    ),
    Question(
        key="inside",
        kind=StandardKind.COMPLAINTS,
        question=_("Who looks at it that did not work on the story?"),
        heading=_("Who looks at it"),
        why=_("Nobody is a good judge of their own story."),
        example=_("The deputy, or the editor where the deputy wrote it. Never the desk concerned."),
        items=("jti-14", "jti-15"),
    ),
    Question(
        key="outside",
        kind=StandardKind.COMPLAINTS,
        question=_("Where does one go who is not content with your answer?"),
        heading=_("If you are not content with our answer"),
        why=_("A house that names its own judge has nothing to hide."),
        example=_("To the press council: https://council.example. We print what it decides."),
        items=("jti-15",),
    ),
    Question(
        key="reply",
        kind=StandardKind.COMPLAINTS,
        question=_("When does somebody who is written about get a reply printed?"),
        heading=_("Right of reply"),
        why=_("Who is accused of something wants to know how to answer in the same place."),
        example=_("When the story accuses somebody who was not asked. As long as the accusation."),
        items=("jti-15",),
    ),
    Question(
        key="taking_part",
        kind=StandardKind.COMPLAINTS,
        question=_("How can readers take part, before a story and after it?"),
        heading=_("How you can take part"),
        why=_("Readers know things that no reporter can know."),
        example=_(
            "Come to the open conference on the first Tuesday. Comments are read by us; one"
            " that leads to a correction is named in it."
        ),
        items=("trust-feedback",),
    ),
    Question(
        key="assessed",
        kind=StandardKind.COMPLAINTS,
        question=_(
            "Has anybody from outside looked at how you work? Who, when, and what came of it?"
        ),
        heading=_("What others found"),
        why=_("You say all this yourselves. Somebody who looked at it is worth more."),
        example=_("Not yet. Our own answers to the questions of JTI are on these pages."),
        items=("jti-18",),
    ),
)
