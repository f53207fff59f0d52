// allauth's passkey scripts tell of a failure on the console only; a person reads the page.
document.addEventListener("allauth.error", () => {
  const notice = document.getElementById("passkey_failure");
  notice.hidden = false;
  notice.scrollIntoView({ block: "nearest" });
});
