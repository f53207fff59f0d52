"""The questions about the work: ethics, corrections, unnamed sources, who speaks."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from diurna.newsroom.models import StandardKind
from diurna.newsroom.standards.question import Question

ETHICS: Final = (
    Question(
        key="mission",
        kind=StandardKind.ETHICS,
        question=_("What is your newsroom for, and what do you cover first?"),
        heading=_("What we are for"),
        why=_("A reader who knows what you set out to do can judge whether you do it."),
        example=_(
            "We write about the harbour and the town hall, because that is where things are"
            " decided, and about work and rents, because that is where they arrive."
        ),
        items=("trust-practices-mission", "jti-2"),
        schema="missionCoveragePrioritiesPolicy",
    ),
    Question(
        key="rules",
        kind=StandardKind.ETHICS,
        question=_("Which rules do you work by?"),
        heading=_("The rules we work by"),
        why=_("Rules that are public can be held against you. That is what they are for."),
        example=_(
            "We go and look. We ask the other side before we publish, not after. We follow the"
            " code of the press council, which is at https://council.example/code."
        ),
        items=("trust-practices-ethics", "jti-9"),
    ),
    Question(
        key="independence",
        kind=StandardKind.ETHICS,
        question=_("Who has no say in what you publish, and what keeps it so?"),
        heading=_("Who has no say in what we publish"),
        why=_("Everybody suspects the owner, the council and the advertisers. Say how it is."),
        example=_(
            "Neither the board nor an advertiser sees a story before it is published. The"
            " members can dismiss the editor once a year, by two thirds of the votes."
        ),
        items=("trust-practices-ethics", "jti-9", "jti-14"),
    ),
    Question(
        key="interests",
        kind=StandardKind.ETHICS,
        question=_("What do your people declare, and what may they not accept?"),
        heading=_("Gifts, shares and other ties"),
        why=_("A tie that is declared is a fact. One that is found out is a scandal."),
        example=_(
            "Shares, posts, close family and gifts worth more than a sandwich are declared on"
            " the story and on the page of whoever wrote it. Journeys are paid for by us."
        ),
        items=("trust-practices-ethics", "jti-13"),
    ),
    Question(
        key="verification",
        kind=StandardKind.ETHICS,
        question=_("How do you make sure that something is true before you publish it?"),
        heading=_("How we check facts"),
        why=_("“We check everything” says nothing. Say who looks at what, and when you wait."),
        example=_(
            "A second person reads every figure and every name against its source. What one"
            " source alone says is published as that source’s words."
        ),
        items=("trust-practices-verification", "jti-10"),
        schema="verificationFactCheckingPolicy",
    ),
    Question(
        key="labels",
        kind=StandardKind.ETHICS,
        question=_("How do you keep news, opinion and what is paid for apart?"),
        heading=_("News, opinion, and what is paid for"),
        why=_("Few readers can tell by the typeface."),
        example=_(
            "Each story says at its top what it is. Opinions are signed. What is paid for is"
            " written by other people and says so above the headline."
        ),
        items=("trust-labels", "jti-13"),
    ),
    Question(
        key="programs",
        kind=StandardKind.ETHICS,
        question=_("Which programs write, translate, draw, pick or rank for you?"),
        heading=_("What programs do here"),
        why=_("Readers want to know whether a person stands behind what they read."),
        example=_(
            "No program writes or translates here. The order of “Most valued” is calculated"
            " from votes, and the calculation is public."
        ),
        items=("jti-10",),
    ),
    Question(
        key="bylines",
        kind=StandardKind.ETHICS,
        question=_("When does a story carry no person’s name?"),
        heading=_("Stories without a name"),
        why=_("A name is a promise that somebody can be asked."),
        example=_("Never, but for the notices of a few lines that the desk takes turns to write."),
        items=("trust-expertise",),
        schema="noBylinesPolicy",
    ),
    Question(
        key="people",
        kind=StandardKind.ETHICS,
        question=_("How do you treat people who are not used to being in the news?"),
        heading=_("People in the news"),
        why=_("Whoever may be in a story one day reads this more closely than all the rest."),
        example=_(
            "Nobody is named who has only had bad luck. Children are named with the consent of"
            " their parents and their own. We do not ring at the door on the first day."
        ),
        items=("jti-9",),
    ),
    Question(
        key="sent_in",
        kind=StandardKind.ETHICS,
        question=_("What do you do with pictures, films and tips that readers send?"),
        heading=_("What readers send us"),
        why=_(
            "What comes from outside is the easiest way to be fooled, or to take what is not yours."
        ),
        example=_(
            "We ring the sender, ask for the file as the camera made it, and look for the place."
            " The picture appears with the name that the sender wants."
        ),
        items=("jti-11",),
    ),
    Question(
        key="training",
        kind=StandardKind.ETHICS,
        question=_("How do your people learn, and under which conditions do they work?"),
        heading=_("Learning, and how we work together"),
        why=_("Good rules need people who were taught them and have the time to keep them."),
        example=_(
            "Whoever starts here reads proofs for a month beside somebody who has done it for"
            " years. Freelances are paid by the day, and have the same insurance."
        ),
        items=("jti-16", "jti-17"),
    ),
)

CORRECTIONS: Final = (
    Question(
        key="told",
        kind=StandardKind.CORRECTIONS,
        question=_("How does somebody tell you of an error, and what happens then?"),
        heading=_("If you find an error"),
        why=_("People who find errors are your best readers. Most of them never write."),
        example=_(
            "Press “Report an error” below the story; no account is needed. Somebody who did"
            " not write it looks at it within a day, and you hear what became of it."
        ),
        items=("trust-practices-corrections", "trust-feedback", "jti-15"),
    ),
    Question(
        key="marked",
        kind=StandardKind.CORRECTIONS,
        question=_("What do readers see of a correction, and where?"),
        heading=_("How a correction is marked"),
        why=_("A correction that nobody sees corrects nothing."),
        example=_(
            "The notice stands in the story, at the place and at its end, with what was wrong"
            " and what is right. All of them are on one page. Spelling is set right without one."
        ),
        items=("trust-practices-corrections", "jti-10"),
    ),
    Question(
        key="retracted",
        kind=StandardKind.CORRECTIONS,
        question=_("When do you retract a story, and what becomes of it?"),
        heading=_("Retractions"),
        why=_("A story that disappears without a word looks worse than one that was wrong."),
        example=_(
            "When what a story says in the main is wrong. It stays at its address, with the"
            " notice above it; only the law can make us take words away, and then we say so."
        ),
        items=("trust-practices-corrections", "jti-10"),
    ),
    Question(
        key="unchanged",
        kind=StandardKind.CORRECTIONS,
        question=_("What do you not change, whoever asks?"),
        heading=_("What we do not change"),
        why=_("Those who ask you to delete something read this first."),
        example=_(
            "What somebody said, because they wish that they had not. What was true and is"
            " unpleasant. Old court reports get the outcome added, and keep their words."
        ),
        items=("trust-practices-corrections", "jti-15"),
    ),
)

UNNAMED: Final = (
    Question(
        key="when",
        kind=StandardKind.UNNAMED,
        question=_("When may a source stay unnamed?"),
        heading=_("When a source may stay unnamed"),
        why=_("Readers can’t check somebody whose name they do not know; they have to trust you."),
        example=_(
            "When the source would lose work, safety or peace, and when what is said matters and"
            " can’t be had otherwise. Never for an opinion about somebody else."
        ),
        items=("trust-practices-unnamed", "jti-12"),
    ),
    Question(
        key="decided",
        kind=StandardKind.UNNAMED,
        question=_("Who decides, and who knows the name?"),
        heading=_("Who decides"),
        why=_("A promise that one person can make alone is made too easily."),
        example=_(
            "The editor, in each case, and not the one who writes the story. Both know the name;"
            " nobody else here does, and it is in no computer."
        ),
        items=("trust-practices-unnamed", "jti-12"),
    ),
    Question(
        key="readers",
        kind=StandardKind.UNNAMED,
        question=_("What do you tell readers instead of the name?"),
        heading=_("What we tell instead of the name"),
        why=_("“Well-informed circles” is no source."),
        example=_(
            "How the person knows what they say, why they are not named, and who here approved"
            " it. That is printed in the note beside the sentence."
        ),
        items=("trust-practices-unnamed", "jti-12"),
    ),
    Question(
        key="protected",
        kind=StandardKind.UNNAMED,
        question=_("How do you protect those who talk to you, and how is one to reach you?"),
        heading=_("If you want to tell us something in confidence"),
        why=_("Whoever has something to tell needs to know this before the first message."),
        example=_(
            "Do not use e-mail or a telephone of your employer’s. Come by, or write a letter"
            " without a sender. We do not hand over notes, and have gone to court over that."
        ),
        items=("jti-12",),
    ),
)

DIVERSITY: Final = (
    Question(
        key="newsroom",
        kind=StandardKind.DIVERSITY,
        question=_("Who works here, compared with the place you write about?"),
        heading=_("Who works here"),
        why=_("What a newsroom does not know from its own life, it easily overlooks."),
        example=_(
            "We are eleven. Seven are women, three grew up with another language than the"
            " town’s, one uses a wheelchair, and nobody lives in the tenements at the Gullgate."
        ),
        items=("trust-practices-diversity", "trust-voices", "jti-16"),
        schema="diversityStaffingReport",
    ),
    Question(
        key="voices",
        kind=StandardKind.DIVERSITY,
        question=_("How do you see to it that the people you ask are not always the same?"),
        heading=_("Whom we ask"),
        why=_("Readers notice at once who is never asked."),
        example=_(
            "Once in a quarter we count who was quoted, and print it. Last time one in three was"
            " a woman, so we have a list of people to ask on Fridays."
        ),
        items=("trust-voices", "jti-9"),
    ),
    Question(
        key="local",
        kind=StandardKind.DIVERSITY,
        question=_("How well do you know the places you write about?"),
        heading=_("Where we know our way"),
        why=_("A story from the spot is another story than one by telephone."),
        example=_(
            "All but one live in the town. From elsewhere we print what people there have"
            " written, and name their paper."
        ),
        items=("trust-local",),
    ),
    Question(
        key="access",
        kind=StandardKind.DIVERSITY,
        question=_("For whom is it hard to read you, and what do you do about it?"),
        heading=_("For whom it is hard to read us"),
        why=_("Whoever can’t read you can’t tell you so either."),
        example=_(
            "Important stories appear in Arabic as well. Pictures have a text for those who do"
            " not see them. Whoever can’t pay, reads all the same."
        ),
        items=("trust-practices-diversity",),
    ),
)
