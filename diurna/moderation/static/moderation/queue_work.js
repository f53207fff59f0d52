// What a moderator does with the queue: decide, take back, claim; one after the other, in the
// background.

import { send, sendPlainly } from "./queue_sending.js";

export class QueueWork {
  constructor(list) {
    this.list = list;
    this.queue = list.queue;
    this.sending = Promise.resolve();
    // The words that take decisions back, the last press last; one press may have decided several.
    this.undos = [...this.queue.querySelectorAll('[data-queue-recent] input[name="undo"]')]
      .map((field) => [field.value])
      .reverse();
  }

  /** Do this after all that was pressed before. */
  then(work) {
    this.sending = this.sending.then(work);
    return this.sending;
  }

  /** Send the decision of a button about these things; the next one has the focus at once. */
  decide(form, button, about) {
    // As it stands now: until it is sent, something else may be ticked or written.
    const body = new FormData(form, button);
    const next = this.list.after(about.at(-1), about);
    this.list.mark(about);
    this.list.go(next);
    void this.then(async () => {
      const answer = await send(form, body);
      if (answer) this.show(form, about, answer);
      else sendPlainly(form, button);
    });
  }

  show(form, about, answer) {
    this.list.steadily(() => this.showAll(form, about, answer));
  }

  showAll(form, about, answer) {
    // A refusal of the whole is one of each.
    const failed =
      answer.failed ??
      about.map((item) => ({ thing: item.dataset.thing, sentence: answer.sentence }));
    const words = [];
    for (const { thing, html } of answer.done ?? []) {
      const item = this.list.byThing(thing);
      const word = item && this.list.fold(item, html);
      if (word) words.push(word);
    }
    for (const { thing, sentence, html } of failed) {
      const item = this.list.byThing(thing);
      if (item) this.list.fail(item, sentence, html);
    }
    if (words.length) this.undos.push(words);
    if ("waiting" in answer) this.list.count(answer.waiting);
    this.list.showTicked();
    const problem = failed.length === 1 ? failed[0].sentence : "";
    this.list.say(`${answer.said ?? ""} ${problem}`.trim());
    if (form === this.list.bulk && !failed.length) form.elements.reason.value = "";
  }

  /** Take one decision back by the form that does so; whether it was. */
  takeBack(form) {
    const known = form.elements.undo.value;
    this.undos = this.undos
      .map((words) => words.filter((word) => word !== known))
      .filter((words) => words.length);
    return this.then(async () => {
      const answer = await send(form, new FormData(form));
      if (!answer) {
        sendPlainly(form);
        return false;
      }
      this.list.say(answer.said ?? answer.sentence);
      if (answer.html === undefined) return false;
      this.list.count(answer.waiting);
      const item = this.list.unfold(answer.thing, answer.html);
      if (item) this.list.go(item);
      return true;
    });
  }

  /** Take back all that the last press decided; then, at the next call, the press before. */
  async takeBackLast() {
    await this.sending;
    const words = this.undos.pop();
    if (!words) {
      this.list.say(this.queue.dataset.nothing);
      return;
    }
    let count = 0;
    for (const word of [...words].reverse()) {
      const fields = [...this.queue.querySelectorAll('input[name="undo"]')];
      const field = fields.find(({ value }) => value === word);
      if (field && (await this.takeBack(field.form))) count += 1;
    }
    // Where one of several was not, its sentence stands there, which says why.
    if (count > 1 && count === words.length) {
      this.list.say(this.queue.dataset.severalBack.replace("{n}", count));
    }
  }

  /** Take a thing, or give it back. */
  claim(form, button) {
    const item = this.list.of(form);
    const body = new FormData(form, button);
    void this.then(async () => {
      const answer = await send(form, body);
      if (!answer) {
        sendPlainly(form, button);
        return;
      }
      if (answer.html) {
        const hadFocus = form.contains(document.activeElement);
        this.list.steadily(() => this.list.showClaim(item, answer.html));
        if (hadFocus) this.list.go(item);
      }
      this.list.say(answer.said ?? answer.sentence);
    });
  }

  /** Make an error report of a comment, which goes on waiting. */
  handOn(form, button) {
    // Pressed twice, it is made once, and one press takes it back.
    if ("sent" in form.dataset) return;
    form.dataset.sent = "";
    const body = new FormData(form, button);
    void this.then(async () => {
      const answer = await send(form, body);
      delete form.dataset.sent;
      if (!answer) {
        sendPlainly(form, button);
        return;
      }
      const item = answer.thing && this.list.byThing(answer.thing);
      if (item && answer.html) {
        this.list.steadily(() => this.list.renew(item, answer.html));
        this.undos.push([answer.undo]);
      }
      this.list.say(answer.said ?? answer.sentence);
    });
  }
}
