from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "diurna.moderation"
    label = "moderation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have what moderation holds of readers known."""
        from diurna.accounts import personal_data
        from diurna.comments import rules
        from diurna.moderation import house_rules
        from diurna.moderation.personal_data import HANDLER

        personal_data.register(HANDLER)
        rules.register(house_rules.title_of)
        self._know_measures()
        self._know_reports_and_notices()
        self._know_words()
        self._know_spam()
        self._know_log()

    def _know_reports_and_notices(self) -> None:
        """Have reports answered by decisions, and letters about reports and notices worded."""
        from diurna.comments import letter_kinds, publication
        from diurna.comments.models import LetterKind
        from diurna.moderation import notice_letters, notices, report_letters, report_outcomes

        publication.register_decisions(report_outcomes.answer_reports)
        publication.register_decisions(notices.reopen)
        letter_kinds.register(LetterKind.REPORT, report_letters.WORDING)
        letter_kinds.register(LetterKind.NOTICE, notice_letters.RECEIVED)
        letter_kinds.register(LetterKind.NOTICE_TOLD, notice_letters.DECIDED)

    def _know_measures(self) -> None:
        """Who is barred does not write; restrictions have reasons, and appeals an answer."""
        from diurna.comments import letter_kinds, moves, policy, publication, signals
        from diurna.comments.models import LetterKind
        from diurna.moderation import answering, appeals, measure_letter_words, standing, statements
        from diurna.moderation.statement_words import paragraphs_for
        from diurna.points import voters

        signals.register(standing.STANDING, standing.find)
        policy.register(standing.STEP)
        voters.register(standing.vote_refusal)
        moves.register_demand(answering.demand_another)
        publication.register_decisions(statements.state_decision)
        publication.register_decisions(appeals.follow)
        letter_kinds.register(LetterKind.STATEMENT, measure_letter_words.WORDING)
        letter_kinds.register_more_words(paragraphs_for)

    def _know_words(self) -> None:
        """What has a banned word is removed, what has a suspect one waits."""
        from diurna.comments import policy, signals
        from diurna.moderation import word_steps, words

        signals.register(word_steps.SIGNAL, words.find_in_sent)
        for step in word_steps.STEPS:
            policy.register(step)

    def _know_spam(self) -> None:
        """What is spam waits or is refused, and the filter learns from moderators."""
        from django.conf import settings

        from diurna.comments import policy, publication, signals
        from diurna.moderation import akismet, akismet_lessons, spam, spam_steps

        signals.register("spam", spam.find)
        signals.register("akismet", akismet.find, akismet.keep)
        policy.register(spam_steps.SPAM_STEP)
        if settings.DIURNA_AKISMET_KEY:
            policy.register(spam_steps.AKISMET_STEP)
        publication.register_decisions(spam.learn_from)
        publication.register_decisions(akismet_lessons.learn_from)

    def _know_log(self) -> None:
        """The public pages about moderation are made again with every decision."""
        from diurna.comments import publication
        from diurna.ledger import consumers
        from diurna.moderation import decisions

        publication.register_decisions(decisions.show_decision)
        consumers.register(decisions.CONSUMER)
