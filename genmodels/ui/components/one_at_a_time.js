// What is told one at a time: the next one would end what the page does for this one. Of those that come meanwhile the last alone is told.

const UNANSWERED_MS = 5000; // after which an answer is given up

export class OneAtATime {
  // `send` tells a value, a list, which the page repeats as its answer.
  constructor(send) {
    this.send = send;
  }

  tell(value) {
    this.next = value;
    if (!(performance.now() - this.sentAt < UNANSWERED_MS)) this.sendNext();
  }

  heard(answer) {
    if (!this.sent || String(answer) !== String(this.sent)) return;
    this.sent = this.sentAt = undefined;
    if (this.next) this.sendNext();
  }

  sendNext() {
    this.sent = this.next;
    this.next = undefined;
    this.sentAt = performance.now();
    this.send(this.sent);
  }
}
