/* One conversation as its customer sees it, made of its events and nothing else: the same events
   give the same story in every tab. */
export const begin = (id = 0) => ({
  id, state: "", items: [], agent: "", thinking: false, promise: 0, stars: 0,
  // The newest message of the staff.
  sent: 0,
  // Up to which message: customer read, customer delivered, agent read, agent delivered.
  marks: {},
  // Place, low_ms, high_ms.
  wait: {},
});

const STATES = {
  "conversation.opened": "assistant", "conversation.reopened": "assistant", "conversation.queued": "waiting",
  "conversation.assigned": "active", "conversation.resolved": "resolved",
};

export function apply(story, event) {
  const { type, seq, author, number } = event, state = STATES[type];
  story.items.push(event);
  if (state) Object.assign(story, { state, agent: event.name, thinking: false, wait: {} });
  if (type === "conversation.reopened") story.stars = 0;
  if (type === "conversation.rated") story.stars = event.stars;
  if (number) story.promise = type === "appointment.made" && number;
  if (type === "mark.set") story.marks[`${event.reader} ${event.mark}`] = event.up_to;
  if (author) story.thinking = author === "customer" && story.state === "assistant";
  if (author === "agent" || author === "supervisor") story.sent = seq;
}

/* Of the commands on their way, the messages that the log does not show yet: an event may overtake
   the answer to its own command. */
export function unseen(story, outbox) {
  const own = story.items.filter((item) => item.author === "customer");
  return outbox.filter(({ after, body: { text } }) => {
    const at = own.findIndex((item) => item.seq > after && item.text === text);
    if (at >= 0) own.splice(at, 1);
    return text && at < 0;
  });
}
