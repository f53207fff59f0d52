// Forms of the queue, sent without leaving the page.

const JSON_TYPE = "application/json";

/**
 * Send what stood in a form when it was pressed; what is answered, or null where that is no answer
 * to it: signed out meanwhile, no network.
 */
export async function send(form, body) {
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body,
      headers: { Accept: JSON_TYPE },
      redirect: "error",
    });
    return isJson(answer) ? await answer.json() : null;
  } catch {
    return null;
  }
}

/** What an address answers now; null where it does not. */
export async function read(address) {
  try {
    const answer = await fetch(address, { headers: { Accept: JSON_TYPE }, redirect: "error" });
    return answer.ok && isJson(answer) ? await answer.json() : null;
  } catch {
    return null;
  }
}

/** Send a form as the browser does by itself: the page that comes says what is the matter. */
export function sendPlainly(form, button) {
  form.dataset.plain = "";
  form.requestSubmit(button);
}

/** Whether this form is on its way past this file. */
export function isPlain(form) {
  return "plain" in form.dataset || form.method === "dialog";
}

function isJson(answer) {
  return Boolean(answer.headers.get("Content-Type")?.startsWith(JSON_TYPE));
}
